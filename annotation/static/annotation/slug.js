// Suggests the short name from the title, until somebody writes their own. The server does the same for an empty one.
(() => {
  const form = document.querySelector("[data-slug-from]");
  if (!form) return;
  const title = document.getElementById(form.dataset.slugFrom);
  const slug = document.getElementById(form.dataset.slugTo);
  const letters = JSON.parse(form.dataset.letters);

  const suggested = (text) =>
    [...text.normalize("NFC").toLowerCase()]
      .map((letter) => letters[letter] ?? letter)
      .join("")
      .normalize("NFKD")
      .replace(/[^\x00-\x7f]/g, "")
      .replace(/[^a-z0-9]+/g, "-")
      .slice(0, 50)
      .replace(/^-+|-+$/g, "");

  let own = slug.value !== "";
  slug.addEventListener("input", () => {
    own = slug.value !== "";
  });
  title.addEventListener("input", () => {
    if (!own) slug.value = suggested(title.value);
  });
})();
