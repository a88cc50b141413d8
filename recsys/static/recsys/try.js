// The field that finds a listener stands inside the form that asks a system: the return key there asks nothing.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("[data-no-submit]")) event.preventDefault();
});
