import io
import logging

import pytest

from playoff.common.progress import show_progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_bar():
    terminal = Terminal()
    with show_progress(terminal) as progress:
        progress("regressions", 1, 2)
        progress("regressions", 2, 2)
    half, whole = terminal.getvalue().removeprefix("\r").split("\r")
    assert half.count("#") == half.count(".") == 15
    assert whole.count("#") == 30 and whole.endswith("2/2\n")


def test_a_refusal_starts_a_line_of_its_own():
    terminal = Terminal()
    with pytest.raises(ValueError, match="bad"), show_progress(terminal) as progress:
        progress("tracks", 1, 2)
        raise ValueError("bad")
    assert terminal.getvalue().endswith("1/2\n")


def test_a_log_gets_a_line_for_each_finished_step(caplog):
    caplog.set_level(logging.INFO)
    log = io.StringIO()
    with show_progress(log) as progress:
        progress("track vectors", 1, 2)
        progress("track vectors", 2, 2)
    assert [record.getMessage() for record in caplog.records] == ["progress.step step=track-vectors done=2 total=2"]
    assert log.getvalue() == ""
