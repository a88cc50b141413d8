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
    if (status && part.dataset.announce) status.textContent = part.dataset.announce;
    focus(part);
  });
  document.addEventListener("DOMContentLoaded", () => {
    const field = document.querySelector('[data-focus="fine"]');
    if (field && matchMedia("(pointer: fine)").matches) field.focus();
  });
})();
