import io
import logging

from annotation.management.progress import show_progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_bar():
    terminal = Terminal()
    progress = show_progress(terminal)
    progress("regressions", 1, 2)
    progress("regressions", 2, 2)
    half, whole = terminal.getvalue().removeprefix("\r").split("\r")
    assert half.count("#") == half.count(".") == 15
    assert whole.count("#") == 30 and whole.endswith("2/2\n")


def test_a_log_gets_a_line_for_each_finished_step(caplog):
    caplog.set_level(logging.INFO)
    log = io.StringIO()
    progress = show_progress(log)
    progress("regressions", 1, 2)
    progress("regressions", 2, 2)
    assert [record.getMessage() for record in caplog.records] == ["progress.step step=regressions done=2"]
    assert log.getvalue() == ""
