// Previews: one small button instead of the browser's wide player; one plays at a time, none by itself.
(() => {
  const button = (audio) => audio.parentElement.querySelector("button");
  const press = (audio, playing) => button(audio)?.setAttribute("aria-pressed", String(playing));
  const missing = (audio) => {
    const words = audio.closest("[data-missing]").dataset.missing;
    press(audio, false);
    button(audio).disabled = true;
    button(audio).title = words;
    document.getElementById("status").textContent = words;
  };

  document.addEventListener("htmx:load", (event) => {
    event.target.querySelectorAll("[data-preview] audio[controls]").forEach((audio) => audio.removeAttribute("controls"));
  });
  document.addEventListener("click", (event) => {
    const audio = event.target.closest("[data-preview] button")?.parentElement.querySelector("audio");
    if (!audio) return;
    if (!audio.paused) {
      audio.pause();
      audio.currentTime = 0;
      return;
    }
    audio.play().catch((error) => error.name !== "AbortError" && missing(audio));
  });
  // Media events do not bubble, but they can be caught on their way down.
  document.addEventListener(
    "play",
    (event) => {
      for (const other of document.querySelectorAll("[data-preview] audio")) if (other !== event.target) other.pause();
      press(event.target, true);
    },
    true,
  );
  for (const name of ["pause", "ended"]) document.addEventListener(name, (event) => press(event.target, false), true);
})();
