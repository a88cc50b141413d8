"""What listeners did, as matrices and arrays of track rows.

How events become confidence, for one listener and one track:

    confidence = max(0, log2(1 + listens) + LIKE * liked - log2(1 + skips)), and 0 once disliked.

The logarithm keeps one song played a hundred times from drowning all others; a like is worth LIKE doublings of
listening, because it is said and not inferred. Of a like and a dislike the later one holds, of equal moments the later
line. It is the r of Hu, Koren and Volinsky, "Collaborative filtering for implicit feedback datasets", 2008; their
c = 1 + alpha r is left to the recommender.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recsys.data.dataset import Dataset
from recsys.data.timestamps import moment

LIKE = 4.0

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class ConfidenceMatrix:
    """Confidence that a listener wants a track.

    Attributes:
        listeners: the listener of each row, sorted; also those whose row is empty.
        matrix: CSR, float32, shape (listeners, tracks); columns are the rows of `Dataset.tracks`.
    """

    listeners: tuple[str, ...]
    matrix: sp.csr_matrix


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


def confidence_matrix(dataset: Dataset) -> ConfidenceMatrix:
    """Return the confidence of every listener in every track, as the module's formula says."""
    listeners = listener_ids(dataset)
    row_of = {listener: row for row, listener in enumerate(listeners)}
    shape = (len(listeners), len(dataset.tracks))
    listens, skips = _counts(dataset, row_of, "listen", shape), _counts(dataset, row_of, "skip", shape)
    confidence = listens - skips
    said = _latest_opinions(dataset)
    if said:
        rows, columns = np.array([(row_of[listener], track) for listener, track in said], dtype=np.int64).T
        liked = np.array(list(said.values()))
        # a dislike outweighs any listening, so that the floor below removes the cell
        value = np.where(liked, LIKE, -1e6).astype(np.float32)
        confidence = confidence + sp.csr_matrix((value, (rows, columns)), shape=shape, dtype=np.float32)
    matrix = confidence.tocsr().astype(np.float32)
    matrix.data = np.maximum(matrix.data, 0)
    matrix.eliminate_zeros()
    matrix.sort_indices()
    return ConfidenceMatrix(listeners, matrix)


def _counts(dataset: Dataset, row_of: Mapping[str, int], event: str, shape: tuple[int, int]) -> sp.csr_matrix:
    """log2(1 + how often), shape (listeners, tracks)."""
    cells = [
        (row_of[i.listener], dataset.track_index[i.track], i.count) for i in dataset.interactions if i.event == event
    ]
    rows, columns, counts = np.array(cells, dtype=np.int64).reshape(-1, 3).T
    matrix = sp.csr_matrix((counts.astype(np.float64), (rows, columns)), shape=shape)  # adds up what stands twice
    matrix.data = np.log2(1 + matrix.data)
    return matrix.astype(np.float32)


def _latest_opinions(dataset: Dataset) -> dict[tuple[str, int], bool]:
    """(listener, track row) to whether the latest opinion is a like."""
    said = [event for event in dataset.interactions if event.event in ("like", "dislike")]
    said.sort(key=lambda event: moment(event.timestamp))
    return {(event.listener, dataset.track_index[event.track]): event.event == "like" for event in said}


def _arrays(lists: Mapping[str, list[int]]) -> dict[str, Rows]:
    return {listener: np.array(sorted(rows), dtype=np.int64) for listener, rows in sorted(lists.items())}
