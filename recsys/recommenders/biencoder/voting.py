"""A track as the vote of its titles, each read by itself; the formula is in `fine_tuning/title_votes.py`."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recsys.core.errors import ArtifactError
from recsys.core.recommender import Progress
from recsys.data.dataset import Dataset
from recsys.index.exact import all_products
from recsys.recommenders.biencoder.arrays import Scored, mapped_array
from recsys.recommenders.biencoder.encoding import encoded
from recsys.recommenders.track_list import Rows, TrackList, best_rows
from recsys.training.encoder import TextEncoder
from recsys.training.fine_tuning.title_votes import title_counts, voted

_VECTORS, _COUNTS = "vectors.npy", "titles.npz"


@dataclass(frozen=True)
class Voting:
    """The distinct titles of a catalogue.

    Attributes:
        vectors: of the titles, shape (titles, dimensions), rows of length 1.
        counts: training playlists of that title that hold the track, shape (tracks, titles).
        softness: tau.
    """

    vectors: NDArray[np.float32]
    counts: sparse.csr_matrix
    softness: float

    @cached_property
    def silent(self) -> Rows:
        """The tracks on no training playlist."""
        return np.flatnonzero(np.diff(self.counts.indptr) == 0)

    def best(self, queries: NDArray[np.float32], k: int) -> Iterator[Scored]:
        """Yield for each query the best k tracks that have a title, or all; equal scores by row.

        A cosine is summed by itself, so that company and threads change no bit.
        """
        count = min(k, self.counts.shape[0] - len(self.silent))
        for cosines in all_products(self.vectors, queries):
            scores = voted(self.counts, cosines, self.softness)
            rows = best_rows(scores, count) if count else np.zeros(0, np.int64)
            yield Scored(rows, scores[rows])

    def save(self, directory: Path) -> None:
        np.save(directory / _VECTORS, np.asarray(self.vectors), allow_pickle=False)
        np.savez(directory / _COUNTS, indptr=self.counts.indptr, indices=self.counts.indices, counts=self.counts.data)

    @classmethod
    def load(cls, directory: Path, tracks: TrackList, *, softness: float) -> Self:
        vectors = mapped_array(directory / _VECTORS)
        path = directory / _COUNTS
        try:
            with np.load(path, allow_pickle=False) as arrays:
                parts = (arrays["counts"], arrays["indices"], arrays["indptr"])
            counts = sparse.csr_matrix(parts, shape=(len(tracks), len(vectors)))
            counts.check_format(full_check=True)
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise ArtifactError(f"{path}: titles and tracks do not fit; train the artifact again.") from error
        return cls(vectors, counts, softness)

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        tracks: TrackList,
        encoder: TextEncoder,
        *,
        softness: float,
        progress: Progress | None = None,
    ) -> Self:
        """Encode the titles, each distinct one once."""
        titles, counts = title_counts(dataset)
        order = [dataset.track_index[track_id] for track_id in tracks.ids]
        return cls(encoded(titles, encoder, progress), counts[order], softness)
