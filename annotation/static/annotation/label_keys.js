// Which key does what. Keys are known by their place (event.code), so that a Russian layout works as well; a place may
// come with "Shift+". The person's own choice is kept in this browser.
(() => {
  const labelling = (window.labelling ??= {});
  const LEFT = "Digit1 Digit2 Digit3 Digit4 Digit5 KeyR KeyT KeyF KeyG KeyV KeyB KeyQ KeyW KeyE KeyA KeyS KeyD KeyZ KeyX KeyC";
  const RIGHT =
    "KeyY Digit7 Digit8 Digit9 Digit0 BracketLeft BracketRight Semicolon Quote Comma Period Digit6 " +
    "KeyU KeyI KeyO KeyP KeyH KeyJ KeyK KeyL KeyN KeyM";
  const HANDS = {
    left: {
      keys: LEFT.split(" "),
      commands: {
        undo: "Backquote", skip: "Space", flag: "Shift+KeyF", comment: "Shift+KeyT", guideline: "Shift+KeyG",
        history: "Shift+KeyB", keys: "Shift+Backquote",
      },
    },
    right: {
      keys: RIGHT.split(" "),
      commands: {
        undo: "Backspace", skip: "Space", flag: "Slash", comment: "Backslash", guideline: "Minus", history: "Equal",
        keys: "?",
      },
    },
  };
  const CAPS = {
    Backspace: "⌫", Space: "␣", Enter: "⏎", Backquote: "`", Minus: "-", Equal: "=", BracketLeft: "[", BracketRight: "]",
    Semicolon: ";", Quote: "'", Comma: ",", Period: ".", Slash: "/", Backslash: "\\", ArrowLeft: "←", ArrowRight: "→",
    ArrowUp: "↑", ArrowDown: "↓",
  };
  const RUSSIAN = { Backquote: "Ё", BracketLeft: "Х", BracketRight: "Ъ", Semicolon: "Ж", Quote: "Э", Comma: "Б", Period: "Ю", Slash: "." };

  const combo = (event) => (event.shiftKey ? "Shift+" : "") + event.code;

  // `usual` = {categories: {slug: code}, commands: {name: code}}; `caps` = prints by place; `store` = name in localStorage
  labelling.Keys = class {
    constructor({ usual, caps, language, store }) {
      Object.assign(this, { usual, store, on: true });
      this.caps = { ...CAPS, ...(language.startsWith("ru") ? RUSSIAN : {}), ...caps };
      this.reset("usual");
      this.load();
    }

    reset(preset) {
      this.preset = preset;
      this.commands = { ...(HANDS[preset]?.commands ?? this.usual.commands) };
      this.categories = HANDS[preset] ? this.within(HANDS[preset].keys) : { ...this.usual.categories };
    }

    // A category whose usual key lies under the hand keeps it; the others take what is free.
    within(places) {
      const kept = Object.entries(this.usual.categories).filter(([, code]) => places.includes(code));
      const free = places.filter((code) => !kept.some(([, taken]) => taken === code));
      const usual = Object.fromEntries(kept);
      return Object.fromEntries(Object.keys(this.usual.categories).map((slug) => [slug, usual[slug] ?? free.shift() ?? ""]));
    }

    find(event) {
      const name = (map) => Object.keys(map).find((each) => map[each] === combo(event));
      if (event.key === "?" && Object.values(this.commands).includes("?")) return { command: "keys" };
      const command = name(this.commands);
      return command ? { command } : { category: name(this.categories) };
    }

    code(kind, name) {
      return this[kind][name] ?? "";
    }

    cap(code) {
      if (!code) return "";
      const [last, shift] = code.split("+").reverse();
      return (shift ? "⇧" : "") + (this.caps[last] ?? last.replace(/^(Key|Digit|Numpad)/, ""));
    }

    // Give a key to something; whatever had it gets the other one's.
    bind(kind, name, event) {
      const code = combo(event);
      const before = this[kind][name];
      for (const map of [this.commands, this.categories]) {
        for (const each of Object.keys(map)) if (map[each] === code) map[each] = before;
      }
      this[kind][name] = code;
      this.preset = "own";
      this.save();
    }

    load() {
      try {
        const kept = JSON.parse(localStorage.getItem(this.store));
        if (!kept) return;
        this.on = kept.on !== false;
        if (kept.preset !== "own") return this.reset(kept.preset);
        Object.assign(this, { preset: "own" });
        for (const kind of ["commands", "categories"]) {
          for (const name of Object.keys(this[kind])) this[kind][name] = kept[kind]?.[name] ?? this[kind][name];
        }
      } catch {
        // what cannot be read is not there
      }
    }

    save() {
      const { on, preset, commands, categories } = this;
      try {
        localStorage.setItem(this.store, JSON.stringify({ on, preset, commands, categories }));
      } catch {
        // it holds for this page
      }
    }
  };
})();
