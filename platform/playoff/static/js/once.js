// A form marked data-once is sent once: a second click or key press while it is on its way does nothing.
(() => {
  const release = (form) => {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  };

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target.closest("form[data-once]");
      if (!form) return;
      if (form.dataset.sent) {
        event.preventDefault();
        event.stopImmediatePropagation();
        return;
      }
      form.dataset.sent = "yes";
      form.setAttribute("aria-busy", "true");
    },
    true,
  );
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest("form[data-once]");
    if (form) release(form);
  });
  // The back button may bring a page back as it was left.
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
})();
