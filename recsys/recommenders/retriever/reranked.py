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
from recsys.recommenders.retriever.collaborative import AlsParams, Collaborative, Taste, train_collaborative
from recsys.recommenders.retriever.fusion import Expansion, expanded, fused, mean_vector, semantic_score
from recsys.recommenders.retriever.index import SemanticIndex
from recsys.recommenders.retriever.plain import encoder_notes
from recsys.recommenders.track_list import best_rows
from recsys.training.encoder import TextEncoder

Vector = NDArray[np.float32]
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
    liked: float = 0.3
    disliked: float = 0.1
    sharpness: float = 0.2
    floor: float = 0.2
    factors: int = 32
    regularization: float = 1.0
    confidence: float = 1.0
    sweeps: int = 15

    def __post_init__(self) -> None:
        self.expansion  # noqa: B018 -- refuses weights out of bounds
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
        of the product, and 1 all of eq. 2 and 6.
        """
        self.index.tracks.check(k)
        found = self.index.cosines([query.text for query in queries])
        return [
            self._rank_one(cosines, vector, self.collaborative.taste(query.listener), strength, k)
            for (vector, cosines), query, strength in zip(found, queries, strengths, strict=True)
        ]

    def _rank_one(self, cosines: Vector, query: Vector, taste: Taste | None, strength: float, k: int) -> RankedTracks:
        rows = best_rows(cosines, max(k, self.params.candidates))
        if taste is None or strength < _NOTHING:
            scores = semantic_score(cosines[rows[:k]], self.params.sharpness)
            return self.index.tracks.ranked(rows[:k], scores)
        rows = np.sort(rows)  # ties go by row, which is by track id
        vectors = self.index.vectors
        vector = expanded(
            query,
            mean_vector(vectors[taste.liked]),
            mean_vector(vectors[taste.disliked]),
            self.params.expansion.scaled(strength),
        )
        semantic = semantic_score(vectors[rows] @ vector, self.params.sharpness)
        habits = self.collaborative.scores(taste, floor=self.params.floor)[rows]
        scores = fused(semantic, habits, strength)
        chosen = best_rows(scores, k)
        return self.index.tracks.ranked(rows[chosen], scores[chosen])

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

    @property
    def notes(self) -> tuple[str, ...]:
        return (
            *encoder_notes(self.index.encoder),
            f"Collaborative scores: ALS over {len(self.collaborative.listeners)} listeners.",
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
