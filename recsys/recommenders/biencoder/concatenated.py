"""A track as one document, its titles one after the other, as in Text2Tracks, section 4: its score is one cosine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from recsys.core.errors import ArtifactError
from recsys.core.recommender import Progress
from recsys.data.dataset import Dataset
from recsys.index.exact import Top
from recsys.index.search import VectorSearch
from recsys.recommenders.biencoder.arrays import Scored, mapped_array
from recsys.recommenders.biencoder.encoding import encoded
from recsys.recommenders.track_list import Rows, TrackList
from recsys.training.encoder import TextEncoder
from recsys.training.fine_tuning.documents import TitleDocuments, distinct

_VECTORS, _DOCUMENTS = "vectors.npy", "documents.npy"
_NONE = -1


@dataclass(frozen=True)
class Concatenated:
    """The distinct documents of a catalogue.

    Attributes:
        vectors: of the documents, shape (documents, dimensions), rows of length 1.
        document_of: which document is a track's, -1 for none, shape (tracks,).
    """

    vectors: NDArray[np.float32]
    document_of: NDArray[np.int32]

    @cached_property
    def silent(self) -> Rows:
        """The tracks without a document."""
        return self._by_document[: self._starts[0]]

    def best(self, queries: NDArray[np.float32], k: int) -> Iterator[Scored]:
        """Yield for each query the best k tracks that have a document, or all; equal scores by row."""
        if not len(self.vectors):
            yield from (Scored.nothing() for _ in queries)
            return
        for top in self._search.top(queries, min(k, len(self.vectors))):
            yield self._tracks(top, k)

    def save(self, directory: Path) -> None:
        np.save(directory / _VECTORS, np.asarray(self.vectors), allow_pickle=False)
        np.save(directory / _DOCUMENTS, self.document_of, allow_pickle=False)

    @classmethod
    def load(cls, directory: Path, tracks: TrackList) -> Self:
        vectors, document_of = (mapped_array(directory / name) for name in (_VECTORS, _DOCUMENTS))
        if document_of.shape != (len(tracks),) or vectors.ndim != 2 or document_of.max(initial=_NONE) >= len(vectors):
            raise ArtifactError(f"{directory / _DOCUMENTS}: documents and tracks do not fit; train the artifact again.")
        return cls(vectors, np.asarray(document_of))

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        tracks: TrackList,
        encoder: TextEncoder,
        *,
        titles: int,
        progress: Progress | None = None,
    ) -> Self:
        """Encode the documents, each distinct one once.

        Args:
            titles: most titles in a document.
        """
        written = TitleDocuments(dataset, limit=titles)
        texts: Sequence[str] = [written.of(dataset.track_index[track_id]) for track_id in tracks.ids]
        documents, places = distinct([text for text in texts if text])
        document_of = np.full(len(tracks), _NONE, dtype=np.int32)
        document_of[np.array([bool(text) for text in texts], dtype=bool)] = places
        return cls(encoded(documents, encoder, progress), document_of)

    @cached_property
    def _search(self) -> VectorSearch:
        return VectorSearch.exact(self.vectors)

    @cached_property
    def _by_document(self) -> Rows:
        """Tracks document by document, those without one before them; within each in the order of their ids."""
        return np.argsort(self.document_of, kind="stable")

    @cached_property
    def _starts(self) -> Rows:
        return np.searchsorted(self.document_of[self._by_document], np.arange(len(self.vectors) + 1))

    def _tracks(self, found: Top, k: int) -> Scored:
        """Return the tracks of the documents found.

        The best k documents hold the best k tracks, also where documents have equal scores: they stand in the order of
        their first tracks (`distinct`), so that one left out has no track before the first of one that is in.
        """
        parts = [self._by_document[self._starts[row] : self._starts[row + 1]] for row in found.rows]
        rows, scores = np.concatenate(parts), np.repeat(found.scores, [len(part) for part in parts])
        order = np.lexsort((rows, -scores))[:k]
        return Scored(rows[order], scores[order].astype(np.float64))
