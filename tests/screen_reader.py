"""Orca, the screen reader, beside a visible Chromium on a screen of its own: real keys, and its words kept.

Keys go through the X server, so Orca meets them first, as on a desk: what it takes for its own reading commands never
reaches the page. Its words come from its own log, whether or not there is a voice to say them.
"""

import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

NEEDED = ("orca", "Xvfb", "dbus-daemon", "xdotool", "chromium")
SAID = re.compile(r"SPEECH OUTPUT: '(.*)'(?: voice=\w+)?(?:\{.*|None)?\s*$")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--force-renderer-accessibility", "--window-position=0,0", "--window-size=1280,900"]


def missing() -> list[str]:
    return [name for name in NEEDED if not shutil.which(name)]


def reason_to_skip() -> str:
    """Why the reader is not asked; empty where it is. A busy machine reads late, so that it is run by hand."""
    if os.environ.get("SCREEN_READER") != "1":
        return "a screen reader is asked with SCREEN_READER=1"
    return f"no screen reader here: {', '.join(missing())} not on the PATH" if missing() else ""


class ScreenReader:
    def __init__(self, home: Path) -> None:
        self.home = home
        self.words: list[str] = []
        self.place = 0  # where in the words the part begins that nobody asked about yet
        self.processes: list[subprocess.Popen[Any]] = []
        self.environment: dict[str, str] = {}

    def start(self) -> None:
        (self.home / "RUNTIME_DIR").mkdir(mode=0o700)
        display = self._start_screen()
        self.environment = {
            **{name: value for name, value in os.environ.items() if name in ("PATH", "TZ")},
            **{
                f"XDG_{name}": str(self.home / name)
                for name in ("CONFIG_HOME", "DATA_HOME", "CACHE_HOME", "RUNTIME_DIR")
            },
            "HOME": str(self.home),
            "DISPLAY": display,
            "LANG": "C.UTF-8",
        }
        bus = self._start("dbus-daemon", "--session", "--nofork", "--print-address=1", stdout=subprocess.PIPE)
        assert bus.stdout
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().decode().strip()
        self._start_orca()
        self.hear("Screen reader on")

    def _start_orca(self) -> None:
        """Its log is a terminal: into anything else it would write whole blocks, the last words of all much later."""
        ours, theirs = os.openpty()
        self._start("orca", "--replace", "--debug-file", os.ttyname(theirs), "--disable", "braille")
        threading.Thread(target=self._listen, args=(ours, theirs), daemon=True).start()

    def _listen(self, log: int, terminal: int) -> None:
        try:
            with os.fdopen(log, encoding="utf-8", errors="replace") as lines:
                for line in lines:
                    said = SAID.search(line)
                    if said and said[1].strip():
                        self.words.append(said[1].strip())
        except OSError:  # nobody writes any more
            pass
        finally:
            os.close(terminal)

    def _start_screen(self) -> str:
        ours, theirs = os.pipe()
        options = ("-displayfd", str(theirs), "-screen", "0", "1280x900x24", "-nolisten", "tcp")
        self._start("Xvfb", *options, environment=os.environ, pass_fds=(theirs,))
        os.close(theirs)
        with os.fdopen(ours) as number:
            return f":{number.readline().strip()}"

    def _start(
        self,
        *command: str,
        stdout: int | IO[bytes] = subprocess.DEVNULL,
        environment: Mapping[str, str] | None = None,
        **how: Any,
    ) -> subprocess.Popen[Any]:
        process = subprocess.Popen(
            command,
            env=environment or self.environment,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.DEVNULL,
            **how,
        )
        self.processes.append(process)
        return process

    def end(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    # --- hands ------------------------------------------------------------------------------------------------------

    def look_at_browser(self) -> None:
        """Give the keyboard to the browser's window: there is no window manager that would."""
        self._do("search", "--sync", "--onlyvisible", "--class", "chromium", "windowfocus")

    def press(self, *keys: str) -> None:
        """By X's names: `d`, `BackSpace`, `space`, `Return`. What was said before is forgotten."""
        self.forget()
        self._do("key", *keys)

    def type(self, text: str) -> None:
        self._do("type", "--delay", "40", text)
        self.forget()

    def _do(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], env=self.environment, check=True, stdout=subprocess.DEVNULL)

    # --- ears -------------------------------------------------------------------------------------------------------

    def forget(self) -> None:
        self.place = len(self.words)

    def said(self) -> list[str]:
        return self.words[self.place :]

    def hear(self, *words: str, within: float = 20) -> list[str]:
        """What was said since the last key, once all these words are in it, in this order."""
        pattern = re.compile(".*".join(re.escape(each) for each in words), re.DOTALL)
        end = time.monotonic() + within
        while time.monotonic() < end:
            said = self.said()
            if pattern.search("\n".join(said)):
                return said
            time.sleep(0.1)
        raise AssertionError(f"not heard within {within} s: {words}; it said {self.said()}")

    def press_until(self, key: str, words: str, at_most: int = 30) -> list[str]:
        """The same key again and again, as one looks for something by ear."""
        for _ in range(at_most):
            self.press(key)
            before: list[str] = []
            for _ in range(40):  # until it has said something, and then no more
                time.sleep(0.15)
                said = self.said()
                if said == before and len(said) > 0:
                    break
                before = said
            if words in "\n".join(before):
                return before
        raise AssertionError(f"{key} pressed {at_most} times, and {words} was not among what was said")
