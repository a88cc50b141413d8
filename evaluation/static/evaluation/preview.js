// Previews: one small button instead of the browser's wide player; one plays at a time, none by itself.
(() => {
  const button = (audio) => audio.parentElement.querySelector("button");
  const label = (audio, playing) => {
    const control = button(audio);
    control.dataset.play ??= control.getAttribute("aria-label");
    control.setAttribute("aria-label", playing ? control.dataset.stop : control.dataset.play);
    control.classList.toggle("is-playing", playing);
  };
  const missing = (audio) => {
    const control = button(audio);
    label(audio, false);
    control.disabled = true;
    control.title = control.dataset.missing;
    document.getElementById("status").textContent = control.dataset.missing;
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
      label(event.target, true);
    },
    true,
  );
  for (const name of ["pause", "ended"]) document.addEventListener(name, (event) => label(event.target, false), true);
})();
