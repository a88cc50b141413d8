import numpy as np
import pytest

from evaluation.stats.errors import JudgmentError
from evaluation.stats.tables import JudgmentTable

ROWS = [("q", "x", "y", "a"), ("p", "y", "x", "a"), ("p", "x", "y", "tie"), ("p", "z", "x", "b")]


def test_indices_scores_and_names(judge):
    table = JudgmentTable.of(judge(ROWS))
    assert (table.participants, table.systems, len(table)) == (("p", "q"), ("x", "y", "z"), 4)
    assert table.participant.tolist() == [1, 0, 0, 0]
    assert table.first.tolist() == [0, 1, 0, 2]
    assert table.score.tolist() == [1.0, 1.0, 0.5, 0.0]


def test_sorts_by_time(judge):
    judgments = judge(ROWS)
    assert JudgmentTable.of(judgments[::-1]).first.tolist() == JudgmentTable.of(judgments).first.tolist()


def test_registered_systems_keep_their_order_and_strangers_are_refused(judge):
    assert JudgmentTable.of(judge(ROWS), ["z", "never", "y", "x"]).systems == ("z", "never", "y", "x")
    with pytest.raises(JudgmentError, match="'z', which is not among the systems"):
        JudgmentTable.of(judge(ROWS), ["x", "y"])


def test_cells_pool_the_sides(judge):
    cells = JudgmentTable.of(judge(ROWS)).cells(by_side=False)
    assert list(zip(cells.left.tolist(), cells.right.tolist(), strict=True)) == [(0, 1), (0, 2)]
    assert cells.totals.tolist() == [[1, 1], [1, 0], [1, 0]]
    assert cells.by_participant(0).tolist() == [[0, 1, 1], [1, 0, 0]]


def test_cells_by_side_tell_who_was_shown_first(judge):
    cells = JudgmentTable.of(judge(ROWS)).cells(by_side=True)
    assert cells.side.tolist() == [1, -1, -1]
    assert cells.totals.tolist() == [[1, 0, 1], [0, 1, 0], [1, 0, 0]]


def test_weights_count_participants(judge):
    cells = JudgmentTable.of(judge(ROWS)).cells(by_side=False)
    counts = cells.weighted(np.array([[1.0, 1.0], [2.0, 0.0]]))
    assert counts[0].tolist() == cells.totals.tolist()
    assert counts[1].tolist() == [[0, 2], [2, 0], [2, 0]]


def test_restriction_keeps_the_pairs_and_people_within(judge):
    cells = JudgmentTable.of(judge([*ROWS, ("r", "z", "w", "a")])).cells(by_side=False).restricted_to([1, 2])
    assert (cells.left.tolist(), cells.right.tolist()) == ([0], [1])
    assert cells.counts.shape == (2, 3)
    assert cells.totals.tolist() == [[1], [1], [1]]


def test_scores_by_participant(judge):
    scores, judged = JudgmentTable.of(judge(ROWS)).scores_by_participant()
    assert scores.tolist() == [[1.5, 1.5, 0], [1, 0, 0]]
    assert judged.tolist() == [[3, 2, 1], [1, 1, 0]]


def test_no_judgments_make_an_empty_table():
    table = JudgmentTable.of([], ["x", "y"])
    assert (len(table), table.systems, table.cells(by_side=True).rows) == (0, ("x", "y"), 0)
