// The box for a query: Enter sends, Shift+Enter breaks the line, the counter counts, an example fills the box.
(() => {
  const count = (field) => {
    const counter = field.form.querySelector("[data-counter]");
    const length = [...field.value].length;
    counter.textContent = `${length} / ${field.maxLength}`;
    counter.classList.toggle("counter-near", length > field.maxLength - 50);
  };

  document.addEventListener("htmx:load", (event) => event.target.querySelectorAll("[data-query]").forEach(count));
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-query]")) count(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !event.target.matches("[data-query]")) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    const example = event.target.closest("[data-example]");
    if (!example || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    const field = document.querySelector("[data-query]");
    field.value = example.textContent;
    field.focus();
    count(field);
  });
})();
