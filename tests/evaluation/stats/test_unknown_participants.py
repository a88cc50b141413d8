"""Judgments of which nobody knows who made them: each its own unit, said wherever it matters."""

import json

import numpy as np
import pytest

from evaluation.stats.analysis import analyze
from evaluation.stats.clusters import cluster_covariance
from evaluation.stats.davidson import DavidsonModel
from evaluation.stats.errors import JudgmentError
from evaluation.stats.judgments import Judgment
from evaluation.stats.tables import JudgmentTable
from evaluation.stats.units import named

HALVES = {"mood": "personal", "genre": "other"}


@pytest.fixture(scope="module")
def results():
    """The analysis without participants, and of the same judgments each made by somebody else."""
    from datetime import UTC, datetime, timedelta

    rng = np.random.default_rng(1)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    pairs, said = rng.permuted(np.tile(list("xyz"), (180, 1)), axis=1)[:, :2].tolist(), rng.integers(0, 3, 180)
    rows = [
        (*pair, ("a", "b", "tie")[outcome], start + timedelta(minutes=at), ("mood", "genre")[at % 2])
        for at, (pair, outcome) in enumerate(zip(pairs, said, strict=True))
    ]
    return tuple(
        analyze([Judgment(who.format(at), "q", *row) for at, row in enumerate(rows)], replicates=50, halves=HALVES)
        for who in ("", "{}")  # resamples are drawn by name, and each of the nameless is drawn by its number
    )


def test_is_said(results):
    nameless, _ = results
    assert (nameless.unit, nameless.participants) == ("judgment", None)
    assert [caution.code for caution in nameless.cautions] == ["no_participants"]
    assert all(system.participants is None for system in nameless.systems)
    assert nameless.model.interval == "jackknife over judgments (CR3), t"
    assert "the judgment is the unit" in nameless.methods["win_rate_a_ci"]
    assert "participant" not in str(nameless.methods)


def test_numbers_are_those_of_as_many_people(results):
    nameless, apart = results
    for ours, theirs in zip(nameless.systems, apart.systems, strict=True):
        for name in ("win_rate", "win_rate_ci", "elo", "elo_ci", "bt", "bt_ci", "rank_ci", "share_first"):
            assert getattr(ours, name) == pytest.approx(getattr(theirs, name)), name
    assert apart.unit == "participant" and apart.participants == 180
    assert "the participant is the unit" in apart.methods["win_rate_a_ci"]


def test_the_breakdown_has_rates_and_no_tests(results):
    nameless, apart = results
    assert nameless.breakdown.tests == 0 and apart.breakdown.tests > 0
    assert nameless.breakdown.interval.endswith("the judgment is the unit")
    for ours, theirs in zip(nameless.breakdown.pairs, apart.breakdown.pairs, strict=True):
        assert (ours.participants, ours.by_participant) == (None, None)
        assert (ours.win_rate_a, ours.win_rate_a_ci) == (theirs.win_rate_a, theirs.win_rate_a_ci)
        assert ours.note == "The judgments do not say who made them, so there is no test by participant."
    for ours, theirs in zip(nameless.breakdown.contrasts, apart.breakdown.contrasts, strict=True):
        assert (ours.p, ours.p_holm, ours.statistic, ours.participants, ours.in_both) == (None,) * 5
        assert ours.difference_ci == pytest.approx(theirs.difference_ci)
        assert "resampling judgments" in ours.test
        assert theirs.p_holm >= theirs.p and theirs.p_bonferroni >= theirs.p_holm >= theirs.p_bh


def test_is_finite_json(results):
    plain = results[0].as_json()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert plain["cautions"][0] == {"code": "no_participants", "text": plain["warnings"][0], "values": {}}


def test_some_with_a_name_and_some_without_are_refused(judge):
    with pytest.raises(JudgmentError, match="1 of 2 judgments have an empty `participant`; name who"):
        JudgmentTable.of(judge([("", "x", "y", "a"), ("p", "x", "y", "b")]))


def test_few_judgments_are_too_few_by_their_own_count(judge):
    rows = [Judgment("", "q", "x", "y", "a", one.created_at, "mood") for one in judge([("", "x", "y", "a")] * 3)]
    breakdown = analyze(rows, replicates=20, halves=HALVES).breakdown
    assert breakdown.by_half[0].note.endswith("so there are no rates (judgments: 3).")
    assert "3, where 20 are needed" in breakdown.pairs[0].note
    assert "participant" not in breakdown.pairs[0].note + breakdown.contrasts[0].note


def test_the_unit_goes_where_the_judgments_go(judge):
    table = JudgmentTable.of(judge([("", "x", "y", "a"), ("", "y", "x", "a"), ("", "x", "y", "tie")]))
    assert table.participant.tolist() == [0, 1, 2] and table.people(3) is None
    cells = table.cells(by_side=True)
    assert {table.where(table.score > 0).unit, cells.unit, cells.restricted_to([0, 1]).unit} == {"judgment"}
    covariance = cluster_covariance(DavidsonModel(table.cells(by_side=False), 2))
    assert "participants" not in covariance.method


def test_names_of_methods():
    assert named("over participants; the participant", "judgment") == "over judgments; the judgment"
    assert named("over participants", "participant") == "over participants"
