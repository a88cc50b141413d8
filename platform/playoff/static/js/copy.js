// A button marked data-copy="id" copies the value of that field.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    return; // the link stays selected, ready for Ctrl+C
  }
  button.textContent = button.dataset.copied;
  document.getElementById("status").textContent = button.dataset.copied;
  setTimeout(() => (button.textContent = label), 2000);
});
