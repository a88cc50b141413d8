// Hands: keys, clicks and taps of the labelling page become what the workbench does.
(() => {
  const root = document.querySelector("[data-labelling]");
  if (!root) return;
  const { labelling } = window;
  const start = JSON.parse(document.getElementById("label-start").textContent);
  const bench = new labelling.Workbench(root, start);
  const guide = new labelling.Guide(root, () => {
    for (const button of root.querySelectorAll('[data-command="guideline"]')) button.setAttribute("aria-expanded", String(guide.open));
  });
  const keys = new labelling.Keys({
    usual: { categories: Object.fromEntries(start.categories.map(({ slug, code }) => [slug, code])), commands: start.commands },
    caps: start.caps,
    language: document.documentElement.lang,
    store: `playoff.keys.${start.taxonomy}`,
  });
  const sheet = document.getElementById("label-keys");
  const settings = document.getElementById("label-settings");
  const panel = new labelling.Settings(settings, keys);
  const box = root.querySelector('[data-part="comment-box"]');
  const field = box.querySelector("textarea");
  const desk = root.querySelector('[data-part="desk"]');

  const openComment = () => {
    if (!bench.onScreen) return;
    field.value = bench.onScreen.comment ?? "";
    box.hidden = false;
    field.focus();
  };
  const closeComment = ({ save }) => {
    if (save) bench.comment(field.value.trim());
    box.hidden = true;
    desk.focus({ preventScroll: true });
  };
  const choose = (category) => {
    if (guide.open) return guide.show(category);
    if (!box.hidden) closeComment({ save: false });
    return bench.label(category);
  };
  const accept = () => {
    const { slug } = guide;
    guide.close();
    bench.label(slug);
  };
  const commands = {
    undo: () => bench.undo(),
    skip: () => bench.skip(),
    flag: () => bench.flag(),
    comment: openComment,
    "comment-save": () => closeComment({ save: true }),
    "comment-close": () => closeComment({ save: false }),
    guideline: () => guide.toggle(),
    "guide-all": () => guide.show(""),
    "guide-label": accept,
    history: () => bench.back(),
    forth: () => bench.forth(),
    resume: () => bench.resume(),
    keys: () => sheet.showModal(),
    settings: () => settings.showModal(),
  };

  const escape = () => {
    if (!box.hidden) return closeComment({ save: false });
    if (guide.open) return guide.close();
    return bench.mode === "review" ? bench.resume() : undefined;
  };
  const enter = () => {
    if (guide.open && guide.slug) return accept();
    return bench.mode === "answer" ? bench.resume() : undefined;
  };
  const inField = (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") closeComment({ save: false });
    else if (event.key === "Enter" && !event.shiftKey) closeComment({ save: true });
    else return;
    event.preventDefault();
  };

  document.addEventListener("keydown", (event) => {
    if (event.target === field) return inField(event);
    if (event.repeat || event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]") || event.target.closest("input, textarea, select, summary")) return;
    if (event.key === "Escape") return escape();
    const own = event.target.closest("button, a"); // what has the focus is pressed by these two
    if (own && ["Space", "Enter", "NumpadEnter"].includes(event.code)) return;
    if (event.code === "Enter" || event.code === "NumpadEnter") return enter();
    if (!keys.on) return;
    if (bench.mode === "review" && event.code === "ArrowRight") return bench.forth();
    const { command, category } = keys.find(event);
    if (!command && !category) return;
    event.preventDefault();
    if (bench.mode === "answer") return command === "keys" ? commands.keys() : undefined;
    if (command) commands[command]();
    else choose(category);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-category], [data-command]");
    if (!button) return;
    event.preventDefault();
    if (button.dataset.category) choose(button.dataset.category);
    else commands[button.dataset.command]?.();
    // a mouse leaves no focus behind, or the space bar would press the same button again
    if (event.detail > 0 && button.closest("form") && document.activeElement === button) desk.focus({ preventScroll: true });
  });
  root.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  for (const dialog of [sheet, settings]) {
    dialog.addEventListener("click", (event) => event.target.closest("[data-close]") && dialog.close());
  }
  addEventListener("pagehide", () => bench.leave());
  addEventListener("pageshow", (event) => event.persisted && bench.refresh());
  panel.show();
  box.hidden = true;
  root.dataset.ready = "yes";
  // on a phone the page's head makes room for the buttons
  if (matchMedia("(pointer: coarse) and (max-width: 47.99rem)").matches) {
    scrollTo(0, root.getBoundingClientRect().top + scrollY - 8);
  }
  if (!document.activeElement || document.activeElement === document.body) desk.focus({ preventScroll: true });
})();
