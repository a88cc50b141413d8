// While a file is on its way the page says so. While it is written a screen reader hears every tenth part, not every
// second.
(() => {
  document.addEventListener("submit", (event) => {
    const note = event.target.matches("[data-upload]") && event.target.querySelector("[data-upload-note]");
    if (note) note.hidden = false;
  });
  addEventListener("pageshow", () => {
    for (const note of document.querySelectorAll("[data-upload-note]")) note.hidden = true;
  });

  const step = () => {
    const part = document.getElementById("intake-state");
    return part?.dataset.percent === undefined ? "over" : Math.floor(Number(part.dataset.percent) / 10);
  };
  let heard = step();
  document.addEventListener("htmx:afterSettle", () => {
    const now = step();
    if (now === heard) return;
    heard = now;
    document.getElementById("status").textContent = document.getElementById("intake-state").dataset.words;
  });
})();
