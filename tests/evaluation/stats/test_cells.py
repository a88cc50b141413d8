from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.stats.cells import count_cells
from evaluation.stats.draws import participant_keys
from evaluation.stats.errors import StatisticsError
from evaluation.stats.tables import JudgmentTable

PEOPLE, SYSTEMS = 6, 5
judgment = st.tuples(
    st.integers(0, PEOPLE - 1), st.integers(0, SYSTEMS - 1), st.integers(1, SYSTEMS - 1), st.sampled_from([0.0, 0.5, 1])
)
judgments = st.lists(judgment, max_size=50)


def table_of(rows, names=None):
    person, first, shift, score = (np.array([row[at] for row in rows]) for at in range(4))
    first = first.astype(np.intp)
    return JudgmentTable(
        names or tuple(f"p{number}" for number in range(PEOPLE)),
        tuple(f"s{number}" for number in range(SYSTEMS)),
        person.astype(np.intp),
        first,
        (first + shift.astype(np.intp)) % SYSTEMS,
        score.astype(float),
    )


def counted(cells):
    """Everything in a plain dictionary, by the participant's key."""
    found = {}
    for person, column in zip(*cells.counts.nonzero(), strict=True):
        outcome, row = divmod(int(column), cells.rows)
        place = (int(cells.keys[person]), int(cells.left[row]), int(cells.right[row]), float(cells.side[row]), outcome)
        found[place] = found.get(place, 0) + int(cells.counts[person, column])
    return found


def by_loop(table, by_side):
    found = {}
    for person, a, b, score in zip(table.participant, table.first, table.second, table.score, strict=True):
        left, right = min(a, b), max(a, b)
        won = score if a == left else 1 - score
        outcome = {1.0: 0, 0.0: 1, 0.5: 2}[float(won)]
        side = (1.0 if a == left else -1.0) if by_side else 0.0
        place = (int(table.keys[person]), int(left), int(right), side, outcome)
        found[place] = found.get(place, 0) + 1
    return found


@settings(max_examples=80, deadline=None)
@given(judgments, st.booleans())
def test_counting_is_what_a_loop_counts(rows, by_side):
    table = table_of(rows)
    cells = table.cells(by_side=by_side)
    assert counted(cells) == by_loop(table, by_side)
    assert cells.totals.sum() == len(rows)
    order = list(zip(cells.left.tolist(), cells.right.tolist(), (-cells.side).tolist(), strict=True))
    assert order == sorted(set(order))


@settings(max_examples=80, deadline=None)
@given(judgments, judgments, st.booleans(), st.permutations(range(PEOPLE)))
def test_two_counts_add_up_to_the_count_of_both(one, other, by_side, order):
    whole = table_of([*one, *other]).cells(by_side=by_side)
    renamed = [(order.index(person), *rest) for person, *rest in other]
    names = tuple(f"p{number}" for number in order)
    both = table_of(one).cells(by_side=by_side).plus(table_of(renamed, names).cells(by_side=by_side))
    assert counted(both) == counted(whole)
    for name in ("left", "right", "side", "totals"):
        assert (getattr(both, name) == getattr(whole, name)).all()
    assert sorted(both.keys) == sorted(whole.keys)


def test_new_participants_and_pairs_are_added_after_the_old(judge):
    before = JudgmentTable.of(judge([("q", "x", "y", "a"), ("p", "y", "x", "a")]), ["w", "x", "y", "z"])
    new = JudgmentTable.of(judge([("a", "w", "x", "tie"), ("p", "y", "x", "b"), ("r", "z", "w", "b")]), before.systems)
    both = before.cells(by_side=True).plus(new.cells(by_side=True))
    assert both.keys.tolist() == participant_keys(["p", "q", "a", "r"]).tolist()
    assert list(zip(both.left.tolist(), both.right.tolist(), both.side.tolist(), strict=True)) == [
        (0, 1, 1),
        (0, 3, -1),
        (1, 2, 1),
        (1, 2, -1),
    ]
    assert both.totals.tolist() == [[0, 1, 1, 1], [0, 0, 0, 1], [1, 0, 0, 0]]


