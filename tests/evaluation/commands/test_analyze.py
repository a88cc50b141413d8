import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from evaluation.stats.analysis import analyze
from evaluation.stats.judgments import Judgment, read_judgments, write_judgments

ROOT = Path(__file__).parents[3]


@pytest.fixture
def votes(tmp_path):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    path = tmp_path / "votes.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        write_judgments(
            [
                Judgment(
                    f"p{at % 8}",
                    "=тихая музыка",
                    *(("bm25", "ретривер") if at % 2 else ("ретривер", "bm25")),
                    ("a", "b", "tie")[at % 5 % 3],
                    start + timedelta(minutes=at),
                )
                for at in range(80)
            ],
            stream,
        )
    return path


@pytest.fixture
def manage(tmp_path):
    """Runs the command as a person does; gives exit code, standard output and standard error."""

    def run(*arguments):
        environment = os.environ | {"SECRET_KEY": "tests-only", "PLAYOFF_HOME": str(tmp_path)}
        command = [sys.executable, str(ROOT / "manage.py"), "analyze", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, check=False)
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.fixture
def refusal(capsys):
    """Runs the command in this process as from the command line, and gives its one line on standard error."""
    from evaluation.management.commands.analyze import Command

    def run(*arguments):
        with pytest.raises(SystemExit) as stopped:
            Command().run_from_argv(["manage.py", "analyze", *map(str, arguments)])
        assert stopped.value.code == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.endswith("\n") and captured.err.count("\n") == 1
        return captured.err

    return run


def test_json_on_standard_output_is_all_there_is(manage, votes):
    code, out, err = manage(votes, "--json", "-", "--seed", "4", "--replicates", "50", "--elo-k", "16")
    assert (code, err) == (0, "")
    result = json.loads(out)
    assert (result["seed"], result["replicates"], result["elo_k"]) == (4, 50, 16.0)
    assert result == analyze(read_judgments(votes), seed=4, replicates=50, elo_k=16.0).as_json()


def test_a_wrong_line_ends_with_code_2_and_one_line(manage, votes):
    votes.write_text(votes.read_text(encoding="utf-8") + "p1,q,x,y,draw,2026-01-01,,\n", encoding="utf-8")
    code, out, err = manage(votes)
    assert (code, out) == (2, "")
    assert err == f"{votes}, line 82: `outcome` must be a, b or tie, got 'draw'.\n"


def test_prints_a_table_and_writes_the_file(votes, tmp_path, capsys):
    call_command("analyze", str(votes), "--json", str(tmp_path / "result.json"), "--replicates", "50")
    out = capsys.readouterr().out
    assert "80 judgments" in out
    assert "ретривер" in out
    assert "bm25 – ретривер" in out
    assert "! Only 8 participants judged" in out
    written = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert written == analyze(read_judgments(votes), replicates=50).as_json()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_writes_over_an_older_result(votes, tmp_path):
    target = tmp_path / "result.json"
    target.write_text("old")
    call_command("analyze", str(votes), "--json", str(target), "--replicates", "50")
    assert json.loads(target.read_text(encoding="utf-8"))["judgments"] == 80


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--seed", "x"], "--seed: must be a whole number of at least 0, got 'x'"),
        (["--seed", "-1"], "--seed: must be a whole number of at least 0, got '-1'"),
        (["--replicates", "1"], "--replicates: must be a whole number of at least 2"),
        (["--replicates", "1e3"], "--replicates: must be a whole number"),
        (["--elo-k", "0"], "--elo-k: must be a number above 0, got '0'"),
        (["--elo-k", "nan"], "--elo-k: must be a number above 0, got 'nan'"),
        (["--elo-k", "1e9"], "K must be above 0 and at most 10000"),
        (["--json", "nowhere/result.json"], "--json: nowhere/result.json: there is no directory nowhere"),
        (["--json"], "--json: expected one argument"),
        (["--bogus"], "unrecognized arguments: --bogus"),
    ],
)
def test_refuses_wrong_options_in_one_line(refusal, votes, arguments, words):
    assert words in refusal(votes, *arguments)


def test_refuses_a_missing_file_a_folder_and_an_empty_file(refusal, tmp_path):
    assert "there is no such file or directory" in refusal(tmp_path / "none.csv")
    assert "this is a directory" in refusal(tmp_path)
    empty = tmp_path / "empty.csv"
    empty.touch()
    assert "the file is empty" in refusal(empty)
    assert "the following arguments are required" in refusal()


def test_refuses_to_write_into_a_folder(refusal, votes, tmp_path):
    assert "this is a directory" in refusal(votes, "--json", tmp_path)


def test_called_from_python_it_raises(tmp_path):
    with pytest.raises(CommandError, match="no such file") as refused:
        call_command("analyze", str(tmp_path / "none.csv"))
    assert refused.value.returncode == 2
