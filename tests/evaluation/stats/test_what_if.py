from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.stats.quick import analyze_quickly
from evaluation.stats.tables import Labels
from evaluation.stats.what_if import Selection, changes, participant_profiles, select


@pytest.fixture
def table(simulated):
    made = simulated(np.random.default_rng(5), 400, np.array([0.6, 0.0, -0.6]), 20, taste=0.2)
    rng = np.random.default_rng(6)
    labels = {
        "category": Labels(("", "activity", "mood"), rng.integers(0, 3, 400)),
        "language": Labels(("en", "ru"), rng.integers(0, 2, 400)),
    }
    return replace(made, labels=labels, microseconds=np.arange(400) * 1_000_000)


def test_nothing_asked_is_the_same_table(table):
    assert select(table, Selection()) is table


def test_each_choice_leaves_out_what_it_says(table):
    assert 3 not in select(table, Selection(without_participants=frozenset({3}))).participant
    kept = select(table, Selection(without_systems=frozenset({"s01"})))
    assert set(kept.first.tolist()) | set(kept.second.tolist()) == {0, 2}
    kept = select(table, Selection(without_categories=frozenset({""}), without_languages=frozenset({"ru"})))
    assert 0 not in kept.labels["category"].of and set(kept.labels["language"].of.tolist()) == {0}
    assert len(kept) == ((table.labels["category"].of > 0) & (table.labels["language"].of == 0)).sum()
    kept = select(table, Selection(since=100_000_000, until=200_000_000))
    assert (len(kept), kept.microseconds.min(), kept.microseconds.max()) == (100, 100_000_000, 199_000_000)


def test_fewest_judgments_counts_what_is_left(table):
    kept = select(table, Selection(without_languages=frozenset({"ru"}), least=10))
    assert np.bincount(kept.participant)[np.unique(kept.participant)].min() >= 10
    assert len(select(table, Selection(least=1000))) == 0


@settings(max_examples=25, deadline=None)
@given(out=st.sets(st.integers(0, 19)), least=st.integers(1, 30))
def test_what_stays_is_what_was(out, least):
    rng = np.random.default_rng(0)
    from evaluation.stats.tables import JudgmentTable

    made = JudgmentTable(
        tuple(map(str, range(20))),
        ("a", "b"),
        rng.integers(0, 20, 300),
        np.zeros(300, dtype=int),
        np.ones(300, dtype=int),
        rng.choice([0.0, 0.5, 1.0], 300),
    )
    kept = select(made, Selection(without_participants=frozenset(out), least=least))
    counts, left = np.bincount(made.participant, minlength=20), np.bincount(kept.participant, minlength=20)
    for person in range(20):
        assert left[person] == (counts[person] if person not in out and counts[person] >= least else 0)


def test_profiles_by_hand(judge):
    from evaluation.stats.tables import JudgmentTable

    made = JudgmentTable.of(
        judge([("p1", "x", "y", "a"), ("p1", "y", "x", "tie"), ("p2", "x", "y", "a"), ("p3", "y", "x", "a")])
    )
    one, two, three = participant_profiles(made)
    assert (one.judgments, one.tie_share, one.first_share) == (2, 0.5, 1.0)
    # x against y: p1 says 1 and 1/2, p2 says 1, p3 says 0; others' means 1/2, 1/2 for p1; 1/2 for p2; 5/6 for p3
    assert one.agreement == pytest.approx(0.5)
    assert two.agreement == pytest.approx(0.5)
    assert three.agreement == pytest.approx(1 / 6)


def test_agreement_needs_others(judge):
    from evaluation.stats.tables import JudgmentTable

    (alone,) = participant_profiles(JudgmentTable.of(judge([("p1", "x", "y", "tie")])))
    assert alone.agreement is None and alone.first_share is None


def test_contrary_participants_agree_less_than_chance(table):
    turned = replace(table, score=np.where(table.participant == 4, 1 - table.score, table.score))
    before, after = participant_profiles(table)[4], participant_profiles(turned)[4]
    assert before.agreement > 0.5 > after.agreement
    assert before.agreement + after.agreement == pytest.approx(1.0)


def test_no_change_is_none(table):
    analysis = analyze_quickly(table)
    same = changes(analysis, analysis)
    assert same.leader_before == same.leader_after == "s00"
    assert same.significant_before == len(same.kept) > 0
    assert (same.lost, same.gained, same.turned, same.untested) == ((), (), (), ())
    assert same.order_kept and same.largest_move[1] == 0.0


def test_turned_outcomes_turn_the_pairs(table):
    before = analyze_quickly(table)
    after = analyze_quickly(replace(table, score=1 - table.score))
    found = changes(before, after)
    assert found.leader_after == "s02" and found.order_kept is False
    assert len(found.turned) == found.significant_before and not found.kept


def test_few_judgments_lose_what_was_significant(table):
    before = analyze_quickly(table)
    after = analyze_quickly(select(table, Selection(until=12_000_000)))
    found = changes(before, after)
    assert found.lost and len(found.lost) + len(found.kept) + len(found.untested) == found.significant_before
    gone = changes(before, analyze_quickly(select(table, Selection(without_systems=frozenset({"s00"})))))
    assert ("s00", "s02") in gone.untested and gone.compared == 1
    assert changes(after, before).gained == tuple(pair for pair in found.lost)
