import numpy as np
import pytest

from recsys.core.ranking import Heard
from recsys.data.dataset import Dataset, Interaction, Track
from recsys.data.interactions import evidence_matrix, evidence_of, listener_ids, opinions


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


def test_evidence_worked_by_hand():
    evidence = evidence_matrix(dataset_of(*EVENTS))
    assert evidence.listeners == ("ann", "bob", "cem")
    assert evidence.matrix.dtype == np.float32
    assert evidence.matrix.toarray().tolist() == [
        [7, -1, -4, 0],  # log2(1+7) + 4 for the like; log2(1+1) - log2(1+3); a dislike, whatever was listened to
        [0, 0, 0, 2],  # log2(1+3)
        [0, -4, 0, 0],
    ]


def test_a_track_that_was_only_skipped_speaks_against_itself_and_less_than_a_dislike():
    events = [("ann", "t0", "skip", 3, "2026-01-01"), ("ann", "t1", "dislike", 1, "2026-01-01")]
    assert evidence_matrix(dataset_of(*events)).matrix.toarray()[0].tolist() == [-2, -4, 0, 0]


def test_skips_add_to_a_dislike_and_take_from_a_like():
    skips = [("ann", track, "skip", 1, "2026-01-01") for track in ("t0", "t1")]
    said = [("ann", "t0", "dislike", 1, "2026-01-02"), ("ann", "t1", "like", 1, "2026-01-02")]
    assert evidence_matrix(dataset_of(*skips, *said)).matrix.toarray()[0].tolist() == [-5, 3, 0, 0]


def test_as_many_skips_as_listens_say_nothing():
    events = [("ann", "t0", "skip", 5, "2026-01-01"), ("ann", "t0", "listen", 5, "2026-01-02")]
    assert evidence_matrix(dataset_of(*events)).matrix.nnz == 0


def test_counts_that_stand_twice_add_up():
    events = [("ann", "t0", "listen", 1, "2026-01-01"), ("ann", "t0", "listen", 2, "2026-01-02")]
    assert evidence_matrix(dataset_of(*events)).matrix[0, 0] == 2


def test_a_history_says_what_the_matrix_says():
    data = dataset_of(*EVENTS)
    rows = data.track_index
    for number, listener in enumerate(listener_ids(data)):
        history = [Heard(i.track, i.event, i.count) for i in data.interactions if i.listener == listener]
        said = evidence_of(history, rows)
        whole = evidence_matrix(data).matrix[number].toarray()[0]
        assert said.rows.tolist() == np.flatnonzero(whole).tolist()
        assert said.values.tolist() == whole[said.rows].tolist()
        assert said.liked.tolist() == opinions(data).likes.get(listener, np.array([])).tolist()
        assert said.disliked.tolist() == opinions(data).dislikes.get(listener, np.array([])).tolist()


def test_of_a_history_the_later_opinion_holds_and_unknown_tracks_say_nothing():
    rows = {"t0": 0, "t1": 1}
    history = [Heard("t0", "like"), Heard("gone", "like"), Heard("t0", "dislike"), Heard("t1", "listen", 3)]
    said = evidence_of(history, rows)
    assert (said.rows.tolist(), said.values.tolist()) == ([0, 1], [-4, 2])
    assert (said.liked.tolist(), said.disliked.tolist()) == ([], [0])
    assert len(evidence_of([Heard("gone", "like")], rows).rows) == 0


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
    assert evidence_matrix(dataset_of(*events)).matrix.data.tolist() == [-4]


def test_nobody():
    empty = dataset_of()
    assert listener_ids(empty) == ()
    assert evidence_matrix(empty).matrix.shape == (0, 4)
    assert opinions(empty).likes == {}
