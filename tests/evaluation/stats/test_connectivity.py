import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.stats.connectivity import (
    beaten_or_tied,
    components,
    has_finite_maximum,
    layers,
    single_judgment_bridges,
    strongly_connected,
)
from evaluation.stats.newton import maximise
from evaluation.stats.tables import JudgmentTable


def test_who_beat_or_tied_whom(counted):
    cells = counted([(0, 1, 3, 0, 0), (1, 2, 0, 0, 2)]).cells(by_side=False)
    graph = beaten_or_tied(cells, cells.totals[None], 3)[0]
    assert graph.astype(int).tolist() == [[0, 1, 0], [0, 0, 1], [0, 1, 0]]
    assert not strongly_connected(graph[None])[0]
    assert layers(graph) == [[0], [1, 2]]


def test_a_cycle_is_strongly_connected():
    cycle = np.roll(np.eye(7, dtype=bool), 1, axis=1)
    assert strongly_connected(np.stack([cycle, np.triu(np.ones((7, 7), dtype=bool))])).tolist() == [True, False]


def test_parts_and_bridges(counted):
    parted = counted([(0, 3, 2, 2, 0), (1, 2, 1, 0, 1)]).cells(by_side=False)
    assert components(parted, 5) == [[0, 3], [1, 2]]
    bridged = counted([(0, 3, 2, 2, 0), (1, 2, 1, 0, 1), (0, 1, 0, 0, 1)]).cells(by_side=False)
    assert components(bridged, 4) == [[0, 1, 2, 3]]
    assert single_judgment_bridges(bridged, 4) == [(0, 1)]
    twice = counted([(0, 3, 2, 2, 0), (1, 2, 1, 0, 1), (0, 1, 0, 1, 1)]).cells(by_side=False)
    assert single_judgment_bridges(twice, 4) == []


@pytest.mark.parametrize(
    ("counts", "finite"),
    [
        ([[1, 1, 1], [1, 1, 1], [0, 0, 0]], True),
        ([[1, 0, 0], [0, 0, 0], [0, 1, 1]], False),  # one win, two ties: log nu runs away with the strengths
        ([[1, 1, 0], [0, 0, 1], [0, 0, 0]], True),  # a cycle
        ([[1, 1, 1], [0, 0, 0], [0, 0, 0]], False),
        ([[0, 0, 0], [0, 0, 0], [1, 1, 1]], False),
    ],
)
def test_the_linear_programme_knows_known_cases(counts, finite):
    # rows 0-1, 1-2, 0-2 in strengths (t0, t1), t2 being 0; the cycle is 0 > 1, 1 > 2, 2 > 0
    design = np.array([[1.0, -1.0], [0.0, 1.0], [1.0, 0.0]])
    assert has_finite_maximum(design, np.array(counts, dtype=float)) is finite


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3), st.sampled_from([0.0, 0.5, 1.0])), min_size=3, max_size=12)
)
def test_newton_finds_a_finite_maximum_exactly_when_there_is_one(rows):
    first = np.array([a for a, _, _ in rows])
    table = JudgmentTable(
        ("p",),
        tuple("wxyz"),
        np.zeros(len(rows), dtype=np.intp),
        first,
        np.array([(a + shift) % 4 for a, shift, _ in rows]),
        np.array([score for _, _, score in rows]),
    )
    cells = table.cells(by_side=False)
    if components(cells, 4) != [[0, 1, 2, 3]]:
        return
    design = np.zeros((cells.rows, 4))
    design[np.arange(cells.rows), cells.left] = 1.0
    design[np.arange(cells.rows), cells.right] = -1.0
    finite = has_finite_maximum(design[:, :3], cells.totals)
    found = maximise(design[:, :3], cells.totals[None])
    strong = strongly_connected(beaten_or_tied(cells, cells.totals[None], 4))[0] and (table.score != 0.5).any()
    assert strong or not finite  # Ford's condition is necessary
    if strong:
        assert bool(found.finite[0]) is finite
