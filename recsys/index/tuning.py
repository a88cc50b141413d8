"""How many lists, and how many of them a query looks into: set by the measured recall of the exact best."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recsys.index.exact import Rows, Vectors, exact_top
from recsys.index.ivf import Ivf, build, centroids

DEPTH = 500  # of the exact ranking; deeper is not measured, and so is searched exactly
TARGET = 0.99
_AIM = 0.995  # of the lists alone; the byte per dimension takes a little
_STEP = 1.25
_TWO_SIZES_UP_TO = 500_000  # above, k-means for four times as many lists takes many times as long as all the rest
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Tuned:
    """What was measured.

    Attributes:
        nlist, nprobe: lists, and how many of them are looked into.
        recall: mean share of the exact best `depth` that is found.
        lowest: the share that 95 of 100 queries exceed or reach.
        queries: how many were asked.
        depth: of the exact ranking.
    """

    nlist: int
    nprobe: int
    recall: float
    lowest: float
    queries: int
    depth: int

    @property
    def enough(self) -> bool:
        return self.recall >= TARGET and self.nprobe < self.nlist


def list_counts(rows: int) -> tuple[int, ...]:
    """Return the numbers of lists to try: about the square root of the rows, and four times that."""
    coarse = 2 ** max(0, round(np.log2(np.sqrt(rows))))
    return (coarse, 4 * coarse) if rows <= _TWO_SIZES_UP_TO else (coarse,)


def build_tuned(
    vectors: Vectors, queries: Vectors, *, longest: float, seed: int, progress: Progress | None = None
) -> tuple[Ivf, Tuned]:
    """Build an index whose recall of the exact best is measured on some queries.

    Of two sizes the one is taken that compares a query with fewer vectors, centroids and rows together, to reach the
    recall.
    """
    depth = min(DEPTH, len(vectors))
    wanted = [top.rows for top in exact_top(vectors, queries, depth, longest=longest)]
    _report(progress, 1)
    options = []
    for nlist in list_counts(len(vectors)):
        found = centroids(vectors, nlist, seed=seed)
        nprobe = lists_needed(vectors, found, queries, wanted)
        options.append((nlist + nprobe * len(vectors) / nlist, nprobe, found))
    _report(progress, 2)
    _, nprobe, found = min(options, key=lambda option: option[0])
    ivf = build(vectors, found, seed=seed).probing(nprobe)
    _report(progress, 3)
    return tuned(ivf, queries, wanted)


def tuned(ivf: Ivf, queries: Vectors, wanted: Sequence[Rows]) -> tuple[Ivf, Tuned]:
    """Let the index look into more lists until it finds enough of what is wanted, or looks into all."""
    depth = len(wanted[0])
    while True:
        shares = recall(ivf, queries, wanted)
        measured = Tuned(
            ivf.nlist, ivf.nprobe, float(shares.mean()), float(np.quantile(shares, 0.05)), len(queries), depth
        )
        if measured.recall >= TARGET or ivf.nprobe >= ivf.nlist:
            return ivf, measured
        ivf = ivf.probing(min(ivf.nlist, int(np.ceil(ivf.nprobe * _STEP))))


def recall(ivf: Ivf, queries: Vectors, wanted: Sequence[Rows]) -> NDArray[np.float64]:
    """Return for each query the share of the wanted rows among the candidates.

    Candidates are scored again exactly, so that a wanted row that is among them keeps its place.
    """
    pairs = zip(queries, wanted, strict=True)
    return np.array([np.isin(rows, ivf.find(query, len(rows))).mean() for query, rows in pairs])


def lists_needed(vectors: Vectors, found: Vectors, queries: Vectors, wanted: Sequence[Rows]) -> int:
    """Return how many lists a query must look into for its wanted rows, without building an index.

    A row is found as soon as its own list is looked into: the place of that list in the query's order is all that
    counts.
    """
    rows, where = np.unique(np.concatenate(wanted), return_inverse=True)
    homes = np.concatenate(
        [np.argmax(np.asarray(vectors[rows[i : i + 8192]]) @ found.T, axis=1) for i in range(0, len(rows), 8192)]
    )
    order = np.argsort(-(queries @ found.T), axis=1, kind="stable")
    places = np.empty_like(order)
    np.put_along_axis(places, order, np.arange(len(found))[None], axis=1)
    home = homes[where].reshape(len(queries), -1)
    needed = np.take_along_axis(places, home, axis=1) + 1
    return int(np.quantile(needed, _AIM, method="higher"))


def _report(progress: Progress | None, done: int) -> None:
    if progress is not None:
        progress("search index", done, 3)
