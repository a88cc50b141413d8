// Answers on their way to the server. Each is kept in localStorage until the server has answered it, and they go out one
// after another, so that a reload, a lost connection or a second tab loses none and doubles none.
(() => {
  const labelling = (window.labelling ??= {});
  const FOREIGN_AFTER_MS = 10_000; // a tab that was closed cannot send what it left behind; another one does
  const SLOW_MS = 2_000;
  const TIMEOUT_MS = 15_000;
  const LONGEST_WAIT_MS = 30_000;

  const randomId = () =>
    [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  // One entry per answer, so that two tabs never write over each other's. Without storage, memory has to do.
  const shelf = (prefix) => {
    const memory = new Map();
    const stored = (() => {
      try {
        localStorage.setItem(`${prefix}test`, "1");
        localStorage.removeItem(`${prefix}test`);
        return true;
      } catch {
        return false;
      }
    })();
    const names = () => (stored ? Object.keys(localStorage) : [...memory.keys()]).filter((name) => name.startsWith(prefix));
    const read = (name) => {
      try {
        return JSON.parse(memory.get(name) ?? localStorage.getItem(name));
      } catch {
        return null;
      }
    };
    return {
      all: () => names().sort().map((name) => ({ ...read(name), name })).filter((entry) => entry.id),
      put(name, entry) {
        try {
          localStorage.setItem(name, JSON.stringify(entry));
        } catch {
          memory.set(name, JSON.stringify(entry));
        }
      },
      drop(name) {
        memory.delete(name);
        if (stored) localStorage.removeItem(name);
      },
    };
  };

  const token = () => {
    const cookie = document.cookie.split("; ").find((each) => each.startsWith("csrftoken="));
    return cookie ? cookie.slice("csrftoken=".length) : document.querySelector("[name=csrfmiddlewaretoken]").value;
  };

  // fetch with what every request of the page carries
  labelling.request = (url, user, { method = "GET", body, key, keepalive = false } = {}) =>
    fetch(url, {
      method,
      keepalive,
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: {
        Accept: "application/json",
        "X-CSRFToken": token(),
        "X-Annotator": String(user),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(key ? { "Idempotency-Key": key } : {}),
      },
      signal: keepalive ? undefined : AbortSignal.timeout(TIMEOUT_MS),
    });

  // `urls` by kind of answer; `on` has saved(entry, outcome), refused(entry, problem), signedOut(problem), changed().
  labelling.Outbox = class {
    constructor({ campaign, user, urls, on }) {
      this.prefix = `playoff.label.${campaign}.${user}.`;
      this.shelf = shelf(this.prefix);
      Object.assign(this, { user, urls, on, tab: randomId(), count: 0, failures: 0, sending: false });
      this.adopted = new Set(this.entries().map((entry) => entry.id)); // left by an earlier life of this page
      addEventListener("online", () => this.retry());
      addEventListener("storage", (event) => event.key?.startsWith(this.prefix) && this.on.changed());
      setInterval(() => this.tick(), 1_000);
    }

    entries() {
      return this.shelf.all();
    }

    mine() {
      const old = Date.now() - FOREIGN_AFTER_MS;
      return this.entries().filter((each) => each.tab === this.tab || this.adopted.has(each.id) || each.at < old);
    }

    // Unsaved in a way that the person should know of: the last attempt failed, or it takes long.
    get unsaved() {
      const entries = this.entries();
      const slow = entries.some((entry) => Date.now() - entry.at > SLOW_MS);
      return this.failures || slow ? entries.length : 0;
    }

    add(kind, body) {
      const at = Date.now();
      const order = `${String(at).padStart(15, "0")}-${String(this.count++).padStart(6, "0")}`;
      const entry = { id: randomId(), tab: this.tab, at, kind, body };
      this.shelf.put(`${this.prefix}${order}-${entry.id}`, entry);
      this.on.changed();
      this.drain();
      return entry;
    }

    tick() {
      this.on.changed();
      if (!this.timer) this.drain();
    }

    retry() {
      clearTimeout(this.timer);
      this.timer = null;
      this.drain();
    }

    // One tab sends at a time, where the browser can say so; elsewhere the key of an answer keeps it from counting twice.
    async drain() {
      if (this.sending || this.timer || !this.mine().length) return;
      this.sending = true;
      try {
        const all = async () => {
          for (let entry = this.mine()[0]; entry; entry = this.mine()[0]) if (!(await this.sent(entry))) return;
        };
        if (navigator.locks) await navigator.locks.request(this.prefix, all);
        else await all();
      } finally {
        this.sending = false;
        this.on.changed();
      }
    }

    async sent(entry) {
      let answer;
      try {
        const response = await labelling.request(this.urls[entry.kind], this.user, {
          method: "POST",
          body: entry.body,
          key: entry.id,
        });
        answer = { status: response.status, body: await response.json() };
      } catch {
        return this.later();
      }
      return this.answered(entry, answer);
    }

    answered(entry, { status, body }) {
      if (status >= 500 || status === 429 || status === 408) return this.later();
      if (status === 401 || (status === 403 && body.title !== "not_allowed")) {
        this.on.signedOut(body.detail);
        return this.later();
      }
      this.failures = 0;
      this.shelf.drop(entry.name);
      if (status < 300) this.on.saved(entry, body);
      else this.on.refused(entry, body);
      this.on.changed();
      return true;
    }

    later() {
      const wait = Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** this.failures++);
      this.timer = setTimeout(() => this.retry(), wait);
      this.on.changed();
      return false;
    }
  };
})();
