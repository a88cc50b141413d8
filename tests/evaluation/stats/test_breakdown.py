"""Breakdown and its halves: a study small enough to work out by hand, and what must not be said of too little."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.stats.analysis import analyze
from evaluation.stats.breakdown import break_down
from evaluation.stats.errors import StatisticsError
from evaluation.stats.intervals import cluster_rate
from evaluation.stats.multiplicity import holm
from evaluation.stats.sign_flip import sign_flip_test
from evaluation.stats.tables import JudgmentTable

HALVES = {"travel": "personalised", "romantic": "personalised", "charts": "other", "children": "other"}


@pytest.fixture
def by_hand(judge):
    """Eight people, six judgments each of x against y: x wins 2 of 3 with "travel", 1 of 3 with "children"."""

    def build(people=8):
        rows, labels = [], []
        for person in range(people):
            for label, outcomes in (("travel", "aab"), ("children", "abb")):
                for outcome in outcomes:
                    rows.append((f"p{person}", "x", "y", outcome))
                    labels.append(label)
        return [replace(one, category=label) for one, label in zip(judge(rows), labels, strict=True)]

    return build


def broken_down(judgments, *, by="category", halves=HALVES, seed=0, replicates=500, systems=None):
    judgments = list(judgments)
    table = JudgmentTable.of(judgments, systems)
    return break_down(table, by=by, halves=halves, seed=seed, replicates=replicates)


def test_counts_and_rates_by_hand(by_hand):
    result = broken_down(by_hand())
    assert result.halves == ("personalised", "other")
    assert [(group.value, group.half) for group in result.values] == [("travel", "personalised"), ("children", "other")]
    for group in (*result.by_half, *result.values):
        assert (group.judgments, group.participants, group.ties, group.note) == (24, 8, 0, "")
    x, y = result.by_half[0].systems
    assert (x.name, x.judgments, x.participants, x.wins, x.losses, x.ties) == ("x", 24, 8, 16, 8, 0)
    assert (x.win_rate, y.win_rate) == (pytest.approx(2 / 3), pytest.approx(1 / 3))
    # the people do not differ, so they count as 8 judgments; t(0.975, 7) = 2.36462; Wilson of 2/3 in 8
    assert x.win_rate_ci == pytest.approx((0.28807, 0.90813), abs=1e-4)
    assert x.effective_judgments == 8


def test_pairs_and_holm_by_hand(by_hand):
    result = broken_down(by_hand())
    one, other = result.pairs
    assert (one.half, one.a, one.b, one.judgments, one.wins_a, one.wins_b) == ("personalised", "x", "y", 24, 16, 8)
    assert (other.half, other.win_rate_a) == ("other", pytest.approx(1 / 3))
    # eight equal differences: only the two patterns with all signs alike are as extreme, 2 / 2^8
    assert one.by_participant.statistic == pytest.approx(1 / 6)
    assert [pair.by_participant.p for pair in result.pairs] == [2 / 256, 2 / 256]
    (contrast,) = result.contrasts
    assert contrast.difference == pytest.approx(1 / 3)
    # nobody differs in either half: two Wilson reaches of 0.37860 / 2.36462 standard errors, t = 1.4721 on 7
    assert contrast.statistic == pytest.approx(1.4721, abs=1e-3)
    assert (contrast.df, contrast.p) == (7, pytest.approx(0.1845, abs=1e-3))
    assert (contrast.judgments, contrast.participants, contrast.in_both) == ((24, 24), (8, 8), 8)
    assert result.tests == 3
    corrected = [*(pair.by_participant.p_holm for pair in result.pairs), contrast.p_holm]
    assert corrected == pytest.approx(holm([2 / 256, 2 / 256, contrast.p]))
    assert corrected[0] == pytest.approx(6 / 256)


def test_seven_judgments_too_few_give_counts_and_a_sentence(by_hand):
    result = broken_down(by_hand(people=6)[:-1])  # 18 and 17 judgments by 6 people
    for group in result.by_half:
        assert all(share.win_rate is None and share.win_rate_ci is None for share in group.systems)
        assert group.note.startswith("No system was judged 20 times by 6 participants here")
    assert [group.judgments for group in result.by_half] == [18, 17]
    assert [(pair.win_rate_a, pair.by_participant) for pair in result.pairs] == [(None, None)] * 2
    (contrast,) = result.contrasts
    assert (contrast.difference, contrast.p, contrast.p_holm, result.tests) == (None, None, None, 0)
    assert "17 by 6 participants, where 20 by 6 are needed" in contrast.note


def test_many_judgments_of_few_people_are_too_few(judge):
    rows = [(f"p{at % 5}", "x", "y", "aab"[at % 3]) for at in range(90)]
    result = broken_down([replace(one, category="travel") for one in judge(rows)])
    assert result.by_half[0].judgments == 90 and result.by_half[0].participants == 5
    assert result.by_half[0].systems[0].win_rate is None
    assert "90 by 5 participants" in result.pairs[0].note


def test_a_pair_of_one_half_only_cannot_be_contrasted(by_hand):
    result = broken_down([one for one in by_hand() if one.category == "travel"])
    assert [pair.judgments for pair in result.pairs] == [24, 0]
    assert result.pairs[0].win_rate_a is not None and result.pairs[1].note
    assert result.contrasts[0].difference is None and result.contrasts[0].participants == (8, 0)
    assert result.by_half[1].judgments == 0 and result.by_half[1].note


def test_what_nobody_asked_and_what_belongs_nowhere_is_said(by_hand):
    judgments = by_hand()
    judgments[0] = replace(judgments[0], category="weather")
    judgments[1] = replace(judgments[1], category="")
    result = broken_down(judgments)
    assert result.never_asked == ("romantic", "charts")
    assert [group.value for group in result.values] == ["travel", "children", "weather"]
    assert (result.unlabelled, result.in_no_half, result.values[2].half) == (1, 1, None)
    assert result.notes[0] == "1 of 48 judgments have no category; the breakdown leaves them out."
    assert result.notes[1].startswith("1 of 48 judgments have a category that belongs to neither half")
    assert "cause" in result.notes[2]
    assert sum(group.judgments for group in result.values) == 47


def test_without_labels_there_is_no_breakdown(by_hand):
    assert broken_down([replace(one, category="") for one in by_hand()]) is None
    assert broken_down([]) is None


def test_another_label_without_halves(by_hand):
    judgments = [replace(one, language=("en", "ru")[at % 2]) for at, one in enumerate(by_hand())]
    result = broken_down(judgments, by="language", halves={})
    assert [(group.value, group.half) for group in result.values] == [("en", None), ("ru", None)]
    assert (result.by, result.halves, result.pairs, result.contrasts, result.notes) == ("language", (), (), (), ())


@pytest.mark.parametrize("halves", [{"travel": "one"}, {"travel": "a", "charts": "b", "children": "c"}])
def test_halves_are_two(by_hand, halves):
    with pytest.raises(StatisticsError, match="two halves or none"):
        broken_down(by_hand(), halves=halves)


@pytest.fixture
def study(judge):
    """Thirty people of different tastes judge three systems; x is better with personalised queries only."""
    rng = np.random.default_rng(5)
    rows, labels = [], []
    for person in range(30):
        taste = rng.normal(0, 0.5, 3)
        for _ in range(16):
            label = rng.choice(list(HALVES))
            strength = taste + np.array([1.5 if HALVES[label] == "personalised" else -0.5, 0.0, 0.0])
            i, j = rng.permutation(3)[:2]
            up = np.exp((strength[i] - strength[j]) / 2)
            draw = rng.random() * (up + 1 / up + 0.4)
            rows.append(
                (f"p{person:02d}", "xyz"[i], "xyz"[j], "a" if draw < up else "b" if draw < up + 1 / up else "tie")
            )
            labels.append(str(label))
    return [replace(one, category=label) for one, label in zip(judge(rows), labels, strict=True)]


def test_the_rates_of_a_half_are_those_of_its_judgments_alone(study):
    """One method: what the main table would say of these judgments."""
    result = broken_down(study)
    for group in result.by_half:
        own = [one for one in study if HALVES[one.category] == group.value]
        alone = analyze(own, replicates=50, systems=["x", "y", "z"])
        assert (group.judgments, group.participants, group.ties) == (alone.judgments, alone.participants, alone.ties)
        for ours, theirs in zip(group.systems, alone.systems, strict=True):
            for name in ("judgments", "participants", "wins", "losses", "ties", "win_rate", "win_rate_ci"):
                assert getattr(ours, name) == pytest.approx(getattr(theirs, name)), name
        pairs = [pair for pair in result.pairs if pair.half == group.value]
        for ours, theirs in zip(pairs, alone.pairs, strict=True):
            assert (ours.a, ours.b, ours.judgments, ours.wins_a) == (
                theirs.a,
                theirs.b,
                theirs.judgments,
                theirs.wins_a,
            )
            assert ours.win_rate_a == pytest.approx(theirs.win_rate_a)
            assert ours.win_rate_a_ci == pytest.approx(theirs.win_rate_a_ci)
            assert ours.by_participant.statistic == pytest.approx(theirs.by_participant.statistic)


def test_the_difference_that_is_there_is_found_and_no_other(study):
    contrasts = {(one.a, one.b): one for one in broken_down(study).contrasts}
    for pair in (("x", "y"), ("x", "z")):
        assert contrasts[pair].difference > 0.2 and contrasts[pair].p_holm < 0.05
        assert contrasts[pair].difference_ci[0] > 0
    assert contrasts["y", "z"].p_holm > 0.05
    assert contrasts["y", "z"].difference_ci[0] < 0 < contrasts["y", "z"].difference_ci[1]


def test_naming_the_systems_the_other_way_round_turns_the_signs(study):
    names = {"x": "z", "y": "y", "z": "x"}
    turned = [replace(one, system_a=names[one.system_a], system_b=names[one.system_b]) for one in study]
    ours, theirs = broken_down(study).contrasts, broken_down(turned).contrasts
    assert ours[1].difference == pytest.approx(-theirs[1].difference)  # x – z
    assert ours[1].difference_ci == pytest.approx([-end for end in theirs[1].difference_ci[::-1]])


def test_file_order_matters_to_nothing_and_the_seed_to_draws_alone(study):
    assert broken_down(study[::-1]) == broken_down(study)
    one, other = broken_down(study, seed=1), broken_down(study, seed=2)
    assert one.by_half == other.by_half and one.contrasts != other.contrasts


def test_the_participant_is_the_unit(study):
    """Everybody saying the same again is no evidence."""
    again = study + [replace(one, created_at=one.created_at.replace(year=2027)) for one in study]
    once, twice = broken_down(study), broken_down(again)
    for ours, theirs in zip(once.pairs, twice.pairs, strict=True):
        assert ours.win_rate_a_ci == pytest.approx(theirs.win_rate_a_ci)
        assert ours.by_participant.p == theirs.by_participant.p
    for ours, theirs in zip(once.contrasts, twice.contrasts, strict=True):
        assert ours.difference_ci == pytest.approx(theirs.difference_ci)


def test_analysis_carries_it(study):
    result = analyze(study, replicates=100, halves=HALVES)
    assert result.breakdown == broken_down(study, replicates=100)
    plain = result.as_json()["breakdown"]
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert plain["by"] == "category" and plain["contrasts"][0]["judgments"] == list(
        result.breakdown.contrasts[0].judgments
    )
    assert analyze([replace(one, category="") for one in study], replicates=100, halves=HALVES).breakdown is None
    assert analyze(study, replicates=100).breakdown.halves == ()
    assert analyze([], halves=HALVES).as_json()["breakdown"] is None


anything = st.lists(
    st.tuples(
        st.sampled_from("pqrstuvw"),
        st.permutations(list("xyz")),
        st.sampled_from(["a", "b", "tie"]),
        st.sampled_from(["", "travel", "children", "weather"]),
    ),
    min_size=1,
    max_size=120,
)


@settings(max_examples=30, deadline=None)
@given(anything)
def test_any_breakdown_is_finite_and_adds_up(rows):
    from datetime import UTC, datetime

    from evaluation.stats.judgments import Judgment

    time = datetime(2026, 1, 1, tzinfo=UTC)
    judgments = [
        Judgment(person, "q", order[0], order[1], outcome, time, label) for person, order, outcome, label in rows
    ]
    result = broken_down(judgments, replicates=50)
    labelled = sum(bool(one.category) for one in judgments)
    if not labelled:
        assert result is None
        return
    assert sum(group.judgments for group in result.values) == labelled == len(judgments) - result.unlabelled
    assert sum(group.judgments for group in result.by_half) == labelled - result.in_no_half
    for group in (*result.by_half, *result.values):
        assert sum(share.judgments for share in group.systems) == 2 * group.judgments
        for share in group.systems:
            assert (share.win_rate is None) == (share.judgments < 20 or share.participants < 6)
            assert share.win_rate_ci is None or share.win_rate_ci[0] < share.win_rate_ci[1]
    for contrast in result.contrasts:
        assert (contrast.difference is None) == bool(contrast.note)
        if contrast.difference is not None:
            low, high = contrast.difference_ci
            assert -1 <= low <= contrast.difference <= high <= 1 and 0 <= contrast.p <= contrast.p_holm <= 1


def test_its_tests_are_those_of_the_modules(study):
    """The first pair of the first half, with loops."""
    own = [
        one for one in study if HALVES[one.category] == "personalised" and {one.system_a, one.system_b} == {"x", "y"}
    ]
    scores: dict[str, list[float]] = {}
    for one in own:
        first = {"a": 1.0, "b": 0.0, "tie": 0.5}[one.outcome]
        scores.setdefault(one.participant, []).append(first if one.system_a == "x" else 1 - first)
    people = sorted(scores)
    rate = cluster_rate(
        np.array([sum(scores[name]) for name in people]), np.array([float(len(scores[name])) for name in people])
    )
    flipped = sign_flip_test(np.array([np.mean(scores[name]) - 0.5 for name in people]), np.random.default_rng(9))
    pair = broken_down(study).pairs[0]
    assert pair.win_rate_a_ci == pytest.approx(rate.interval)
    assert pair.by_participant.statistic == pytest.approx(flipped.statistic)
    assert pair.by_participant.p == pytest.approx(flipped.p, abs=0.02)
