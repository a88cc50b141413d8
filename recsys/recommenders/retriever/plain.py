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
    """Ranks by the cosine of query and track; the listener changes nothing.

    Its score is the cosine itself, and that is its only part; where the cosine is fused with another score it is first
    brought above 0 (`semantic_score`), which changes no order.
    """

    slug: ClassVar[str] = "retriever"
    params_class: ClassVar[type[RetrieverParams]] = RetrieverParams

    def __init__(self, index: SemanticIndex, params: RetrieverParams) -> None:
        self.index = index
        self.params = params

    @property
    def notes(self) -> tuple[str, ...]:
        return (*encoder_notes(self.index.encoder), *self.index.notes)

    @property
    def tracks(self) -> object:
        return self.index.tracks

    def recommend(self, queries: Sequence[ListenerQuery], *, k: int) -> list[RankedTracks]:
        self.index.tracks.check(k)
        found = self.index.candidates([query.text for query in queries], k)
        return [self.index.tracks.ranked(one.rows, one.cosines, parts={"semantic": one.cosines}) for one in found]

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

    def extended(
        self, dataset: Dataset, *, seed: int, workspace: Path | None = None, progress: Progress | None = None
    ) -> Self:
        """Take up new tracks; only they are encoded, see `SemanticIndex.extended`."""
        index = self.index.extended(dataset, seed=seed, workspace=workspace, progress=progress)
        return type(self)(index, self.params)


def encoder_notes(encoder: TextEncoder) -> tuple[str, ...]:
    if encoder.name == "static":
        return (
            "The encoder is a small static one, trained with InfoNCE on this catalogue's tags, names and playlist"
            " titles, where the paper fine-tunes a language model of 7 billion parameters.",
        )
    if getattr(encoder, "fine_tuned", False):
        return (f"The encoder is {encoder.name}, fine-tuned with InfoNCE; the paper fine-tunes Qwen2.5-7B.",)
    return (f"The encoder {encoder.name} is used frozen, as it came; the paper fine-tunes its encoder with InfoNCE.",)
