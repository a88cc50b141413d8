import json
from datetime import UTC, datetime, timedelta
from functools import partial
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
def manage(manage_command):
    return partial(manage_command, "analyze")


@pytest.fixture
def refusal(refusal_of):
    return partial(refusal_of, "analyze")


def test_json_on_standard_output_is_all_there_is(manage, votes):
    code, out, err = manage(votes, "--json", "-", "--seed", "4", "--replicates", "50", "--elo-k", "16")
    assert (code, err) == (0, "")
    result = json.loads(out)
    assert (result["seed"], result["replicates"], result["elo_k"]) == (4, 50, 16.0)
    assert result == analyze(read_judgments(votes), seed=4, replicates=50, elo_k=16.0).as_json()


def test_checks_flag_and_results_stand_with_and_without(votes, tmp_path, capsys):
    checks = tmp_path / "checks.csv"
    checks.write_text("participant,check,passed\np3,gold,no\np3,twin,no\np3,repeat,yes\np4,gold,yes\n")
    call_command("analyze", str(votes), checks=str(checks), json=str(tmp_path / "result.json"), replicates=50)
    quality = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))["quality"]
    assert (quality["flagged"], quality["checks"], quality["checks_failed"]) == (1, 4, 2)
    assert quality["participants"][3]["flags"] == ["checks"]
    assert quality["without_flagged"]["judgments"] == 70
    out = capsys.readouterr().out
    assert "flagged: 1" in out


def test_a_wrong_line_of_checks_ends_with_code_2(manage, votes, tmp_path):
    checks = tmp_path / "checks.csv"
    checks.write_text("participant,check,passed\np9,gold,no\n")
    code, out, err = manage(votes, "--checks", str(checks))
    assert (code, out) == (2, "")
    assert "names the participant 'p9', who gave no judgment" in err
    checks.write_text("participant,check,passed\np3,gold,perhaps\n")
    assert f"{checks}, line 2: `passed` must be yes or no, got 'perhaps'" in manage(votes, "--checks", str(checks))[2]
    assert "there is no such file" in manage(votes, "--checks", str(tmp_path / "none.csv"))[2]


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


def test_says_what_the_file_cannot_tell_and_names_the_reading(votes, tmp_path, capsys):
    path = tmp_path / "result.json"
    options = {"trials": 100, "looks": 5, "mann_whitney": "all", "replicates": 50, "json": path}
    call_command("analyze", str(votes), **options)
    out = capsys.readouterr().out
    assert "20 of the 100 trials shown (20 %) were not answered" in out
    assert "The results were looked at 5 times" in out
    assert "Mann-Whitney: all judgments (D2)" in out and "BH (exploratory)" in out
    assert max(map(len, out.splitlines())) <= 120
    written = json.loads(path.read_text(encoding="utf-8"))
    assert (written["trials"], written["looks"]) == (100, 5)
    assert {"unanswered", "peeking"} <= {caution["code"] for caution in written["cautions"]}
    assert written == analyze(read_judgments(votes), replicates=50, trials=100, looks=5, mann_whitney="all").as_json()


def test_a_file_without_participants(votes, capsys, refusal):
    lines = votes.read_text(encoding="utf-8").splitlines(keepends=True)
    nameless = [lines[0], *("," + line.partition(",")[2] for line in lines[1:])]
    votes.write_text("".join(nameless), encoding="utf-8")
    call_command("analyze", str(votes), replicates=50)
    out = capsys.readouterr().out
    assert "by unknown participants" in out and "the judgment is the unit" in out
    assert "! The judgments do not say who made them" in out
    assert "cannot be 'rates', as the judgments do not say who made them" in refusal(votes, "--mann-whitney", "rates")
    votes.write_text("".join([*nameless[:5], *lines[5:]]), encoding="utf-8")
    assert f"{votes}, line 6: `participant` is 'p4', but empty on the lines before" in refusal(votes)


