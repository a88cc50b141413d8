"""Search among the vectors of an artifact: exact for up to 200,000, above by an index that was measured against it."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from recsys.core.artifacts import read_json, write_json
from recsys.core.errors import ArtifactError
from recsys.index.exact import Rows, Top, Vectors, best_of, exact_top, longest_row
from recsys.index.ivf import INDEX, ROWS, Ivf
from recsys.index.tuning import DEPTH, TARGET, Progress, Tuned, build_tuned, tuned
from recsys.index.vectors import spot_hash

logger = logging.getLogger(__name__)

EXACT_UP_TO = 200_000
ABOUT = "search.json"
_FORMAT = 1


@dataclass(frozen=True)
class VectorSearch:
    """Vectors and the way to search them.

    Attributes:
        vectors: shape (rows, dimensions).
        longest: no row is longer.
        ivf: None for exact search.
        measured: what was measured when the index was built; None where none was.
        asked: in words, the queries of that measurement.
    """

    vectors: Vectors
    longest: float
    ivf: Ivf | None = None
    measured: Tuned | None = None
    asked: str = ""

    @classmethod
    def exact(cls, vectors: Vectors) -> Self:
        return cls(vectors, longest_row(vectors))

    @classmethod
    def indexed(
        cls, vectors: Vectors, queries: Vectors, *, asked: str, seed: int, progress: Progress | None = None
    ) -> Self:
        """Build an index and measure it on some queries; where it does not find enough, search stays exact."""
        queries = queries[queries.any(axis=1)]
        if not len(queries):
            return cls.exact(vectors)
        longest = longest_row(vectors)
        ivf, measured = build_tuned(vectors, queries, longest=longest, seed=seed, progress=progress)
        return cls._if_enough(vectors, longest, ivf, measured, asked)

    def grown(self, vectors: Vectors, places: Rows, added: Rows, queries: Vectors, *, asked: str) -> Self:
        """Return an index with more rows, its lists as they are, measured anew; see `Ivf.grown`."""
        queries = queries[queries.any(axis=1)]
        if self.ivf is None or not len(queries):
            return self.exact(vectors)
        longest = longest_row(vectors)
        wanted = [top.rows for top in exact_top(vectors, queries, min(DEPTH, len(vectors)), longest=longest)]
        ivf, measured = tuned(self.ivf.grown(vectors, places, added), queries, wanted)
        return self._if_enough(vectors, longest, ivf, measured, asked)

    def top(self, queries: Vectors, count: int) -> Iterator[Top]:
        """Yield for each query the best `count` rows with their exact cosines; an index may miss some rows."""
        if self.ivf is None or count > (self.measured.depth if self.measured else 0):
            yield from exact_top(self.vectors, queries, count, longest=self.longest)
            return
        for query in queries:
            rows = self.ivf.find(query, count) if query.any() else np.zeros(0, np.int64)
            if len(rows) >= count:
                yield best_of(self.vectors, rows, query, count)
            else:  # a query of zeros, or lists that hold too little
                yield from exact_top(self.vectors, query[None], count, longest=self.longest)

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences for the artifact's card; none for a catalogue that is small enough for exact search."""
        if self.measured is None:
            return ()
        found = (
            f"{self.measured.recall:.4f} of the exact best {self.measured.depth} (at least {self.measured.lowest:.4f}"
            f" for 95 of 100 queries), measured on {self.measured.queries} queries: {self.asked}"
        )
        if self.ivf is None:
            return (
                f"Search is exact: no index that looks into fewer than all of its {self.measured.nlist} lists reached a"
                f" recall of {TARGET}; the last one found {found}.",
            )
        return (
            f"Search by FAISS IVF, {self.measured.nprobe} of {self.measured.nlist} lists for each query: it finds"
            f" {found}. Scores are exact cosines. More than {self.measured.depth} tracks are searched exactly.",
        )

    def save(self, directory: Path, *, catalogue: str) -> None:
        """Write the index and what it belongs to; the vectors themselves lie where the caller puts them."""
        sizes = {}
        if self.ivf is not None:
            self.ivf.save(directory)
            sizes = {name: (directory / name).stat().st_size for name in (INDEX, ROWS)}
        about = {
            "format": _FORMAT,
            "catalogue": catalogue,
            "vectors": spot_hash(self.vectors),
            "longest": self.longest,
            "sizes": sizes,
            "measured": None if self.measured is None else asdict(self.measured),
            "asked": self.asked,
        }
        write_json(directory, ABOUT, about)

    @classmethod
    def load(cls, directory: Path, vectors: Vectors, *, catalogue: str) -> Self:
        """Read the index of some vectors. FAISS is imported only where there is one.

        Raises:
            ArtifactError: A file is damaged, or belongs to another catalogue or other vectors.
        """
        if not (directory / ABOUT).is_file() and not (directory / INDEX).exists():
            return cls.exact(vectors)  # made before there were indexes
        about = read_json(directory, ABOUT)
        try:
            _refuse_other(directory, about, vectors, catalogue)
            longest, asked = float(about["longest"]), str(about["asked"])
            measured = None if about["measured"] is None else Tuned(**about["measured"])
            sizes = dict(about["sizes"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ArtifactError(f"{directory / ABOUT}: this describes no search index; train it again.") from error
        if not sizes or measured is None:
            return cls(vectors, longest, None, measured, asked)
        for name, size in sizes.items():
            path = directory / name
            if not path.is_file() or path.stat().st_size != size:
                raise ArtifactError(f"{path}: this file is missing or cut; train the artifact again.")
        shape = (vectors.shape[0], vectors.shape[1])
        ivf = Ivf.load(directory, shape=shape, nlist=measured.nlist, nprobe=measured.nprobe)
        return cls(vectors, longest, ivf, measured, asked)

    @classmethod
    def _if_enough(cls, vectors: Vectors, longest: float, ivf: Ivf, measured: Tuned, asked: str) -> Self:
        logger.info(
            "index.measured nlist=%s nprobe=%s recall=%.4f enough=%s",
            measured.nlist,
            measured.nprobe,
            measured.recall,
            measured.enough,
        )
        return cls(vectors, longest, ivf if measured.enough else None, measured, asked)


def _refuse_other(directory: Path, about: Mapping[str, Any], vectors: Vectors, catalogue: str) -> None:
    path = directory / ABOUT
    if about["format"] != _FORMAT:
        raise ArtifactError(
            f"{path}: this search index has format {about['format']}, this program reads {_FORMAT}; train it again."
        )
    if about["catalogue"] != catalogue:
        raise ArtifactError(f"{path}: this search index was made for another catalogue; train the artifact again.")
    if about["vectors"] != spot_hash(vectors):
        raise ArtifactError(f"{path}: this search index was made for other vectors; train the artifact again.")
