// When the server cannot be reached or fails, say so in the page's own words instead of nothing at all.
(() => {
  const show = (event) => {
    if (event.target.closest("[data-poll]")) return; // a poll tries again by itself
    const region = document.getElementById("problem");
    const words = region.dataset[event.type === "htmx:responseError" ? "failed" : "offline"];
    if (event.type === "htmx:responseError" && event.detail.xhr.status < 500) return; // its own words are shown
    const line = document.createElement("p");
    line.className = "problem";
    line.textContent = words;
    region.replaceChildren(line);
    region.scrollIntoView({ block: "nearest" });
  };

  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) document.addEventListener(name, show);
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!event.target.closest("[data-poll]")) document.getElementById("problem").replaceChildren();
  });
})();
