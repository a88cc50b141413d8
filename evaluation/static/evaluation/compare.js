// On a narrow screen the two playlists share one place, and a switch turns from A to B at the same scroll position.
// Without scripts they stand one below the other.
(() => {
  const narrow = matchMedia("(max-width: 47.99rem)");

  const tabs = (root) => [...root.querySelectorAll('[role="tab"]')];
  const panel = (tab) => document.getElementById(tab.getAttribute("aria-controls"));

  const choose = (root, chosen) => {
    for (const tab of tabs(root)) {
      const on = tab === chosen;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      panel(tab).hidden = !on;
    }
    chosen.dataset.seen = "yes";
  };

  const arrange = (root) => {
    root.querySelector("[data-switch]").hidden = !narrow.matches;
    for (const tab of tabs(root)) {
      const side = panel(tab);
      if (narrow.matches) {
        side.setAttribute("role", "tabpanel");
        side.setAttribute("aria-labelledby", tab.id);
      } else {
        side.removeAttribute("role");
        side.setAttribute("aria-labelledby", side.querySelector("h2").id);
        side.hidden = false;
        tab.dataset.seen = "yes"; // both were on the screen at once
      }
    }
    if (narrow.matches) choose(root, tabs(root).find((tab) => tab.getAttribute("aria-selected") === "true"));
  };

  const arrangeAll = () => document.querySelectorAll("[data-compare]").forEach(arrange);
  document.addEventListener("htmx:load", arrangeAll);
  narrow.addEventListener("change", arrangeAll);
  document.addEventListener("click", (event) => {
    const tab = event.target.closest('[data-compare] [role="tab"]');
    if (!tab) return;
    choose(tab.closest("[data-compare]"), tab);
    document.querySelector(".verdict-look")?.remove();
  });
  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest('[data-compare] [role="tab"]');
    if (!tab || !["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
    event.preventDefault();
    const all = tabs(tab.closest("[data-compare]"));
    const next = { ArrowLeft: all.at(all.indexOf(tab) - 1), ArrowRight: all[(all.indexOf(tab) + 1) % all.length], Home: all[0], End: all.at(-1) };
    choose(tab.closest("[data-compare]"), next[event.key]);
    next[event.key].focus();
  });
  // A choice made with one playlist unseen shows that playlist instead, once.
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target.closest("[data-verdict]");
      if (!form || !narrow.matches) return;
      const root = form.closest("[data-compare]");
      const unseen = tabs(root).find((tab) => !tab.dataset.seen);
      if (!unseen) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      choose(root, unseen);
      unseen.focus({ preventScroll: true });
      const look = document.createElement("p");
      look.className = "verdict-look";
      look.setAttribute("role", "alert");
      look.textContent = form.dataset.look;
      form.querySelector(".verdict-look")?.remove();
      form.querySelector(".verdict-buttons").before(look);
    },
    true,
  );
})();
