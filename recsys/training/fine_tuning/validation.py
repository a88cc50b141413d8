"""How well an encoder in training finds the tracks of queries that it does not learn from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recsys.data.dataset import Dataset
from recsys.training.encoder import Kind
from recsys.training.fine_tuning.documents import distinct
from recsys.training.fine_tuning.examples import Rows, held_out
from recsys.training.fine_tuning.params import FineTuningParams
from recsys.training.fine_tuning.title_votes import title_counts, voted

Encode = Callable[[Sequence[str], Kind], NDArray[np.float32]]
_MOST_QUERIES = 500
_MOST_PER_QUERY = 20
"""Tracks of one query that take part; a chart of thousands would fill a pool by itself."""


@dataclass(frozen=True, slots=True)
class Validation:
    """Queries and the tracks among which each looks for its own.

    Attributes:
        queries: their texts.
        relevant: the right places in the pool, for each.
        documents: what is read of the tracks, each text once.
        document_of: which of them belongs to a place in the pool, shape (pool,).
        votes: how often each document votes for a place, shape (pool, documents); None where each has one document.
        softness: tau of the votes.
    """

    queries: list[str]
    relevant: list[Rows]
    documents: list[str]
    document_of: Rows
    votes: sparse.csr_matrix | None = None
    softness: float = 1.0

    @classmethod
    def of(
        cls, dataset: Dataset, documents: Sequence[str], params: FineTuningParams, rng: np.random.Generator
    ) -> "Validation | None":
        """Draw queries and a pool; None if the validation split asks for no track that has a document.

        The pool is in the order of the track ids, which decides between equal scores.
        """
        queries = held_out(dataset, params.kinds)
        queries = [queries[n] for n in sorted(rng.permutation(len(queries))[:_MOST_QUERIES])]
        readable = np.array([bool(text) for text in documents])
        wanted: list[tuple[str, Rows]] = []
        for text, rows in queries:
            rows = rows[readable[rows]]
            if params.validation_pool and len(rows) > _MOST_PER_QUERY:
                rows = rng.choice(rows, _MOST_PER_QUERY, replace=False)
            if len(rows):
                wanted.append((text, rows))
        if not wanted:
            return None
        pool = np.unique(np.concatenate([rows for _, rows in wanted]))
        others = np.setdiff1d(np.flatnonzero(readable), pool)
        if params.validation_pool:
            others = rng.permutation(others)[: max(0, params.validation_pool - len(pool))]
        ordered = sorted([*pool.tolist(), *others.tolist()], key=lambda row: dataset.tracks[row].id)
        places = {row: place for place, row in enumerate(ordered)}
        relevant = [np.array(sorted(places[int(row)] for row in rows), dtype=np.int64) for _, rows in wanted]
        asked = [text for text, _ in wanted]
        if params.documents == "titles":
            titles, counts = title_counts(dataset)
            none = np.zeros(0, dtype=np.int64)
            return cls(asked, relevant, titles, none, counts[ordered], params.softness)
        texts, document_of = distinct([documents[row] for row in ordered])
        return cls(asked, relevant, texts, np.array(document_of, dtype=np.int64))

    def values(self, encode: Encode, metric: str) -> NDArray[np.float64]:
        """Return the metric of every query, each between 0 and 1."""
        queries = encode(self.queries, "query")
        documents = encode(self.documents, "track")
        measure = _ndcg if metric == "ndcg@10" else _recall
        found = []
        for vector, relevant in zip(queries, self.relevant, strict=True):
            order = np.argsort(-self._scores(documents @ vector), kind="stable")
            found.append(measure(np.isin(order, relevant), len(relevant)))
        return np.array(found)

    def _scores(self, cosines: NDArray[np.float32]) -> NDArray[np.floating]:
        return cosines[self.document_of] if self.votes is None else voted(self.votes, cosines, self.softness)


def _ndcg(hits: NDArray[np.bool_], relevant: int) -> float:
    """Järvelin and Kekäläinen 2002, with 0 or 1 for gain, over the first ten."""
    discounts = 1 / np.log2(np.arange(2, 12))
    first = hits[:10]
    return float(discounts[: len(first)][first].sum() / discounts[: min(relevant, 10)].sum())


def _recall(hits: NDArray[np.bool_], relevant: int) -> float:
    return float(hits[:100].sum() / relevant)
