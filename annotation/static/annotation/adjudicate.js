// Deciding by one key. The next case lies ready behind the one on the screen; a decision shows it at once and is saved
// meanwhile, one request after another. Keys are known by their place (event.code), so any layout works.
(() => {
  const desk = document.querySelector("[data-desk]");
  if (!desk) return;
  let sending = Promise.resolve(); // requests take turns, so that "undo" meets the decision it means
  const handled = new Set(); // gone from the desk: an answer that was on its way meanwhile must not bring them back
  let undone = 0; // answers to what was sent before an undo must not bring their case

  const problem = () => document.getElementById("problem");
  let told = ""; // what became of the last case: said in one breath with the next, or the next would cut it off
  const say = (words) => {
    document.getElementById("status").textContent = `${told} ${words}`.trim();
    told = "";
  };
  // Focus stays here, whatever comes and goes inside: in an application a screen reader leaves letters to the page.
  const keepFocus = () => document.activeElement !== document.body || desk.focus({ preventScroll: true });
  const shown = () => desk.querySelector(":scope > .case:not([hidden])");
  const held = () => desk.querySelector(":scope > .case[hidden]");
  const complain = (words) => {
    const line = document.createElement("p");
    line.className = "problem";
    line.textContent = words;
    problem().replaceChildren(line);
  };
  const show = (part) => {
    part.hidden = false;
    keepFocus();
    if (part.getBoundingClientRect().top < 0) part.scrollIntoView({ block: "start" });
    say(part.dataset.announce || "");
  };
  const wait = () => {
    const part = document.createElement("p");
    part.className = "case case-waiting soft";
    part.dataset.waiting = "yes";
    part.textContent = desk.dataset.waiting;
    desk.append(part);
    keepFocus();
    say(desk.dataset.waiting);
  };
  // The case on the screen gives way to the one behind it; what was there is returned, should it have to come back.
  const advance = () => {
    const gone = shown();
    const next = held();
    gone.remove();
    handled.add(gone.dataset.query);
    if (next) show(next);
    else wait();
    return gone;
  };
  const address = (form, name, place) => {
    const url = new URL(form, location.href);
    if (place) url.searchParams.set(name, place);
    return url;
  };
  const ask = async (url, options = {}) => {
    let response;
    try {
      response = await fetch(url, { ...options, headers: { "HX-Request": "true" }, credentials: "same-origin" });
    } catch {
      throw Object.assign(new Error(problem().dataset.offline), { lost: true });
    }
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (response.ok && !response.redirected) return page;
    const words = page.querySelector(".problem")?.textContent.trim() || problem().dataset.failed;
    throw Object.assign(new Error(words), { decided: response.status === 409 });
  };
  // What came: the counters, and the case to hold ahead, unless it is on the desk already.
  const receive = (page) => {
    const counters = page.querySelector("[data-counters]");
    if (counters) document.getElementById("desk-counters").replaceWith(document.adoptNode(counters));
    const part = page.querySelector(".case");
    const now = shown();
    if (part?.matches("[data-end]") && now?.matches("[data-end]")) {
      now.replaceWith(document.adoptNode(part)); // what it says depends on the last decision
      show(part);
      return;
    }
    if (!part || held()) return;
    if (part.dataset.query && desk.querySelector(`[data-query="${CSS.escape(part.dataset.query)}"]`)) return;
    if (handled.has(part.dataset.query)) {
      return ask(address(desk.dataset.ahead, "after", part.dataset.place)).then(receive, () => {});
    }
    const waiting = desk.querySelector("[data-waiting]");
    part.hidden = !waiting;
    desk.append(document.adoptNode(part));
    if (waiting) {
      waiting.remove();
      show(part);
    }
  };
  // Whoever decides faster than the server answers has nothing held; then the case after the one shown is asked for.
  const refill = () => {
    const place = shown()?.dataset.place;
    if (!place || held()) return Promise.resolve();
    return ask(address(desk.dataset.ahead, "after", place)).then(receive, () => {});
  };
  const bringBack = (part) => {
    handled.delete(part.dataset.query);
    const now = shown();
    held()?.remove();
    if (now?.dataset.query) {
      now.hidden = true;
      desk.prepend(part);
    } else {
      now?.remove();
      desk.prepend(part);
    }
    show(part);
  };
  const send = (work) => (sending = sending.then(work, work));

  const decide = (form, button) => {
    const body = new FormData(form, button);
    const title = button.querySelector("span").textContent;
    const action = form.getAttribute("action");
    const ahead = held();
    const gone = advance();
    const turn = undone;
    problem().replaceChildren();
    // without a place to go on from, the answer would start at the head of the queue
    const place = ahead?.dataset.place || gone.dataset.place;
    send(async () => {
      try {
        const page = await ask(address(action, "ahead", place), { method: "POST", body });
        if (turn === undone) await receive(page);
      } catch (error) {
        complain(`${title}: ${error.message}`);
        if (!error.decided) bringBack(gone);
        else if (turn === undone) await ask(address(desk.dataset.ahead, "after", place)).then(receive, () => {});
      }
      await refill();
    });
  };
  const later = () => {
    const ahead = held();
    const gone = advance();
    const place = ahead?.dataset.place || gone.dataset.place;
    const turn = undone;
    send(async () => {
      try {
        const page = await ask(address(desk.dataset.ahead, "after", place));
        if (turn === undone) await receive(page);
      } catch (error) {
        complain(error.message);
        bringBack(gone);
      }
      await refill();
    });
  };
  const undo = (form) => {
    undone += 1;
    problem().replaceChildren();
    send(async () => {
      try {
        const page = await ask(form.action, { method: "POST", body: new FormData(form) });
        const part = document.adoptNode(page.querySelector(".case"));
        document.getElementById("desk-counters").replaceWith(document.adoptNode(page.querySelector("[data-counters]")));
        told = `${desk.dataset.takenBack}:`;
        bringBack(part);
      } catch (error) {
        complain(error.message);
      }
      await refill();
    });
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-decide]")) {
      event.preventDefault();
      if (form.closest(".case").hidden || !event.submitter) return;
      told = `${desk.dataset.decided} ${event.submitter.querySelector("span").textContent}.`;
      decide(form, event.submitter);
    } else if (form.matches("[data-undo]")) {
      event.preventDefault();
      undo(form);
    }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-later]") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    later();
  });
  document.addEventListener("keydown", (event) => {
    const note = event.target.closest("[data-note]");
    if (note && event.key === "Escape") desk.focus({ preventScroll: true });
    if (event.repeat || event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (event.key === "?") {
      const keys = document.querySelector("[data-keys]");
      keys.open = !keys.open;
      return;
    }
    // a button or a link that has the focus keeps its own space bar
    if (event.shiftKey || (event.code === "Space" && event.target.closest("button, a, summary"))) return;
    const here = shown();
    if (event.code === "KeyT" && here) here.querySelector("[data-note]")?.focus();
    else if (event.code === "KeyB" && here) here.querySelector("[data-item-link]")?.click();
    else if (event.code === "Backspace") document.querySelector("[data-undo] button").click();
    else {
      const button = here?.querySelector(`[data-code="${CSS.escape(event.code)}"]`);
      if (!button) return;
      button.click();
    }
    event.preventDefault();
  });
  desk.setAttribute("role", "application");
  keepFocus();
  say(shown()?.dataset.announce ?? "");
})();
