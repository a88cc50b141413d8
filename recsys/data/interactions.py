"""What listeners did, as matrices and arrays of track rows.

How events become evidence e, for one listener and one track:

    e = log2(1 + listens) + LIKE * liked - log2(1 + skips), where the track is not disliked;
    e = -LIKE - log2(1 + skips), where it is, whatever was listened to before.

It is read as Hu, Koren and Volinsky do ("Collaborative filtering for implicit feedback datasets", 2008, eq. 1 and 2):
preference p = 1 where e > 0, else 0, with confidence c = 1 + alpha |e|; alpha is left to the recommender. Skips alone
are thereby evidence against a track, weaker than a dislike; where listens and skips are as many, nothing is known, as
if it had never been heard (c = 1, p = 0). The logarithm keeps one song played a hundred times from drowning all
others; a like is worth LIKE doublings of listening, because it is said and not inferred. Of a like and a dislike the
later one holds, of equal moments the later line.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recsys.core.ranking import Heard
from recsys.data.dataset import Dataset
from recsys.data.timestamps import moment

LIKE = 4.0

Rows = NDArray[np.int64]
_Cell = tuple[str, int, int, int]
"""Event, listener row, track row, count."""
_OPINIONS = ("like", "dislike")


@dataclass(frozen=True)
class EvidenceMatrix:
    """Evidence that a listener wants a track (above 0) or does not (below 0), as the module's formula says.

    Attributes:
        listeners: the listener of each row, sorted; also those whose row is empty.
        matrix: CSR, float32, shape (listeners, tracks), no zero stored; columns are the rows of `Dataset.tracks`.
    """

    listeners: tuple[str, ...]
    matrix: sp.csr_matrix


@dataclass(frozen=True)
class Evidence:
    """What one listener's history says; sorted track rows.

    Attributes:
        rows, values: tracks with evidence, and the evidence, never 0.
        liked, disliked: what was said, the later opinion holding.
    """

    rows: Rows
    values: NDArray[np.float32]
    liked: Rows
    disliked: Rows


@dataclass(frozen=True)
class Opinions:
    """What listeners said: listener to sorted rows of `Dataset.tracks`. A listener who said nothing is absent."""

    likes: Mapping[str, Rows]
    dislikes: Mapping[str, Rows]


def listener_ids(dataset: Dataset) -> tuple[str, ...]:
    """The listeners with at least one interaction, sorted."""
    return tuple(sorted({event.listener for event in dataset.interactions}))


def opinions(dataset: Dataset) -> Opinions:
    """Return each listener's likes and dislikes; of both about one track, the later holds."""
    likes: dict[str, list[int]] = defaultdict(list)
    dislikes: dict[str, list[int]] = defaultdict(list)
    for (listener, row), liked in _latest_opinions(dataset).items():
        (likes if liked else dislikes)[listener].append(row)
    return Opinions(_arrays(likes), _arrays(dislikes))


def evidence_matrix(dataset: Dataset) -> EvidenceMatrix:
    """Return the evidence of every listener about every track."""
    listeners = listener_ids(dataset)
    row_of = {listener: row for row, listener in enumerate(listeners)}
    cells = [(i.event, row_of[i.listener], dataset.track_index[i.track], i.count) for i in dataset.interactions]
    said = {(row_of[listener], track): liked for (listener, track), liked in _latest_opinions(dataset).items()}
    return EvidenceMatrix(listeners, _evidence(cells, said, (len(listeners), len(dataset.tracks))))


def evidence_of(history: Sequence[Heard], rows: Mapping[str, int]) -> Evidence:
    """Return what one listener's history says.

    Args:
        history: what the listener did, earlier first: of a like and a dislike of one track the later holds.
        rows: track id to row; a track that is not in it says nothing.
    """
    cells = [(heard.event, 0, rows[heard.track], heard.count) for heard in history if heard.track in rows]
    said = {(listener, row): event == "like" for event, listener, row, _ in cells if event in _OPINIONS}
    matrix = _evidence(cells, said, (1, len(rows)))
    liked = sorted(row for (_, row), likes in said.items() if likes)
    disliked = sorted(row for (_, row), likes in said.items() if not likes)
    return Evidence(
        matrix.indices.astype(np.int64), matrix.data, np.array(liked, np.int64), np.array(disliked, np.int64)
    )


def _evidence(cells: Sequence[_Cell], said: Mapping[tuple[int, int], bool], shape: tuple[int, int]) -> sp.csr_matrix:
    listens, skips = _doublings(cells, "listen", shape), _doublings(cells, "skip", shape)
    liked = _ones([cell for cell, likes in said.items() if likes], shape)
    disliked = _ones([cell for cell, likes in said.items() if not likes], shape)
    matrix = listens - listens.multiply(disliked) + LIKE * (liked - disliked) - skips
    matrix = matrix.tocsr().astype(np.float32)
    matrix.eliminate_zeros()
    matrix.sort_indices()
    return matrix


def _doublings(cells: Sequence[_Cell], event: str, shape: tuple[int, int]) -> sp.csr_matrix:
    """log2(1 + how often); counts that stand twice add up."""
    kept = [cell[1:] for cell in cells if cell[0] == event]
    rows, columns, counts = np.array(kept, dtype=np.int64).reshape(-1, 3).T
    matrix = sp.csr_matrix((counts.astype(np.float64), (rows, columns)), shape=shape)
    matrix.data = np.log2(1 + matrix.data)
    return matrix


def _ones(places: list[tuple[int, int]], shape: tuple[int, int]) -> sp.csr_matrix:
    rows, columns = np.array(places, dtype=np.int64).reshape(-1, 2).T
    return sp.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)


def _latest_opinions(dataset: Dataset) -> dict[tuple[str, int], bool]:
    """(listener, track row) to whether the latest opinion is a like."""
    said = [event for event in dataset.interactions if event.event in _OPINIONS]
    said.sort(key=lambda event: moment(event.timestamp))
    return {(event.listener, dataset.track_index[event.track]): event.event == "like" for event in said}


def _arrays(lists: Mapping[str, list[int]]) -> dict[str, Rows]:
    return {listener: np.array(sorted(rows), dtype=np.int64) for listener, rows in sorted(lists.items())}
