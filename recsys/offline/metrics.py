"""The metrics of the table: their names, what they are computed by, and whether they are compared by tests."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recsys.core.errors import RequestError
from recsys.metrics import accuracy, diversity

Values = NDArray[np.float64]
LIST = 10
"""Length of the list that artist entropy, coverage and exposure speak of."""
CUTOFFS = (10, 100)
"""Always there, whatever other cut-offs are asked for."""


@dataclass(frozen=True)
class Rankings:
    """Many rankings and what is relevant to each.

    Attributes:
        rows: row of `Dataset.tracks` at each place, best first, shape (queries, depth).
        found: whether the track there is relevant, same shape.
        relevant: number of relevant tracks, shape (queries,).
        artists: number of the first-named artist of each track of the catalogue, shape (tracks,).
    """

    rows: NDArray[np.int32]
    found: NDArray[np.bool_]
    relevant: NDArray[np.int64]
    artists: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure of each query.

    Attributes:
        of: from rankings to one value per query.
        tested: whether systems are compared on it with a test. Precision is hits over k, so its test would be the same.
    """

    of: Callable[[Rankings], Values]
    tested: bool = True


def metrics(cutoffs: Sequence[int] = ()) -> Mapping[str, Metric]:
    """Return the metrics by name, in the order of the table, at 10, 100 and `cutoffs`.

    Raises:
        RequestError: A cut-off is below 1.
    """
    asked = sorted({*CUTOFFS, *cutoffs})
    if asked[0] < 1:
        raise RequestError(f"A cut-off must be at least 1, got {asked[0]}.")
    found: dict[str, Metric] = {}
    for name, make in _AT_K.items():
        found |= {f"{name}@{k}": make(k) for k in asked if name in _ALL_K or k not in CUTOFFS or k == LIST}
    found["mrr"] = Metric(lambda r: accuracy.reciprocal_rank(r.found))
    found["artist_entropy"] = Metric(lambda r: diversity.artist_entropy(r.artists[r.rows[:, :LIST]]), tested=False)
    return found


_ALL_K = {"recall", "ndcg"}  # the others say little at 100
_AT_K: Mapping[str, Callable[[int], Metric]] = {
    "hits": lambda k: Metric(lambda r: accuracy.hits(r.found, k)),
    "success": lambda k: Metric(lambda r: accuracy.success(r.found, k)),
    "precision": lambda k: Metric(lambda r: accuracy.precision(r.found, k), tested=False),
    "recall": lambda k: Metric(lambda r: accuracy.recall(r.found, r.relevant, k)),
    "ndcg": lambda k: Metric(lambda r: accuracy.ndcg(r.found, r.relevant, k)),
}
