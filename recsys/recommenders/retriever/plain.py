"""`retriever`: the tracks whose vectors lie nearest to the query's, eq. 1 of "Learning When to Personalize"."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

from recsys.core.artifacts import read_params, write_params
from recsys.core.ranking import ListenerQuery, RankedTracks
from recsys.core.recommender import Progress
from recsys.data.dataset import Dataset
from recsys.recommenders.retriever.index import SemanticIndex
from recsys.training.encoder import TextEncoder


@dataclass(frozen=True, slots=True)
class RetrieverParams:
    """It has nothing to set: the encoder decides."""


class Retriever:
    """Ranks by the cosine of query and track; the listener changes nothing."""

    slug: ClassVar[str] = "retriever"
    params_class: ClassVar[type[RetrieverParams]] = RetrieverParams

    def __init__(self, index: SemanticIndex, params: RetrieverParams) -> None:
        self.index = index
        self.params = params

    @property
    def notes(self) -> tuple[str, ...]:
        return encoder_notes(self.index.encoder)

    @property
    def tracks(self) -> object:
        return self.index.tracks

    def recommend(self, queries: Sequence[ListenerQuery], *, k: int) -> list[RankedTracks]:
        self.index.tracks.check(k)
        return [self.index.tracks.best(cosines, k) for _, cosines in self.index.cosines([q.text for q in queries])]

    def save(self, directory: Path) -> None:
        write_params(directory, self.slug, self.params)
        self.index.save(directory)

    @classmethod
    def load(cls, directory: Path, *, device: str = "cpu") -> Self:
        params = read_params(directory, cls.slug, RetrieverParams)
        return cls(SemanticIndex.load(directory, device=device), params)

    @classmethod
    def train(
        cls,
        dataset: Dataset,
        *,
        seed: int,
        params: RetrieverParams | None = None,
        encoder: TextEncoder | None = None,
        workspace: Path | None = None,
        progress: Progress | None = None,
        **_unused: object,
    ) -> Self:
        index = SemanticIndex.train(dataset, seed=seed, encoder=encoder, workspace=workspace, progress=progress)
        return cls(index, params or RetrieverParams())


def encoder_notes(encoder: TextEncoder) -> tuple[str, ...]:
    if encoder.name == "static":
        return (
            "The encoder is a small static one, trained with InfoNCE on this catalogue's tags, names and playlist"
            " titles, where the paper fine-tunes a language model of 7 billion parameters.",
        )
    return (f"The encoder {encoder.name} is used frozen, as it came; the paper fine-tunes its encoder with InfoNCE.",)
