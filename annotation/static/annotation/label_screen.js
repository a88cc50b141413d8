// What the labelling page shows. Every part is an element with data-part; every sentence stands in the template.
(() => {
  const labelling = (window.labelling ??= {});

  labelling.Screen = class {
    constructor(root, titles) {
      this.root = root;
      this.titles = titles;
      this.words = root.dataset;
      this.status = document.getElementById("status");
    }

    part(name) {
      return this.root.querySelector(`[data-part="${name}"]`);
    }

    write(name, words) {
      const part = this.part(name);
      if (part.textContent !== words) part.textContent = words;
      part.hidden = words === "";
    }

    say(words) {
      this.status.textContent = words;
    }

    phrase(name, values = {}) {
      return Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), this.words[name]);
    }

    title(slug) {
      return this.titles[slug] ?? slug;
    }

    // `view`: work, answer, review, or why there is no query: checking, saving, waiting, done, quota, closed
    show(view) {
      this.root.dataset.view = view;
      for (const part of this.root.querySelectorAll("[data-view-only]")) {
        part.hidden = !part.dataset.viewOnly.split(" ").includes(view);
      }
      this.keepFocus();
    }

    // What had the focus may just have gone; without it a screen reader leaves the page's keys to itself.
    keepFocus() {
      const focused = document.activeElement;
      if (!focused || focused === document.body || focused.closest("[hidden]")) this.part("desk").focus({ preventScroll: true });
    }

    item(item, { announce = true, before = "" } = {}) {
      const line = this.part("query");
      line.textContent = item.text;
      line.lang = item.language;
      const size = item.text.length > 140 ? "long" : item.text.length > 40 ? "middle" : "";
      if (size) line.dataset.size = size;
      else delete line.dataset.size;
      this.part("card").scrollTop = 0;
      this.write("language", item.language);
      this.write("comment", item.comment ?? "");
      this.part("flag").hidden = item.flag !== "unclear";
      this.root.querySelector('[data-command="flag"]').setAttribute("aria-pressed", String(item.flag === "unclear"));
      this.write("guess", item.guess ? this.phrase("wordGuess", { category: this.title(item.guess) }) : "");
      this.mark(item.category ?? "");
      this.root.querySelector("[name=query]").value = item.query;
      if (!announce) return;
      const query = this.phrase(item.practice ? "wordPracticeQuery" : "wordQuery", { text: item.text });
      this.say([before, query, this.part("guess").textContent.trim()].filter(Boolean).join(" "));
    }

    // the category that an earlier label has
    mark(slug) {
      for (const button of this.root.querySelectorAll("[data-category]")) {
        if (button.dataset.category === slug) button.setAttribute("aria-current", "true");
        else button.removeAttribute("aria-current");
      }
    }

    last(entry) {
      this.part("last").hidden = !entry;
      if (!entry) return;
      this.write("last-query", entry.text ?? "…");
      this.write("last-category", entry.state === "skipped" ? this.words.wordSkipped : this.title(entry.category));
      this.write("last-guess", entry.after ? this.phrase("wordClassifier", { category: this.title(entry.after) }) : "");
    }

    progress({ today, labelled, quota, seconds, practiceLeft }) {
      this.part("today").textContent = String(today);
      this.part("labelled").textContent = quota ? `${labelled} / ${quota}` : String(labelled);
      this.part("pace").textContent = seconds === null ? "–" : this.phrase("wordSeconds", { n: seconds.toFixed(1) });
      this.write("practice", practiceLeft ? this.phrase("wordPractice", { n: practiceLeft }) : "");
    }

    // Said when it begins and when it is over; the number in between is for who looks.
    unsaved(count) {
      const words = count ? this.phrase("wordUnsaved", { n: count }) : "";
      const before = !this.part("unsaved").hidden;
      this.write("unsaved", words);
      if (before !== Boolean(count)) this.say(words || this.words.wordSaved);
    }

    problem(words) {
      const region = document.getElementById("problem");
      region.replaceChildren();
      if (!words) return;
      const line = document.createElement("p");
      line.className = "problem";
      line.textContent = words;
      region.append(line);
    }

    answer({ text, chosen, right, why }) {
      const good = chosen === right;
      this.part("answer").dataset.right = String(good);
      this.write("answer-verdict", good ? this.words.wordRight : this.words.wordWrong);
      this.write("answer-query", text);
      this.write("answer-chosen", good ? "" : this.phrase("wordChosen", { category: this.title(chosen) }));
      this.write("answer-right", this.phrase("wordAnswer", { category: this.title(right) }));
      this.write("answer-why", why);
      this.part("continue").focus();
      this.say(`${good ? this.words.wordRight : this.words.wordWrong} ${this.phrase("wordAnswer", { category: this.title(right) })} ${why}`);
    }

    review(place, count) {
      this.write("review-place", this.phrase("wordReview", { n: place, all: count }));
    }

    pressed(slug) {
      const button = this.root.querySelector(`[data-category="${slug}"]`);
      if (!button) return;
      button.classList.remove("label-pressed");
      requestAnimationFrame(() => button.classList.add("label-pressed"));
      setTimeout(() => button.classList.remove("label-pressed"), 250);
    }
  };
})();