@settings(max_examples=40, deadline=None)
@given(judgments, st.integers(0, 2**32 - 1))
def test_small_weights_are_as_exact_as_others(rows, seed):
    cells = table_of(rows).cells(by_side=True)
    weights = np.random.default_rng(seed).integers(0, 13, (4, PEOPLE))
    exact = (weights @ cells.counts.toarray()).reshape(4, 3, cells.rows)
    assert (cells.weighted(weights.astype(np.uint8)) == exact).all()
    assert (cells.weighted(weights.astype(float)) == exact).all()
    assert cells.weighted(weights / 4) == pytest.approx(exact / 4)


def test_sums_beyond_24_bits_stay_exact():
    """A 32-bit float has no 2^24 + 1: participants are taken in blocks, and one with too many judgments by itself."""
    table = table_of([(person, 0, 1, 1.0) for person in range(PEOPLE)])
    cells = table.cells(by_side=False)
    cells.counts.data[:] = [(1 << 24) + 1, 1, (1 << 21) + 1, (1 << 22) + 3, 5, (1 << 23) + 1]
    weights = np.array([[1, 1, 12, 3, 7, 1], [12, 0, 1, 1, 1, 11]], dtype=np.uint8)
    exact = weights.astype(np.int64) @ cells.counts.toarray().astype(np.int64)
    assert cells.weighted(weights).reshape(2, -1).tolist() == exact.tolist()


def test_many_participants_and_pairs_need_wide_numbers():
    """A million participants times 3,000 columns do not fit in 32 bits."""
    first, second = np.zeros(1_000, dtype=np.intp), np.arange(1, 1_001)
    person = np.full(1_000, 999_999)
    cells = count_cells(person, first, second, np.ones(1_000), shape=(1_000_000, 1_001))
    assert cells.totals.tolist() == [[1] * 1_000, [0] * 1_000, [0] * 1_000]
    assert cells.counts.indptr[-2:].tolist() == [0, 1_000]


def test_thousands_of_systems_are_counted_alike():
    first, second, score = np.array([0, 39_999, 5, 0]), np.array([39_999, 0, 7, 39_999]), np.array([1.0, 1.0, 0.5, 1.0])
    cells = count_cells(np.zeros(4, dtype=np.intp), first, second, score, shape=(1, 40_000), by_side=True)
    assert list(zip(cells.left.tolist(), cells.right.tolist(), cells.side.tolist(), strict=True)) == [
        (0, 39_999, 1.0),
        (0, 39_999, -1.0),
        (5, 7, 1.0),
    ]
    assert cells.totals.tolist() == [[2, 0, 0], [0, 1, 0], [0, 0, 1]]


def test_the_kind_of_the_indices_does_not_matter():
    rows = [(person, system, shift, 0.5) for person in range(PEOPLE) for system in range(SYSTEMS) for shift in (1, 3)]
    table = table_of(rows)
    small = replace(
        table,
        participant=table.participant.astype(np.int32),
        first=table.first.astype(np.uint8),
        second=table.second.astype(np.int16),
    )
    assert counted(small.cells(by_side=True)) == counted(table.cells(by_side=True))
    assert all(
        (a == b).all() for a, b in zip(small.scores_by_participant(), table.scores_by_participant(), strict=True)
    )


def test_refuses_what_cannot_be_added():
    cells = table_of([(0, 0, 1, 1.0)]).cells(by_side=False)
    with pytest.raises(StatisticsError, match="without the keys"):
        cells.plus(replace(cells, keys=None))
    with pytest.raises(StatisticsError, match="by side"):
        cells.plus(table_of([(0, 0, 1, 1.0)]).cells(by_side=True))
