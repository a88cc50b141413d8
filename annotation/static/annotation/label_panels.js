// Beside the query: the guideline of a category, the sheet of all keys, the settings of the keys.
(() => {
  const labelling = (window.labelling ??= {});

  labelling.Guide = class {
    constructor(root, onToggle) {
      Object.assign(this, { root, onToggle, panel: root.querySelector("[data-guide]"), slug: "" });
      this.articles = [...this.panel.querySelectorAll("[data-guide-of]")];
    }

    get open() {
      return !this.panel.hidden;
    }

    toggle() {
      if (this.open) this.close();
      else this.show("");
    }

    // One category, or all of them.
    show(slug) {
      const opened = !this.open;
      this.slug = slug;
      this.panel.hidden = false;
      this.root.dataset.guide = "open";
      for (const article of this.articles) article.hidden = slug !== "" && article.dataset.guideOf !== slug;
      for (const half of this.panel.querySelectorAll("[data-guide-half]")) half.hidden = slug !== "";
      this.panel.querySelector("[data-guide-all]").hidden = slug === "";
      this.panel.querySelector("[data-guide-label]").hidden = slug === "";
      this.panel.scrollTop = 0;
      if (opened) this.panel.focus();
      if (slug) document.getElementById("status").textContent = this.text(slug);
      this.onToggle();
    }

    text(slug) {
      const article = this.articles.find((each) => each.dataset.guideOf === slug);
      return article ? article.innerText.replace(/\s+/g, " ") : "";
    }

    close() {
      const within = this.panel.contains(document.activeElement);
      this.panel.hidden = true;
      delete this.root.dataset.guide;
      this.slug = "";
      if (within) this.root.querySelector('[data-part="desk"]').focus({ preventScroll: true });
      this.onToggle();
    }
  };

  // The prints on all buttons, in the sheet of keys and in the settings follow the person's keys.
  labelling.printKeys = (keys) => {
    for (const print of document.querySelectorAll("[data-key-of]")) {
      const [kind, name] = print.dataset.keyOf.split(":");
      const code = keys.code(kind, name);
      print.textContent = keys.cap(code);
      print.hidden = !code || (!keys.on && !print.dataset.always);
      const button = print.closest("[data-category], [data-command]");
      if (button && keys.on && code) button.setAttribute("aria-keyshortcuts", code.replace("Key", "").replace("Digit", ""));
      else button?.removeAttribute("aria-keyshortcuts");
    }
    // With a screen reader, letters are its own commands except in an application; who has no keys reads it as a page.
    document.querySelector('[data-part="desk"]').setAttribute("role", keys.on ? "application" : "group");
  };

  labelling.Settings = class {
    constructor(dialog, keys) {
      Object.assign(this, { dialog, keys, waiting: null });
      dialog.addEventListener("click", (event) => this.clicked(event));
      dialog.addEventListener("change", (event) => this.changed(event));
      dialog.addEventListener("keydown", (event) => this.pressed(event));
      dialog.addEventListener("close", () => this.stop());
      this.show();
    }

    show() {
      labelling.printKeys(this.keys);
      this.dialog.querySelector("[data-keys-on]").checked = this.keys.on;
      for (const radio of this.dialog.querySelectorAll("[name=preset]")) radio.checked = radio.value === this.keys.preset;
    }

    stop() {
      this.waiting?.removeAttribute("aria-pressed");
      this.waiting = null;
    }

    clicked(event) {
      const button = event.target.closest("[data-bind]");
      this.stop();
      if (!button) return;
      this.waiting = button;
      button.setAttribute("aria-pressed", "true");
      document.getElementById("status").textContent = this.dialog.dataset.press;
    }

    changed(event) {
      if (event.target.matches("[data-keys-on]")) this.keys.on = event.target.checked;
      if (event.target.matches("[name=preset]")) this.keys.reset(event.target.value);
      this.keys.save();
      this.show();
    }

    pressed(event) {
      if (!this.waiting || ["Shift", "Control", "Alt", "Meta", "Tab"].includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.code !== "Escape" && event.code !== "Enter" && event.code) {
        this.keys.bind(...this.waiting.dataset.bind.split(":"), event);
      }
      this.stop();
      this.show();
    }
  };
})();
