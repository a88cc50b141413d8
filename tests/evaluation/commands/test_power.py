"""`manage.py power`: the formula, the simulation, planning from a file, and every refusal."""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from functools import partial

import numpy as np
import pytest
from django.core.management import call_command

from evaluation.stats.judgments import Judgment, write_judgments
from evaluation.stats.power import BRADLEY_TERRY, Plan, need, power_of, smallest_gap
from evaluation.stats.power_simulation import StudyModel, simulate_power

PLAN = ("--gap", "50", "--ties", "0.15", "--judgments-per-participant", "10", "--taste-sd", "0.5", "--systems", "3",
        "--power", "0.8")  # fmt: skip


@pytest.fixture
def told(capsys):
    """The JSON of a call."""

    def run(*arguments):
        call_command("power", *arguments, "--json", "-")
        return json.loads(capsys.readouterr().out)

    return run


@pytest.fixture
def printed(capsys):
    def run(*arguments):
        call_command("power", *arguments)
        return capsys.readouterr().out

    return run


@pytest.fixture
def refusal(refusal_of):
    return partial(refusal_of, "power")


@pytest.fixture
def votes(tmp_path):
    """40 participants with 12 judgments each of three systems, a fifth of them ties, from a seeded generator."""

    def write(judgments_each=12):
        rng = np.random.default_rng(8)
        start = datetime(2026, 1, 1, tzinfo=UTC)
        pairs = (("x", "y"), ("y", "z"), ("z", "x"))
        rows = []
        for person in range(40):
            for at in range(judgments_each):
                a, b = pairs[(person + at) % 3]
                better = 0.55 if a < b else 0.25
                outcome = rng.choice(["a", "b", "tie"], p=[better, 0.8 - better, 0.2])
                rows.append(Judgment(f"p{person}", "q", a, b, str(outcome), start + timedelta(minutes=len(rows))))
        path = tmp_path / "votes.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            write_judgments(rows, stream)
        return path

    return write


def test_450_judgments_for_50_elo_at_15_percent_ties(told, printed):
    alone = ("--gap", "50", "--ties", "0.15", "--judgments-per-participant", "1", "--taste-sd", "0", "--systems", "2")
    assert told(*alone)["need"]["judgments_per_pair"] == 450
    assert "450 judgments per pair by the formula" in printed(*alone)


def test_the_json_is_the_core(told):
    plan = Plan(systems=3)
    found = told(*PLAN, "--participants", "60")
    assert found["need"] == asdict(need(plan))
    assert found["need_bradley_terry"] == asdict(need(replace(plan, analysis=BRADLEY_TERRY)))
    assert found["plan"]["gap"] == 50 and found["plan"]["pairs"] == 3
    at_hand = found["with_participants"]
    assert at_hand["direct"] == {"power": power_of(plan, 60), "smallest_gap": smallest_gap(plan, 60)}
    assert (at_hand["participants"], at_hand["judgments"]) == (60, 600)
    assert found["simulation"] is None and found["source"] is None


def test_the_words(printed):
    said = printed(*PLAN, "--participants", "60", "--simulate", "--runs", "40", "--seed", "2")
    assert said.startswith("to find 50 Elo with power 0.8 at level 0.05: 3 systems, 15.0% ties")
    assert f"{need(Plan(systems=3)).participants} participants (" in said
    assert "bradley-terry: power" in said and "smallest difference" in said
    assert "40 simulated studies of 60 participants with 10 judgments each, seed 2" in said
    assert "system 2 – system 3, false alarms: sign flips, Holm" in said


def test_the_simulation_repeats(told):
    arguments = ("--gap", "100", "--participants", "20", "--simulate", "--runs", "50", "--seed", "3")
    found = told(*arguments)
    assert found == told(*arguments)
    model = StudyModel.of_plan(Plan(gap=100))
    expected = simulate_power(model, participants=20, judgments_each=10, runs=50, seed=3)
    assert found["simulation"] == json.loads(json.dumps(asdict(expected)))
    assert (found["simulation"]["seed"], found["simulation"]["runs"]) == (3, 50)


def test_a_simulation_without_participants_takes_those_needed(told):
    found = told("--gap", "150", "--simulate", "--runs", "20")
    assert found["simulation"]["participants"] == found["need"]["participants"]


def test_from_a_file(told, printed, votes):
    path = votes()
    found = told("--from", str(path))
    assert found["source"]["judgments"] == 480 and found["source"]["systems"] == ["x", "y", "z"]
    assert found["source"]["taste_sd"]["repeats"] == 360
    assert found["plan"]["taste_sd"] == found["source"]["taste_sd"]["value"]
    assert (found["plan"]["judgments_each"], found["plan"]["systems"]) == (12.0, 3)
    assert found["plan"]["ties"] == pytest.approx(0.2, abs=0.05)
    assert "from 480 judgments by 40 participants" in printed("--from", str(path))


