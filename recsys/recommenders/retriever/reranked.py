"""`retriever-cr`: the retriever's best, ranked anew for the listener with a fixed exponent, eq. 2 and 6."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from recsys.core.artifacts import read_params, write_params
from recsys.core.errors import RequestError
from recsys.core.ranking import ListenerQuery, RankedTracks
from recsys.core.recommender import Progress
from recsys.data.dataset import Dataset
from recsys.data.interactions import evidence_of
from recsys.recommenders.retriever.collaborative import Collaborative, Taste, train_collaborative
from recsys.recommenders.retriever.factorisation import AlsParams
from recsys.recommenders.retriever.fusion import Expansion, expanded, fused, mean_vector, semantic_score
from recsys.recommenders.retriever.growth import grown_collaborative
from recsys.recommenders.retriever.index import Found, SemanticIndex
from recsys.recommenders.retriever.plain import encoder_notes
from recsys.recommenders.track_list import Rows, Scores, best_rows
from recsys.training.encoder import TextEncoder

_NOTHING = 1e-9  # an exponent that can change no score beyond its ninth digit


@dataclass(frozen=True, slots=True)
class RerankingParams:
    """How query and listener are weighed, the same for both re-ranking systems.

    Attributes:
        candidates: N, tracks taken from the plain query; more if more are asked for.
        query, liked, disliked: q, p, n of eq. 6, from 0 to 1.
        sharpness: the fall of the cosine that weighs as much as a fall of s_cf by a factor e.
        floor: least s_cf, above 0 and at most 1; the smaller, the more the listener's habits weigh.
        factors, regularization, confidence, sweeps: of the collaborative scores, see `AlsParams`.
    """

    candidates: int = 500
    query: float = 1.0
    liked: float = 0.5
    disliked: float = 0.1
    sharpness: float = 0.2
    floor: float = 0.05
    factors: int = 32
    regularization: float = 1.0
    confidence: float = 1.0
    sweeps: int = 15

    def __post_init__(self) -> None:
        self.expansion, self.als  # noqa: B018 -- refuse what is out of bounds
        if self.candidates < 1:
            raise RequestError(f"`candidates` must be at least 1, got {self.candidates}.")
        if not 0.01 <= self.sharpness <= 100:
            raise RequestError(f"`sharpness` must be between 0.01 and 100, got {self.sharpness}.")
        if not 0 < self.floor <= 1:
            raise RequestError(f"`floor` must be above 0 and at most 1, got {self.floor}.")

    @property
    def expansion(self) -> Expansion:
        return Expansion(self.query, self.liked, self.disliked)

    @property
    def als(self) -> AlsParams:
        return AlsParams(self.factors, self.regularization, self.confidence, self.sweeps)


@dataclass(frozen=True, slots=True)
class RetrieverCRParams(RerankingParams):
    """As `RerankingParams`, with the exponent.

    Attributes:
        alpha: alpha_fixed of eq. 2, at least 0; 0 gives exactly the retriever's order.
    """

    alpha: float = 1.0

    def __post_init__(self) -> None:
        RerankingParams.__post_init__(self)
        if not 0 <= self.alpha <= 100:
            raise RequestError(f"`alpha` must be between 0 and 100, got {self.alpha}.")


class Reranker:
    """The second stage: candidates of the plain query, scored again with what is known of the listener."""

    def __init__(self, index: SemanticIndex, collaborative: Collaborative, params: RerankingParams) -> None:
        self.index = index
        self.collaborative = collaborative
        self.params = params

    def rank(self, queries: Sequence[ListenerQuery], strengths: Sequence[float], *, k: int) -> list[RankedTracks]:
        """Rank for each query with its own exponent.

        A listener of whom nothing is known gets the retriever's order: no expansion, factor 1. The exponent scales the
        expansion too (`Expansion.scaled`), so that 0 gives exactly the retriever's order for everybody, as eq. 5 says
        of the product, and 1 all of eq. 2 and 6. Every score is its parts' product: semantic * collaborative ** alpha.
        """
        self.index.tracks.check(k)
        count = min(max(k, self.params.candidates), len(self.index.tracks))
        found = self.index.candidates([query.text for query in queries], count)
        return [
            self._rank_one(one, self.taste(query), strength if strength >= _NOTHING else 0.0, k)
            for one, query, strength in zip(found, queries, strengths, strict=True)
        ]

    def knows(self, listener: str) -> bool:
        """Whether the listener was there in training, so that a history of theirs would not be read."""
        return listener in self.collaborative.rows

    def taste(self, query: ListenerQuery) -> Taste | None:
        """Return what is known of who asks: from training, else from the history that the query brings."""
        if not query.history or (query.listener is not None and self.knows(query.listener)):
            return self.collaborative.taste(query.listener)
        return self.collaborative.taste_of(evidence_of(query.history, self.index.tracks.rows))

    def _rank_one(self, found: Found, taste: Taste | None, strength: float, k: int) -> RankedTracks:
        if taste is None or not strength:
            rows, semantic = found.rows[:k], semantic_score(found.cosines[:k], self.params.sharpness)
            habits = np.ones(k) if taste is None else self._habits(taste, rows)
            return self._named(rows, semantic, semantic, habits, alpha=strength)
        rows = np.sort(found.rows)  # ties go by row, which is by track id
        vectors = self.index.vectors
        vector = expanded(
            found.query,
            mean_vector(vectors[taste.liked]),
            mean_vector(vectors[taste.disliked]),
            self.params.expansion.scaled(strength),
        )
        semantic = semantic_score(vectors[rows] @ vector, self.params.sharpness)
        habits = self._habits(taste, rows)
        scores = fused(semantic, habits, strength)
        chosen = best_rows(scores, k)
        return self._named(rows[chosen], scores[chosen], semantic[chosen], habits[chosen], alpha=strength)

    def _habits(self, taste: Taste, rows: Rows) -> NDArray[np.float64]:
        return self.collaborative.scores(taste, rows, floor=self.params.floor)

    def _named(self, rows: Rows, scores: Scores, semantic: Scores, habits: Scores, *, alpha: float) -> RankedTracks:
        parts = {"semantic": semantic, "collaborative": habits}
        return self.index.tracks.ranked(rows, scores, parts=parts, alpha=alpha)

    def save(self, directory: Path) -> None:
        self.index.save(directory)
        self.collaborative.save(directory)

    @classmethod
    def load(cls, directory: Path, params: RerankingParams, *, device: str) -> Self:
        index = SemanticIndex.load(directory, device=device)
        return cls(index, Collaborative.load(directory), params)

    @classmethod
    def train(
        cls,
        dataset: Dataset,
        params: RerankingParams,
        *,
        seed: int,
        encoder: TextEncoder | None,
        workspace: Path | None,
        progress: Progress | None,
    ) -> Self:
        index = SemanticIndex.train(dataset, seed=seed, encoder=encoder, workspace=workspace, progress=progress)
        collaborative = train_collaborative(dataset, index.tracks, params.als, seed=seed)
        if progress is not None:
            progress("collaborative scores", 1, 1)
        return cls(index, collaborative, params)

    def extended(self, dataset: Dataset, *, seed: int, workspace: Path | None, progress: Progress | None) -> Self:
        """Take up new tracks, of which the collaborative scores say nothing."""
        index = self.index.extended(dataset, seed=seed, workspace=workspace, progress=progress)
        places, _ = self.index.tracks.growth(index.tracks)
        return type(self)(index, grown_collaborative(self.collaborative, places, len(index.tracks)), self.params)

    @property
    def notes(self) -> tuple[str, ...]:
        return (
            *encoder_notes(self.index.encoder),
            *self.index.notes,
            f"Collaborative scores: ALS over {len(self.collaborative.listeners)} listeners; a listener who is not among"
            " them is folded in from the history that the query brings.",
            "A listener without history gets the plain retriever's order. A track that the listener disliked is not"
            " left out: it counts as far from the listener's habits as any track, and the query vector moves away"
            " from it.",
            "The exponent scales the query expansion too, so that exponent 0 is the plain retriever.",
        )


class RetrieverCR:
    """Ranks the retriever's best 500 by s_llm * s_cf ** alpha."""

    slug: ClassVar[str] = "retriever-cr"
    params_class: ClassVar[type[RetrieverCRParams]] = RetrieverCRParams

    def __init__(self, reranker: Reranker, params: RetrieverCRParams) -> None:
        self.reranker = reranker
        self.params = params

    @property
    def notes(self) -> tuple[str, ...]:
        return self.reranker.notes

    def knows(self, listener: str) -> bool:
        return self.reranker.knows(listener)

    def recommend(self, queries: Sequence[ListenerQuery], *, k: int) -> list[RankedTracks]:
        return self.reranker.rank(queries, [self.params.alpha] * len(queries), k=k)

    def save(self, directory: Path) -> None:
        write_params(directory, self.slug, self.params)
        self.reranker.save(directory)

    @classmethod
    def load(cls, directory: Path, *, device: str = "cpu") -> Self:
        params = read_params(directory, cls.slug, RetrieverCRParams)
        return cls(Reranker.load(directory, params, device=device), params)

    @classmethod
    def train(
        cls,
        dataset: Dataset,
        *,
        seed: int,
        params: RetrieverCRParams | None = None,
        encoder: TextEncoder | None = None,
        workspace: Path | None = None,
        progress: Progress | None = None,
        **_unused: object,
    ) -> Self:
        params = params or RetrieverCRParams()
        reranker = Reranker.train(dataset, params, seed=seed, encoder=encoder, workspace=workspace, progress=progress)
        return cls(reranker, params)

    def extended(
        self, dataset: Dataset, *, seed: int, workspace: Path | None = None, progress: Progress | None = None
    ) -> Self:
        return type(self)(
            self.reranker.extended(dataset, seed=seed, workspace=workspace, progress=progress), self.params
        )
