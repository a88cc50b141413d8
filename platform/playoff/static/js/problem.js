// What a refused or lost request says. A refusal that brings the asked-for part of the page (a form with its errors) is
// shown in its place; any other refusal, and silence, is one sentence at the top, and the page stays as it was.
(() => {
  const region = () => document.getElementById("problem");
  const polls = (event) => event.target.closest("[data-poll]"); // a poll tries again by itself
  const brings = (selectors, html) => selectors.split(",").some((each) => html.includes(`id="${each.trim().slice(1)}"`));

  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status >= 400) event.detail.etc.push = "false"; // the address of a refusal is not a place
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event;
    const selectors = detail.requestConfig.elt.getAttribute("hx-select") || "";
    if (!detail.isError || !detail.shouldSwap || brings(selectors, detail.serverResponse)) return;
    detail.target = region();
    detail.swapOverride = "innerHTML show:none";
    detail.selectOverride = ".problem";
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!polls(event)) region().replaceChildren();
  });

  const say = (event, words) => {
    if (polls(event)) return;
    const line = document.createElement("p");
    line.className = "problem";
    line.textContent = words;
    region().replaceChildren(line);
  };
  document.addEventListener("htmx:sendError", (event) => say(event, region().dataset.offline));
  document.addEventListener("htmx:timeout", (event) => say(event, region().dataset.offline));
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status >= 500 || event.detail.xhr.status === 404) say(event, region().dataset.failed);
  });
})();
