"""A participant's n-th judgment, and results by it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.stats.breakdown import break_down
from evaluation.stats.tables import JudgmentTable
from evaluation.stats.tenure import HALVES, judgment_numbers, with_tenure
from tests.evaluation.reporting.conftest import drawn


def table_of(people):
    return JudgmentTable(
        participants=tuple(f"p{number}" for number in range(max(people, default=0) + 1)),
        systems=("a", "b"),
        participant=np.array(people, dtype=np.intp),
        first=np.zeros(len(people), dtype=np.intp),
        second=np.ones(len(people), dtype=np.intp),
        score=np.ones(len(people)),
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 4), max_size=60))
def test_numbers_count_each_participant_apart(people):
    seen: dict[int, int] = {}
    expected = []
    for person in people:
        seen[person] = seen.get(person, 0) + 1
        expected.append(seen[person])
    assert judgment_numbers(table_of(people)).tolist() == expected


def test_classes_meet_at_their_ends():
    labels = with_tenure(table_of([0] * 22)).labels["tenure"]
    told = [labels.names[at] for at in labels.of]
    assert told == ["1-5"] * 5 + ["6-10"] * 5 + ["11-20"] * 10 + ["21+"] * 2


def test_first_against_later():
    judgments = drawn(("a", "b"), judgments=160, people=8)
    breakdown = break_down(with_tenure(JudgmentTable.of(judgments)), by="tenure", halves=HALVES, seed=0, replicates=200)
    assert [group.value for group in breakdown.by_half] == ["first", "later"]
    assert [group.judgments for group in breakdown.by_half] == [40, 120]
    (contrast,) = breakdown.contrasts
    assert contrast.judgments == (40, 120) and contrast.in_both == 8
    rates = [group.systems[0].win_rate for group in breakdown.by_half]
    assert contrast.difference == pytest.approx(rates[0] - rates[1])
    assert "went on judging" in breakdown.notes[-1]
