// A running study refreshes itself: not while its page is hidden, not after the switch is off, and not unasked for
// readers who want less motion. What was opened or focused stays so.
(() => {
  const part = () => document.getElementById("live");
  const control = () => document.querySelector("[data-live-switch]");
  let due = 0;

  const tick = () => {
    const live = part();
    if (!live || !live.dataset.live || document.hidden || !control()?.checked || performance.now() < due) return;
    due = performance.now() + Number(live.dataset.live) * 1000;
    htmx.trigger(live, "again");
  };

  document.addEventListener("DOMContentLoaded", () => {
    if (!part()?.dataset.live) return;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) control().checked = false;
    due = performance.now() + Number(part().dataset.live) * 1000;
    setInterval(tick, 1000);
  });
  document.addEventListener("visibilitychange", tick);
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-live-switch]")) tick();
  });

  let open = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target.id === "live") open = [...part().querySelectorAll("details[open][id]")].map((fold) => fold.id);
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    open = [];
  });
})();
