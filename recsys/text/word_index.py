"""BM25 over documents of terms, on bm25s's engine."""

from collections.abc import Container, Sequence
from pathlib import Path
from typing import Self

import bm25s
import numpy as np
from numpy.typing import NDArray

from recsys.core.errors import ArtifactError


class WordIndex:
    """Documents of terms, each scored against the terms of a query.

    A term of the query adds `idf(term) * tf / (tf + k1 * (1 - b + b * length / mean length))`, with
    `idf = ln(1 + (N - n + 0.5) / (n + 0.5))`, N documents, n of them with the term: the variant of Lucene, which never
    falls below zero. A term that stands twice in the query counts twice.

    References:
        S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", Foundations and Trends
        in Information Retrieval 3(4), 2009, eq. (3.15); X. H. Lù, "BM25S", 2024, for the engine and its variants.
    """

    def __init__(self, index: "bm25s.BM25 | None", size: int) -> None:
        self._index = index  # None: no document has a term
        self._size = size

    @classmethod
    def of(cls, documents: Sequence[list[str]], *, k1: float, b: float) -> Self:
        """Index documents, row by row; empty ones match nothing."""
        index = None
        if any(documents):
            index = bm25s.BM25(k1=k1, b=b, method="lucene")
            index.index(documents, create_empty_token=False, show_progress=False)
        return cls(index, len(documents))

    @property
    def vocabulary(self) -> Container[str]:
        """The terms that any document has."""
        return self._index.vocab_dict if self._index is not None else ()

    def scores(self, terms: Sequence[str]) -> NDArray[np.float64]:
        """Return the score of every document, shape (documents,); 0 where it shares no term."""
        known = [term for term in terms if term in self.vocabulary]
        if self._index is None or not known:
            return np.zeros(self._size)
        found: NDArray[np.float64] = self._index.get_scores(known).astype(np.float64)
        return found

    def save(self, directory: Path) -> None:
        """Write the index as a new folder; nothing if no document has a term."""
        if self._index is not None:
            self._index.save(str(directory), show_progress=False)

    @classmethod
    def load(cls, directory: Path, size: int) -> Self:
        """Map the index of `size` documents from a folder.

        Raises:
            ArtifactError: It cannot be read, or is of another number of documents.
        """
        if not directory.is_dir():
            return cls(None, size)
        try:
            index = bm25s.BM25.load(str(directory), show_progress=False, mmap=True)
        except (OSError, ValueError, KeyError) as error:
            raise ArtifactError(f"{directory}: the index cannot be read; train it again.") from error
        if index.scores["num_docs"] != size:
            raise ArtifactError(
                f"{directory}: the index is of {index.scores['num_docs']} tracks, not of {size}; train it again."
            )
        return cls(index, size)
