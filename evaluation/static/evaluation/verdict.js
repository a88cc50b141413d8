// Judging by keyboard. Keys are known by their place (event.code), so that a Russian layout works as well.
(() => {
  const PAUSE_MS = 500; // a key already on its way when the playlists appear is not a choice
  let shown = performance.now();

  const enabled = () => {
    try {
      return localStorage.getItem("keys") !== "off";
    } catch {
      return true;
    }
  };
  const show = (root) => {
    for (const toggle of root.querySelectorAll("[data-keys-toggle]")) {
      toggle.setAttribute("aria-pressed", String(enabled()));
      toggle.form.classList.toggle("keys-off", !enabled());
    }
  };

  document.addEventListener("htmx:load", (event) => {
    if (!event.target.querySelector("[data-verdict]")) return;
    shown = performance.now();
    show(event.target);
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-keys-toggle]")) return;
    try {
      localStorage.setItem("keys", enabled() ? "off" : "on");
    } catch {
      // cannot be remembered here
    }
    show(document);
  });
  document.addEventListener("keydown", (event) => {
    const form = document.querySelector("[data-verdict]");
    if (!form || !enabled() || event.repeat || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing) return;
    if (performance.now() - shown < PAUSE_MS) return;
    if (event.target.closest('input, textarea, select, audio, [contenteditable], [role="tab"]')) return;
    const page = document.documentElement;
    if (event.code === "ArrowDown" && page.scrollHeight > page.clientHeight) return; // here this key scrolls
    const button = [...form.querySelectorAll("[data-keys]")].find((each) => each.dataset.keys.split(" ").includes(event.code));
    if (!button) return;
    event.preventDefault();
    button.click();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-verdict]");
    if (!form) return;
    event.submitter?.classList.add("verdict-chosen");
    document.getElementById("status").textContent = form.dataset.saving;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    event.target.querySelectorAll?.(".verdict-chosen").forEach((button) => button.classList.remove("verdict-chosen"));
  });
})();