def test_model_and_interval_are_options(votes, tmp_path, capsys):
    target = tmp_path / "result.json"
    options = ("--model", "rao-kupper", "--interval", "bootstrap", "--replicates", "50")
    call_command("analyze", str(votes), "--json", str(target), *options)
    out = capsys.readouterr().out
    assert "rating: Rao–Kupper" in out
    assert "would be first if at most" in out
    assert "without any one participant" in out or "loses the first place without" in out
    written = json.loads(target.read_text(encoding="utf-8"))
    assert f"intervals of ratings: {written['model']['interval']}\n" in out
    assert (written["model"]["slug"], written["model"]["interval_asked"]) == ("rao-kupper", "bootstrap")
    expected = analyze(read_judgments(votes), replicates=50, model="rao-kupper", interval="bootstrap").as_json()
    assert written == expected


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
        (["--model", "elo"], "--model: invalid choice: 'elo'"),
        (["--interval", "wald"], "--interval: invalid choice: 'wald'"),
        (["--json"], "--json: expected one argument"),
        (["--mann-whitney", "D2"], "--mann-whitney: invalid choice: 'D2'"),
        (["--trials", "-1"], "--trials: must be a whole number of at least 0"),
        (["--trials", "79"], "The trials must be at least as many as the judgments (80), got 79"),
        (["--looks", "x"], "--looks: must be a whole number of at least 0"),
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


def test_against_another_file(votes, tmp_path, capsys):
    other = tmp_path / "other.csv"
    lines = votes.read_text(encoding="utf-8").splitlines()
    other.write_text("\n".join([lines[0], *lines[1:60]]) + "\n", encoding="utf-8")
    target = tmp_path / "out.json"
    call_command("analyze", str(votes), against=str(other), json=str(target), replicates=20)
    told = json.loads(target.read_text(encoding="utf-8"))
    (gap,) = told["comparison"]["gaps"]
    assert (gap["a"], gap["b"], gap["judgments"]) == ("bm25", "ретривер", [80, 59])
    assert told["comparison"]["shared_participants"] == 8
    printed = capsys.readouterr().out
    assert "bm25 above ретривер by" in printed and "judged in both: 8." in printed
    call_command("analyze", str(votes), json="-", replicates=20)
    assert "comparison" not in json.loads(capsys.readouterr().out)


def test_a_bad_other_file_is_refused_in_one_line(votes, tmp_path, refusal):
    other = tmp_path / "other.csv"
    other.write_text("participant,query\n", encoding="utf-8")
    assert "other.csv" in refusal(votes, "--against", other)
    assert "nowhere.csv" in refusal(votes, "--against", tmp_path / "nowhere.csv")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_report_of_any_file(votes, tmp_path, language, capsys):
    import hashlib

    for name in ("one", "two"):
        call_command(
            "analyze", str(votes), report=tmp_path / name, json=str(tmp_path / f"{name}.json"), language=language,
            replicates=50,
        )  # fmt: skip
    one, two = (
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in (tmp_path / name).rglob("*")
            if path.is_file()
        }
        for name in ("one", "two")
    )
    assert one == two and len(one) > 30
    for line in (tmp_path / "one" / "MANIFEST").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((tmp_path / "one" / name).read_bytes()).hexdigest() == digest
    report = json.loads((tmp_path / "one" / "report.json").read_text())
    analysis = json.loads((tmp_path / "one.json").read_text())
    assert {key: report[key] for key in analysis} == analysis
    again = read_judgments(tmp_path / "one" / "judgments.csv")
    assert {judgment.participant for judgment in again} == {f"p{number}" for number in range(1, 9)}
    assert "waiting" not in report and "blind" not in (tmp_path / "one" / "methods.en.txt").read_text()
    assert f'lang="{language}"' in (tmp_path / "one" / "report.html").read_text()


def test_a_report_folder_that_cannot_be_is_refused_first(votes, tmp_path, refusal):
    (tmp_path / "file").write_text("mine")
    refusal(votes, "--report", tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine"
