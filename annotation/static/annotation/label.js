// Labelling: one key, one label, and the next query at once. A key always acts on the query that is on the screen at
// that moment; with none there, it does nothing.
(() => {
  const labelling = (window.labelling ??= {});
  const AHEAD = 9;
  const POLL_MS = 2_000;
  const POLL_DONE_MS = 30_000; // others may give something back, though it is not likely
  const MARKS = 500;
  const GUARD_MS = 500; // a key already on its way when the query changed by itself is not meant for it
  const KEPT = 200;
  const KINDS = { label: "labels", skip: "skips", undo: "undo", note: "notes" };

  labelling.Workbench = class {
    constructor(root, start) {
      const titles = Object.fromEntries(start.categories.map(({ slug, title }) => [slug, title]));
      Object.assign(this, { root, start, held: [], done: start.recent, mode: "work", place: 0, guard: 0 });
      this.screen = new labelling.Screen(root, titles);
      this.clock = new labelling.Clock();
      const at = (part) => `${start.api}${part}/?ahead=${AHEAD}`;
      this.urls = { next: at("next"), leave: `${start.api}leave/?visit=${start.visit}` };
      this.outbox = new labelling.Outbox({
        campaign: start.slug,
        user: start.user,
        urls: Object.fromEntries(Object.entries(KINDS).map(([kind, part]) => [kind, at(part)])),
        on: {
          saved: (entry, outcome) => this.saved(entry, outcome),
          refused: (entry, problem) => this.refused(entry, problem),
          signedOut: (sentence) => this.screen.problem(`${sentence} ${root.dataset.wordSignedOut}`),
          changed: () => this.tell(),
        },
      });
      this.recall(start.bench);
      this.take(start.bench);
      this.show();
      this.outbox.drain();
    }

    // --- what is before the person ------------------------------------------------------------------------------

    get onScreen() {
      if (this.mode === "review") return this.done.at(-this.place) ?? null;
      return this.mode === "work" ? (this.held[0] ?? null) : null;
    }

    // Answers that wait in storage since before a reload: done, though the server does not know it yet.
    recall(bench) {
      const items = Object.fromEntries([bench, ...bench.ahead].map((item) => [item.query, item]));
      for (const { kind, body } of this.outbox.entries()) {
        if (kind === "undo") this.done = this.done.filter((each) => each.query !== body.query);
        if (!["label", "skip"].includes(kind) || !items[body.query]) continue;
        this.done.push({ ...items[body.query], category: body.category, state: kind === "skip" ? "skipped" : "labelled" });
      }
    }

    // What the answers on their way will do to a query: it is `gone` from the bench, or `back` on it.
    pending() {
      const fate = new Map();
      for (const { kind, body } of this.outbox.entries()) {
        if (kind === "undo") fate.set(body.query, "back");
        if (kind === "label" || kind === "skip") fate.set(body.query, "gone");
      }
      return fate;
    }

    // The server's bench, less what is answered already. The query on the screen stays, unless the server refused it.
    take(bench, { keepFirst = true } = {}) {
      const { query, text, language, practice, guess, flag, comment, ahead, state, progress } = bench;
      const first = query === null ? [] : [{ query, text, language, practice, guess, flag, comment }];
      const offered = [...first, ...ahead];
      const fate = this.pending();
      const known = new Set(offered.map((item) => item.query));
      const stays = (item, index) =>
        (keepFirst && index === 0) || fate.get(item.query) === "back" || (known.has(item.query) && !fate.has(item.query));
      const before = this.held[0]?.query;
      this.held = this.held.filter(stays);
      const there = new Set(this.held.map((item) => item.query));
      this.held.push(...offered.filter((item) => !there.has(item.query) && fate.get(item.query) !== "gone"));
      if (before !== undefined && this.held[0]?.query !== before) this.guard = performance.now() + GUARD_MS;
      Object.assign(this, { state, progress });
    }

    // `before` is said before the query that is on the screen now: what became of the one that went.
    show({ before = "" } = {}) {
      clearTimeout(this.poll);
      const item = this.onScreen;
      this.screen.show(this.view());
      if (item) {
        const fresh = this.shown !== item;
        this.screen.item(item, { announce: fresh, before });
        if (fresh && this.mode === "work") this.clock.start(item.spent);
        if (fresh) this.painted(item);
      } else if (this.mode === "work") {
        const message = this.root.querySelector(`[data-message="${this.view()}"]`)?.innerText.trim() ?? "";
        if (this.shown !== this.view()) this.screen.say([before, message].filter(Boolean).join(" ")); // not at every look
        const wait = { closed: 0, quota: 0, done: POLL_DONE_MS }[this.view()] ?? POLL_MS;
        if (wait) this.poll = setTimeout(() => this.refresh(), wait);
      }
      this.shown = item ?? this.view();
      this.screen.last(["review", "answer"].includes(this.mode) ? null : this.done.at(-1));
      if (this.mode === "review") this.screen.review(this.place, this.done.length);
      this.tell();
    }

    view() {
      if (this.mode !== "work" || this.held.length) return this.mode;
      return this.outbox.entries().length || this.state === "work" ? "saving" : this.state;
    }

    painted(item) {
      const query = item.query;
      requestAnimationFrame(() => performance.mark("label-shown", { detail: { query } }));
    }

    tell() {
      if (!this.progress) return;
      const waiting = this.outbox.entries();
      const labels = waiting.filter(({ kind, body }) => kind === "label" && !body.change);
      const own = this.mode === "checking" ? 0 : labels.length; // practice does not count
      const { labelled, quota, practice_left: practiceLeft } = this.progress;
      const times = this.done.filter((each) => each.seconds && !each.practice).map((each) => each.seconds).slice(-60).sort((a, b) => a - b);
      const middle = times.length >> 1;
      const seconds = times.length ? (times.length % 2 ? times[middle] : (times[middle - 1] + times[middle]) / 2) : null;
      this.screen.progress({
        today: Math.max(0, this.start.today + labelled - this.start.bench.progress.labelled + own),
        labelled: labelled + own,
        quota,
        seconds,
        practiceLeft,
      });
      this.screen.unsaved(this.outbox.unsaved);
    }

    // --- what the person does -----------------------------------------------------------------------------------

    get ready() {
      return performance.now() >= this.guard && this.onScreen !== null;
    }

    label(category) {
      if (!this.ready) return;
      const item = this.onScreen;
      if (this.outbox.count % MARKS === 0) performance.clearMarks();
      performance.mark("label-key", { detail: { query: item.query, category } });
      this.screen.problem("");
      this.screen.pressed(category);
      if (this.mode === "review") return this.relabel(item, category);
      this.finish(item, { category, state: "labelled" });
      this.outbox.add("label", { query: item.query, category, seconds: this.done.at(-1).seconds });
      if (item.practice) this.mode = "checking";
      this.show({ before: this.screen.phrase("wordLabelled", { category: this.screen.title(category) }) });
    }

    relabel(item, category) {
      const change = item.state === "labelled" && item.category !== category;
      if (change || item.state === "skipped") this.outbox.add("label", { query: item.query, category, change: true });
      Object.assign(item, { category, state: "labelled", after: "" });
      this.screen.say(this.screen.phrase("wordChanged", { category: this.screen.title(category) }));
      this.resume();
    }

    skip() {
      if (!this.ready || this.mode !== "work") return;
      const item = this.onScreen;
      this.finish(item, { category: "", state: "skipped" });
      this.outbox.add("skip", { query: item.query, seconds: this.done.at(-1).seconds });
      this.show({ before: this.root.dataset.wordPassed });
    }

    finish(item, outcome) {
      this.held.shift();
      this.done.push({ ...item, ...outcome, seconds: this.clock.seconds });
      if (this.done.length > KEPT) this.done.shift();
    }

    undo() {
      if (this.mode === "checking" || this.mode === "undoing") return;
      const entry = this.done.pop();
      if (!entry) return this.undoEarlier();
      this.mode = "work";
      this.outbox.add("undo", { query: entry.query });
      this.held.unshift({ ...entry, category: "", after: "", spent: entry.state === "labelled" ? entry.seconds : 0 });
      this.show();
      this.screen.say(this.screen.phrase("wordUndone", { text: entry.text ?? "" }));
    }

    // Labels from before those this page knows of: the server tells which, once it knows all the others.
    async undoEarlier() {
      if (this.outbox.entries().length) return this.screen.problem(this.root.dataset.wordUndoWaits);
      this.mode = "undoing";
      this.show();
      const url = this.outbox.urls.undo;
      const outcome = await this.asked(url, { method: "POST", body: {} });
      this.mode = "work";
      if (outcome) {
        this.held = [];
        this.take(outcome.next);
      }
      this.show();
    }

    flag() {
      if (!this.ready) return;
      const item = this.onScreen;
      item.flag = item.flag === "unclear" ? "" : "unclear";
      this.outbox.add("note", { query: item.query, flag: item.flag });
      this.show();
      this.screen.say(item.flag ? this.root.dataset.wordFlagged : this.root.dataset.wordUnflagged);
    }

    comment(text) {
      const item = this.onScreen;
      if (!item || text === (item.comment ?? "")) return;
      item.comment = text;
      this.outbox.add("note", { query: item.query, comment: text });
      this.show();
      this.screen.say(this.root.dataset.wordCommented);
    }

    back() {
      if (!["work", "review"].includes(this.mode) || !this.done.length) return;
      this.place = this.mode === "review" ? Math.min(this.place + 1, this.done.length) : 1;
      this.mode = "review";
      this.show();
    }

    forth() {
      this.place -= 1;
      if (this.place < 1) return this.resume();
      this.show();
    }

    resume() {
      if (!["review", "answer"].includes(this.mode)) return;
      this.mode = "work";
      this.place = 0;
      this.show();
    }

    // --- what the server says -----------------------------------------------------------------------------------

    saved(entry, outcome) {
      performance.mark("label-saved", { detail: { query: outcome.query } });
      const mine = this.done.findLast((each) => each.query === outcome.query);
      if (mine && entry.kind === "label") mine.after = outcome.guess;
      this.take(outcome.next);
      if (this.mode === "checking" && entry.kind === "label" && mine?.practice) {
        this.mode = "answer";
        this.show();
        return this.screen.answer({ text: mine.text, chosen: outcome.category, right: outcome.answer, why: outcome.why });
      }
      if (this.mode === "checking" && !this.outbox.entries().length) this.mode = "work"; // another tab has the answer
      this.show();
    }

    refused(entry, problem) {
      const { query } = entry.body;
      if (entry.kind === "label" || entry.kind === "skip") this.done = this.done.filter((each) => each.query !== query || entry.body.change);
      if (this.mode === "checking") this.mode = "work";
      this.screen.problem(problem.detail);
      if (problem.title === "campaign_not_open" || problem.title === "not_allowed") return this.close();
      this.refresh({ keepFirst: this.held[0]?.query !== query });
    }

    close() {
      Object.assign(this, { held: [], state: "closed", mode: "work" });
      this.show();
    }

    async refresh({ keepFirst = true } = {}) {
      clearTimeout(this.poll);
      const bench = await this.asked(this.urls.next, {});
      if (bench) this.take(bench, { keepFirst });
      this.show();
    }

    // An answer that nothing depends on: silence is no news, a refusal is one sentence.
    async asked(url, options) {
      try {
        const response = await labelling.request(url, this.start.user, options);
        const body = await response.json();
        if (response.ok) return body;
        if (body.title === "campaign_not_open") this.close();
        this.screen.problem(body.detail);
      } catch {
        if (options.method) this.screen.problem(this.root.dataset.wordNoAnswer);
      }
      return null;
    }

    // Only a person who owes nothing leaves; what they held goes to others.
    leave() {
      if (this.outbox.entries().length) return;
      labelling.request(this.urls.leave, this.start.user, { method: "POST", keepalive: true }).catch(() => {});
    }
  };
})();
