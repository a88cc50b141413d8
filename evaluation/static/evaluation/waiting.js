// While the playlists are made: an answer that says "still waiting" changes nothing on the page, so that the animation
// runs on and a screen reader stays quiet; and a poll that failed is repeated instead of being the last one.
(() => {
  const again = (part, delay) => setTimeout(() => part.isConnected && htmx.trigger(part, "again"), delay);
  const polled = (event) => event.target.closest("[data-poll]");
  let began = performance.now();

  document.addEventListener("htmx:load", (event) => {
    if (event.target.matches("[data-poll]")) began = performance.now();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const part = polled(event);
    const { xhr } = event.detail;
    if (!part || xhr.status !== 200 || !event.detail.serverResponse.includes('data-state="generating"')) return;
    event.detail.shouldSwap = false;
    again(part, performance.now() - began < 20_000 ? 1000 : 2000);
  });
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(name, (event) => {
      const part = polled(event);
      const status = event.detail.xhr.status;
      if (part && (status === 0 || status >= 500)) again(part, 3000);
    });
  }
})();
