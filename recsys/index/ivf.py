"""FAISS IVF: rows in lists by their nearest centroid; a query looks into the lists nearest to it.

It only finds candidates. A row is kept as one byte per dimension, so a fourth more than asked for is found, and
`exact.best_of` scores them again. Everything runs in one thread and for one query at a time: FAISS computes a batch by
another routine, which rounds otherwise and so may look into other lists.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recsys.core.errors import ArtifactError
from recsys.core.seeding import derived_seed, stream
from recsys.index.exact import Rows, Vectors

INDEX, ROWS = "ivf.faiss", "ivf-rows.npy"
_PER_CENTROID = 64  # rows that k-means sees for each centroid; FAISS warns below 39
_ITERATIONS = 10
_CHUNK = 65_536
_SPARE = 1.25
_RANGES_FROM = 65_536  # rows at least, because what lies outside the ranges is cut off: 0.1 off the cosine was seen
_WIDER = 0.1  # on each side of the range that was seen


@dataclass(frozen=True)
class Ivf:
    """An index and how it is asked.

    Attributes:
        index: `faiss.IndexIVFScalarQuantizer`; it numbers rows in the order in which they were added.
        rows: those numbers to rows of the vectors.
        nprobe: lists that a query looks into.
    """

    index: Any
    rows: Rows
    nprobe: int

    @property
    def nlist(self) -> int:
        return int(self.index.nlist)

    def find(self, query: Vectors, count: int) -> Rows:
        """Return at least `count` rows in no order, or fewer if the lists hold no more."""
        faiss = _faiss()
        asked = min(int(np.ceil(count * _SPARE)), len(self.rows))
        options = faiss.SearchParametersIVF(nprobe=self.nprobe)
        _, numbers = self.index.search(np.ascontiguousarray(query[None]), asked, params=options)
        return np.asarray(self.rows[numbers[0][numbers[0] >= 0]])

    def probing(self, nprobe: int) -> Self:
        return replace(self, nprobe=nprobe)

    def grown(self, vectors: Vectors, places: Rows, added: Rows) -> Self:
        """Return an index with more rows; its lists stay as they were trained.

        Args:
            vectors: all rows, old and new.
            places: where each old row stands among them.
            added: which of them are new.
        """
        index = _copied(self.index)
        add(index, vectors, added)
        return replace(self, index=index, rows=np.concatenate([places[self.rows], added]))

    def save(self, directory: Path) -> None:
        _faiss().write_index(self.index, str(directory / INDEX))
        np.save(directory / ROWS, self.rows, allow_pickle=False)

    @classmethod
    def load(cls, directory: Path, *, shape: tuple[int, int], nlist: int, nprobe: int) -> Self:
        """Map an index of `shape` rows and dimensions from disk.

        Raises:
            ArtifactError: A file is missing, cut or another one.
        """
        path = directory / INDEX
        faiss = _faiss()
        try:
            rows = np.load(directory / ROWS, mmap_mode="r", allow_pickle=False)
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
        except (OSError, ValueError, EOFError, RuntimeError) as error:
            raise ArtifactError(f"{path}: the search index cannot be read; train the artifact again.") from error
        about = getattr(index, "nlist", 0), index.ntotal, index.d, rows.shape, rows.dtype
        if about != (nlist, *shape, (shape[0],), np.int64):
            raise ArtifactError(f"{path}: this search index is of other vectors; train the artifact again.")
        lists = faiss.downcast_InvertedLists(index.invlists)
        if hasattr(lists, "prefetch_nthread"):
            lists.prefetch_nthread = 0  # it would start threads for every query
        return cls(index, rows, nprobe)


def centroids(vectors: Vectors, nlist: int, *, seed: int) -> Vectors:
    """Find `nlist` centroids by k-means on the sphere, over a seeded sample of the rows."""
    faiss = _faiss()
    dimensions = vectors.shape[1]
    means = faiss.Kmeans(
        dimensions,
        nlist,
        niter=_ITERATIONS,
        seed=derived_seed(seed, "ivf", nlist),
        spherical=True,
        min_points_per_centroid=1,  # a small catalogue is no mistake
        max_points_per_centroid=_PER_CENTROID,
    )
    means.train(_sample(vectors, _PER_CENTROID * nlist, seed=seed))
    return np.asarray(means.centroids, np.float32).reshape(nlist, dimensions)


def build(vectors: Vectors, found: Vectors, *, seed: int) -> Ivf:
    """Put all rows, chunk by chunk, into the lists of some centroids; it probes one list until told otherwise."""
    index = _empty(found)
    index.sq.rangestat_arg = _WIDER
    rows = max(_RANGES_FROM, _PER_CENTROID * len(found))
    index.train(_sample(vectors, rows, seed=seed))  # the range of each dimension; the centroids stay
    add(index, vectors, np.arange(len(vectors)))
    return Ivf(index, np.arange(len(vectors)), nprobe=1)


def add(index: Any, vectors: Vectors, rows: Rows) -> None:
    _faiss()
    for chunk in _chunks(rows):
        index.add(np.ascontiguousarray(vectors[chunk]))


def _empty(found: Vectors) -> Any:
    """Return an index without rows; its lists are those of some centroids."""
    faiss = _faiss()
    nlist, dimensions = found.shape
    lists = faiss.IndexFlatIP(dimensions)
    lists.add(found)
    kind = faiss.ScalarQuantizer.QT_8bit
    index = faiss.IndexIVFScalarQuantizer(lists, dimensions, nlist, kind, faiss.METRIC_INNER_PRODUCT, True)
    lists.this.disown()  # Python would free what the index still uses
    index.own_fields = True
    return index


def _copied(index: Any) -> Any:
    """Copy an index into memory, row for row, wherever its lists lie."""
    faiss = _faiss()
    copy = _empty(index.quantizer.reconstruct_n(0, index.nlist))
    faiss.copy_array_to_vector(faiss.vector_to_array(index.sq.trained), copy.sq.trained)
    copy.is_trained = True
    index.copy_subset_to(copy, 0, 0, index.ntotal)  # subset type 0: numbers from .. to
    return copy


def _sample(vectors: Vectors, wanted: int, *, seed: int) -> Vectors:
    rows = stream(seed, "ivf", "sample", wanted).choice(len(vectors), min(wanted, len(vectors)), replace=False)
    return np.concatenate([np.asarray(vectors[chunk]) for chunk in _chunks(np.sort(rows))])


def _chunks(rows: Rows) -> Iterator[NDArray[np.int64]]:
    for start in range(0, len(rows), _CHUNK):
        yield rows[start : start + _CHUNK]


def _faiss() -> Any:
    """Import FAISS, which only a large catalogue needs, and keep this thread's work in one thread."""
    try:
        import faiss
    except ImportError as error:
        raise ArtifactError("A catalogue of this size needs faiss-cpu; install the `ml` extra.") from error
    faiss.omp_set_num_threads(1)
    return faiss
