// After a part of the page was exchanged: the title follows, a screen reader hears it, the focus moves there.
(() => {
  const focus = (root) => {
    const fine = matchMedia("(pointer: fine)").matches && root.querySelector('[data-focus="fine"]');
    const target = fine || root.querySelector("[data-focus]");
    if (target) target.focus();
  };

  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.target;
    if (part.dataset.title) document.title = part.dataset.title;
    const status = document.getElementById("status");
    const words = part.dataset.announce || (part.matches('[role="status"]') ? part.textContent.trim() : "");
    if (status && words) status.textContent = words;
    focus(part);
  });
  document.addEventListener("submit", (event) => {
    // The address may have changed since the page was rendered: change the language of where the reader is now.
    if (event.target.matches("[data-language]")) event.target.elements.next.value = location.pathname + location.search;
  });
  document.addEventListener("DOMContentLoaded", () => {
    const field = document.querySelector('[data-focus="fine"]');
    if (field && matchMedia("(pointer: fine)").matches) field.focus();
  });
})();
