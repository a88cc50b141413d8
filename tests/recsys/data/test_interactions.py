import numpy as np
import pytest

from recsys.data.dataset import Dataset, Interaction, Track
from recsys.data.interactions import confidence_matrix, listener_ids, opinions


def dataset_of(*events: tuple) -> Dataset:
    tracks = tuple(Track(id=f"t{n}", title="x", artists=("y",)) for n in range(4))
    interactions = tuple(Interaction(*event) for event in events)
    return Dataset("d", "1", "", "", (), "f", tracks, interactions=interactions)


EVENTS = (
    ("bob", "t3", "listen", 3, "2026-01-01"),
    ("ann", "t0", "listen", 7, "2026-01-01"),
    ("ann", "t0", "like", 1, "2026-01-02"),
    ("ann", "t1", "listen", 1, "2026-01-01"),
    ("ann", "t1", "skip", 3, "2026-01-02"),
    ("ann", "t2", "listen", 100, "2026-01-01"),
    ("ann", "t2", "dislike", 1, "2026-01-02"),
    ("cem", "t1", "dislike", 1, "2026-01-02"),
)


def test_confidence_worked_by_hand():
    confidence = confidence_matrix(dataset_of(*EVENTS))
    assert confidence.listeners == ("ann", "bob", "cem")
    assert confidence.matrix.dtype == np.float32
    assert confidence.matrix.toarray().tolist() == [
        [7, 0, 0, 0],  # log2(1+7) + 4 for the like; log2(1+1) - log2(1+3) is below 0; a dislike removes
        [0, 0, 0, 2],  # log2(1+3)
        [0, 0, 0, 0],
    ]
    assert confidence.matrix.nnz == 2


def test_listens_that_stand_twice_add_up():
    events = [("ann", "t0", "listen", 1, "2026-01-01"), ("ann", "t0", "listen", 2, "2026-01-02")]
    assert confidence_matrix(dataset_of(*events)).matrix[0, 0] == 2


def test_opinions_are_sorted_rows_of_those_who_said_something():
    events = [*EVENTS, ("bob", "t2", "like", 1, "2026-01-01"), ("bob", "t0", "like", 1, "2026-01-05")]
    said = opinions(dataset_of(*events))
    assert {listener: rows.tolist() for listener, rows in said.likes.items()} == {"ann": [0], "bob": [0, 2]}
    assert {listener: rows.tolist() for listener, rows in said.dislikes.items()} == {"ann": [2], "cem": [1]}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("like", "2026-01-01T12:00:00Z"), ("dislike", "2026-01-01T12:30:00Z")),
        (("dislike", "2026-01-01T12:30:00Z"), ("like", "2026-01-01T12:00:00Z")),
        (("dislike", "1767271800"), ("like", "2026-01-01T14:00:00+02:00")),
        (("like", "2026-01-01"), ("dislike", "2026-01-01")),
    ],
)
def test_the_later_opinion_holds_whatever_the_order_and_the_spelling(first, second):
    events = [("ann", "t0", event, 1, when) for event, when in (first, second)]
    said = opinions(dataset_of(*events))
    assert said.likes == {}
    assert said.dislikes["ann"].tolist() == [0]
    assert confidence_matrix(dataset_of(*events)).matrix.nnz == 0


def test_nobody():
    empty = dataset_of()
    assert listener_ids(empty) == ()
    assert confidence_matrix(empty).matrix.shape == (0, 4)
    assert opinions(empty).likes == {}
