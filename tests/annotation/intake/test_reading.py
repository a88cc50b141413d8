import io
import signal
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from annotation.intake import reading
from annotation.intake.columns import Columns
from annotation.intake.errors import IntakeError
from annotation.intake.staging import Staging

SECRET = b"a secret of the tests, 32 bytes."
ROOT = Path(__file__).resolve().parents[3]


def make_log(rows: int) -> bytes:
    """A log with quoted line ends, faults and people who type often."""
    lines = ["user,query,category\n"]
    for number in range(rows):
        if number % 97 == 5:
            lines.append(f"listener-{number % 500},too,many,cells\n")
        elif number % 89 == 7:
            lines.append(f'listener-{number % 500},"for\nrunning {number % 1_000}",travel\n')
        else:
            lines.append(f"listener-{number % 500},запрос {number * 7919 % 3_000},\n")
    return "".join(lines).encode()


def contents(staging: Staging) -> list:
    return [staging.report(), *staging.kept_rows()]


def in_one_go(path: Path, data: bytes) -> list:
    with Staging(path) as staging:
        staging.stage(io.BytesIO(data), secret=SECRET, seed=3, known_categories=["travel"])
        staging.decide()
        return contents(staging)


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(reading, "BATCH", 50)


def test_slices_give_what_one_go_gives(tmp_path, small_batches):
    data = make_log(1_000)
    calls, seen = 0, []
    while True:
        with Staging(tmp_path / "slices") as staging:
            state = staging.stage(
                io.BytesIO(data),
                secret=SECRET,
                seed=3,
                known_categories=["travel"],
                limit_seconds=0,
                progress=seen.append,
            )
            calls += 1
            if state.finished:
                while not staging.decide(limit_seconds=0).finished:
                    pass
                break
    assert calls == 21
    assert [state.rows for state in seen] == [*range(50, 1_001, 50), 1_000]
    assert (seen[-1].bytes_read, seen[-1].bytes_total) == (len(data), len(data))
    with Staging(tmp_path / "slices") as staging:
        assert contents(staging) == in_one_go(tmp_path / "whole", data)


def test_a_killed_process_is_gone_on_with(tmp_path):
    log = tmp_path / "log.csv"
    log.write_bytes(data := make_log(20_000))
    script = textwrap.dedent(
        f"""
        import os, signal, sys
        sys.path.insert(0, {str(ROOT)!r})
        from pathlib import Path
        from annotation.intake import reading
        from annotation.intake.staging import Staging
        reading.BATCH = 1_000
        def progress(state):
            if state.rows == 7_000:
                # the next batch is under way when the end comes
                reading._write = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        Staging(Path({str(tmp_path / "killed")!r})).stage(
            open({str(log)!r}, "rb"), secret={SECRET!r}, seed=3, known_categories=["travel"], progress=progress)
        """
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -signal.SIGKILL
    with Staging(tmp_path / "killed") as staging:
        assert staging.state.rows == 7_000
        staging.stage(io.BytesIO(data), secret=SECRET, seed=3, known_categories=["travel"])
        staging.decide()
        assert contents(staging) == in_one_go(tmp_path / "whole", data)


def test_a_changed_file_and_changed_settings_are_refused(staging, small_batches):
    data = make_log(200)
    settings = {"secret": SECRET, "seed": 3, "known_categories": ["travel"]}
    staging.stage(io.BytesIO(data), **settings, limit_seconds=0)
    with pytest.raises(IntakeError, match="not the one that was begun; give that one, or start again"):
        staging.stage(io.BytesIO(data + b"x,y,z\n"), **settings)
    for change in (
        {"seed": 4},
        {"secret": SECRET[::-1]},
        {"known_categories": None},
        {"columns": Columns(text="user")},
    ):
        with pytest.raises(IntakeError, match="Columns, categories, seed or secret are not those"):
            staging.stage(io.BytesIO(data), **{**settings, **change})
    assert staging.state.rows == 50
    assert staging.stage(io.BytesIO(make_log(70)), **settings, resume=False).rows == 70
    assert staging.stage(io.BytesIO(make_log(70)), **settings).finished


def test_a_second_process_gives_way(tmp_path, small_batches):
    data = make_log(500)
    settings = {"secret": SECRET, "seed": 3, "known_categories": ["travel"]}
    other = Staging(tmp_path / "same")

    def overtake(state):
        if state.rows == 100:
            other.stage(io.BytesIO(data), **settings, limit_seconds=0)

    with Staging(tmp_path / "same") as staging:
        with pytest.raises(IntakeError, match="Another process is reading this file; let it finish"):
            staging.stage(io.BytesIO(data), **settings, progress=overtake)
        assert other.stage(io.BytesIO(data), **settings).rows == 500
    other.close()


def test_no_users_name_gets_into_the_staging_file(tmp_path):
    data = make_log(2_000) + b'"broken" listener-7,x,y\nlistener-8,jazz,listener-9\n' + b"listener-1,,\n"
    with Staging(tmp_path / "log") as staging:
        staging.stage(io.BytesIO(data), secret=SECRET, seed=3, known_categories=["travel"])
        staging.decide()
        assert staging.report().problem_kinds["unknown-category"] == 1
        assert "listener" not in repr(contents(staging))
    (database,) = tmp_path.iterdir()
    assert b"listener" not in database.read_bytes()
    assert SECRET not in database.read_bytes()
    assert database.stat().st_mode & 0o077 == 0


def test_problems_are_kept_up_to_a_bound_and_all_counted(staging, monkeypatch):
    monkeypatch.setattr(reading, "PROBLEMS_KEPT", 120)
    staging.stage(io.BytesIO(b"text,user\n" + b"a,b,c\n" * 300 + b",u\nfine,u\n"), secret=SECRET, seed=1)
    staging.decide()
    report = staging.report()
    assert (report.rows, report.kept, report.problem_kinds) == (302, 1, {"cells": 300, "text-empty": 1})
    assert [problem.line for problem in report.problems] == list(range(2, 102))


def test_a_fault_in_the_middle_of_an_array_ends_the_reading(staging, small_batches):
    data = b"[" + b'{"text": "a"},' * 120 + b"}"
    for _ in range(2):
        with pytest.raises(IntakeError, match=r"is not JSON .* element 121; correct it"):
            staging.stage(io.BytesIO(data), secret=SECRET, seed=1)
        assert (staging.state.rows, staging.state.finished) == (100, False)
    with pytest.raises(IntakeError, match="not read to its end; stage it first"):
        staging.decide()


def test_another_version_and_nothing_staged(tmp_path):
    with Staging(tmp_path / "x") as staging:
        for ask in (lambda: staging.state, staging.decide, staging.report, lambda: list(staging.kept_rows())):
            with pytest.raises(IntakeError, match=r"; (stage|decide)"):
                ask()
    connection = sqlite3.connect(tmp_path / "x")
    connection.execute("PRAGMA user_version = 9")
    connection.close()
    with pytest.raises(IntakeError, match="was staged by version 9, this one reads 1; stage it again"):
        Staging(tmp_path / "x")


def test_discarding_leaves_nothing(tmp_path):
    staging = Staging(tmp_path / "x")
    staging.stage(io.BytesIO(b"text\na\n"), secret=SECRET, seed=1)
    staging.discard()
    assert not list(tmp_path.iterdir())