def test_what_is_given_wins_over_the_file(told, votes):
    found = told("--from", str(votes()), "--ties", "0.4", "--taste-sd", "1", "--judgments-per-participant", "3")
    assert (found["plan"]["ties"], found["plan"]["taste_sd"], found["plan"]["judgments_each"]) == (0.4, 1.0, 3)
    assert found["source"]["taste_sd"] is None


def test_studies_like_the_file_are_simulated_from_its_model(told, votes):
    path = str(votes())
    like = told("--from", path, "--simulate", "--runs", "20")["simulation"]
    assert [pair["a"] for pair in like["pairs"]] == ["x", "x", "y"]
    assert len(set(like["strengths"])) == 3
    given = told("--from", path, "--simulate", "--runs", "20", "--gap", "120")["simulation"]
    assert [round(pair["gap"]) for pair in given["pairs"]] == [120, 120, 0]


def test_writes_the_file_too(tmp_path, capsys):
    call_command("power", "--json", str(tmp_path / "power.json"))
    assert "participants" in capsys.readouterr().out
    assert json.loads((tmp_path / "power.json").read_text(encoding="utf-8"))["need"] == asdict(need(Plan()))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--gap", "0"], "--gap: must be a number from 0.001 to 2000, got '0'"),
        (["--gap", "much"], "--gap: must be a number from 0.001 to 2000, got 'much'"),
        (["--gap", "nan"], "got 'nan'"),
        (["--ties", "15"], "--ties: must be a number from 0 to 0.95, got '15'"),
        (["--judgments-per-participant", "0"], "--judgments-per-participant: must be a whole number of at least 1"),
        (["--taste-sd", "-1"], "--taste-sd: must be a number from 0 to 5"),
        (["--systems", "1"], "--systems: must be a whole number of at least 2"),
        (["--power", "1"], "--power: must be a number from 0.01 to 0.999, got '1'"),
        (["--power", "0.03"], "The power must be above the level and at most 0.999, got 0.03."),
        (["--alpha", "0.5"], "--alpha: must be a number from 1e-06 to 0.499"),
        (["--participants", "0"], "--participants: must be a whole number of at least 1"),
        (["--runs", "9", "--simulate"], "--runs: must be a whole number of at least 10"),
        (["--seed", "x"], "--seed: must be a whole number of at least 0"),
        (["--json", "nowhere/power.json"], "there is no directory nowhere"),
        (["--from", "nowhere.csv"], "nowhere.csv: there is no such file or directory"),
        (["--gap", "1", "--systems", "60", "--judgments-per-participant", "1"], "plan for a larger gap."),
        (["--simulate", "--participants", "1"], "The participants must be between 2 and 100000, got 1."),
        (["--simulate", "--participants", "90000", "--runs", "90000"], "would take hours; lower --runs or the plan."),
    ],
)
def test_refusals(refusal, arguments, words):
    assert words in refusal(*arguments)


def test_a_file_that_cannot_tell_the_tastes_is_refused_and_the_mend_works(refusal, told, votes):
    path = votes(judgments_each=3)
    assert "cannot be told (at least 10 are needed); give the SD instead." in refusal("--from", path)
    assert told("--from", str(path), "--taste-sd", "0.5")["plan"]["judgments_each"] == 3


def test_an_empty_file_is_refused(refusal, tmp_path):
    path = tmp_path / "empty.csv"
    path.write_text("participant,query,system_a,system_b,outcome,created_at\n", encoding="utf-8")
    assert f"{path}, line 2: there is no judgment after the header" in refusal("--from", path)


def test_a_wrong_line_is_named(refusal, votes):
    path = votes()
    path.write_text(path.read_text(encoding="utf-8") + "p1,q,x,y,draw,2026-01-01,,\n", encoding="utf-8")
    assert "line 482: `outcome` must be a, b or tie, got 'draw'." in refusal("--from", path)


def test_judgments_by_nobody_known_need_both_numbers(refusal, told, votes):
    path = votes()
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    nameless = [header, *("," + line.split(",", 1)[1] for line in lines)]
    path.write_text("\n".join(nameless) + "\n", encoding="utf-8")
    words = "the judgments do not say who made them; give --taste-sd and --judgments-per-participant."
    assert words in refusal("--from", path, "--taste-sd", "0.5")
    found = told("--from", str(path), "--taste-sd", "0.5", "--judgments-per-participant", "12")
    assert found["source"]["participants"] is None and found["plan"]["judgments_each"] == 12
