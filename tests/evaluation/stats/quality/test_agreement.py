from dataclasses import replace
from datetime import UTC, datetime, timedelta

import krippendorff
import numpy as np
import pytest

from evaluation.stats.judgments import Judgment
from evaluation.stats.quality.agreement import agreement
from evaluation.stats.tables import JudgmentTable

START = datetime(2026, 1, 1, tzinfo=UTC)


def table_of(rows):
    """Rows (participant, query, first system, second system, outcome), a minute apart."""
    return JudgmentTable.of(
        Judgment(participant, query, a, b, outcome, START + timedelta(minutes=at))
        for at, (participant, query, a, b, outcome) in enumerate(rows)
    )


def test_equals_the_package_krippendorff():
    rng = np.random.default_rng(0)
    answers = rng.choice([0, 1, 2], size=(5, 30), p=[0.5, 0.3, 0.2])
    answers[1:3] = np.where(rng.random((2, 30)) < 0.6, answers[0], answers[1:3])
    seen = rng.random((5, 30)) < 0.6
    rows = []
    for person, query in zip(*np.nonzero(seen), strict=True):
        turned = rng.random() < 0.5
        outcome = ("b" if turned else "a", "a" if turned else "b", "tie")[answers[person, query]]
        rows.append((f"p{person}", f"query {query}", *(("y", "x") if turned else ("x", "y")), outcome))
    found = agreement(table_of(rows))
    expected = krippendorff.alpha(
        np.where(seen, answers, np.nan), level_of_measurement="nominal", value_domain=[0, 1, 2]
    )
    assert found.alpha == pytest.approx(expected, abs=1e-12)
    assert found.items == (seen.sum(axis=0) >= 2).sum()
    assert found.judgments == seen.sum(axis=0)[seen.sum(axis=0) >= 2].sum()


def test_another_pair_of_the_same_query_is_another_item():
    found = agreement(table_of([("p", "q", "x", "y", "a"), ("r", "q", "x", "z", "a")]))
    assert (found.alpha, found.items, found.judgments) == (None, 0, 0)


def test_a_second_judgment_of_the_same_participant_does_not_count():
    once = [("p", "q", "x", "y", "a"), ("r", "q", "y", "x", "a"), ("p", "s", "x", "y", "b"), ("r", "s", "x", "y", "b")]
    assert agreement(table_of([*once, ("p", "q", "x", "y", "b")])) == agreement(table_of(once))


def test_one_answer_alone_has_no_alpha():
    found = agreement(table_of([("p", "q", "x", "y", "a"), ("r", "q", "x", "y", "a")]))
    assert (found.alpha, found.items) == (None, 1)


def test_a_table_without_queries_says_nothing():
    assert agreement(replace(table_of([("p", "q", "x", "y", "a")]), query=None)) is None
