// Active seconds on one query: only while the page is visible, and a pause counts for a minute at most.
(() => {
  const labelling = (window.labelling ??= {});
  const IDLE_MS = 60_000;

  labelling.Clock = class {
    constructor() {
      this.start();
      for (const input of ["keydown", "pointerdown", "pointermove", "wheel", "touchmove"]) {
        addEventListener(input, () => this.count(), { passive: true, capture: true });
      }
      document.addEventListener("visibilitychange", () => this.seen(!document.hidden));
    }

    // `before` are the seconds already spent on the query, when it comes back
    start(before = 0) {
      this.active = before * 1_000;
      this.last = performance.now();
      this.visible = !document.hidden;
    }

    count() {
      const now = performance.now();
      if (this.visible) this.active += Math.min(now - this.last, IDLE_MS);
      this.last = now;
    }

    seen(visible) {
      this.count();
      this.visible = visible;
    }

    get seconds() {
      this.count();
      return Math.round(this.active) / 1_000;
    }
  };
})();
