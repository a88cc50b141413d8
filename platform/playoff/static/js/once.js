// A form marked data-once is sent once: a second click or key press while it is on its way does nothing.
(() => {
  const marked = (event) => event.target.closest("form[data-once]");
  const release = (form) => {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  };

  // On the way down a repetition is stopped; only what nobody stopped comes back up and counts as sent.
  document.addEventListener(
    "submit",
    (event) => {
      if (!marked(event)?.dataset.sent) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );
  document.addEventListener("submit", (event) => {
    const form = marked(event);
    if (!form) return;
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = marked(event);
    if (form) release(form);
  });
  // The back button may bring a page back as it was left.
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
})();
