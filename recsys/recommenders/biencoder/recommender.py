"""`biencoder-zeroshot` and `biencoder`: the dense baselines of Text2Tracks, over the titles of a track's playlists."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from recsys.core.artifacts import read_params, write_params
from recsys.core.errors import RequestError
from recsys.core.ranking import ListenerQuery, RankedTracks
from recsys.core.recommender import Progress
from recsys.data.dataset import Dataset
from recsys.recommenders.biencoder.arrays import Scored
from recsys.recommenders.biencoder.concatenated import Concatenated
from recsys.recommenders.biencoder.voting import Voting
from recsys.recommenders.track_list import TrackList, best_rows
from recsys.training.encoder import TextEncoder, load_encoder, save_encoder
from recsys.training.fine_tuning.params import FineTuningParams
from recsys.training.fine_tuning.tuning import fine_tune
from recsys.training.pretrained import default_encoder, remarks

_ENCODER = "encoder"
READINGS = ("voting", "concatenated")


@dataclass(frozen=True, slots=True)
class BiEncoderZeroShotParams:
    """What the encoder reads of a track.

    Attributes:
        reading: `concatenated`, the paper's: all titles as one document; or `voting`: each title by itself, and each
            playlist's vote counts as far as its title is near the query, so that a track on many fitting playlists
            comes first. Of two tracks on one fitting playlist the first reading prefers the one that is on no other.
        softness: tau of the votes, a difference of cosines; chosen on validation lists (docs/encoders.md).
        titles: most titles in a concatenated document. The encoder itself reads some hundred tokens and no more.
    """

    reading: str = "voting"
    softness: float = 0.1
    titles: int = 50

    def __post_init__(self) -> None:
        _check(self.reading, self.softness, self.titles)


@dataclass(frozen=True, slots=True)
class BiEncoderParams:
    """How the encoder is fine-tuned; `FineTuningParams` says what each means.

    Attributes:
        temperature: 0.05 is the scale of 20 of MultipleNegativesRankingLoss.
        own_title: whether a concatenated training document keeps the title that is the pair's query. The paper does
            not say that it is taken out; with it, most of what is learned is to find a text in itself, and less is
            found (docs/encoders.md). A vote is always learned from another title of the track.
        per_query: pairs of one title in an epoch. With all of them, lists of thousands of tracks are most of what is
            seen, and nothing was learned on public lists (docs/encoders.md); the paper has 13 pairs per title.
        negatives: hard negatives per query; the paper has in-batch negatives alone.
    """

    reading: str = "voting"
    softness: float = 0.1
    titles: int = 50
    own_title: bool = False
    epochs: int = 3
    patience: int = 2
    pairs: int = 0
    per_query: int = 8
    batch: int = 64
    micro_batch: int = 128
    rate: float = 0.0
    temperature: float = 0.05
    negatives: int = 0
    length: int = 128
    validation_pool: int = 2000

    def __post_init__(self) -> None:
        _check(self.reading, self.softness, self.titles)
        self.fine_tuning()

    def fine_tuning(self) -> FineTuningParams:
        """Return the whole recipe: (title, track) pairs, in-batch negatives, from title to track only."""
        given = asdict(self)
        documents = "playlists" if given.pop("reading") == "concatenated" else "titles"
        return FineTuningParams(documents=documents, queries="titles", **given)


def _check(reading: str, softness: float, titles: int) -> None:
    if reading not in READINGS:
        raise RequestError(f"`reading` must be one of {', '.join(READINGS)}, got {reading!r}.")
    if not 0.01 <= softness <= 1:
        raise RequestError(f"`softness` must be between 0.01 and 1, got {softness}.")
    if titles < 1:
        raise RequestError(f"`titles` must be at least 1, got {titles}.")


class BiEncoderZeroShot:
    """Ranks by the query's cosines with the titles of a track's training playlists; the encoder is as it came.

    Tracks with the same titles have the same score. A track on no training playlist comes after all that are on one, by
    popularity, with a score from -3 up to, but not including, -2. A query of which the encoder knows nothing, whose
    vector is zero, is answered by popularity in the same way.
    """

    slug: ClassVar[str] = "biencoder-zeroshot"
    params_class: ClassVar[type[Any]] = BiEncoderZeroShotParams

    def __init__(
        self,
        tracks: TrackList,
        reading: Concatenated | Voting,
        encoder: TextEncoder,
        params: Any,
        *,
        figures: Mapping[str, float] | None = None,
        history: tuple[str, ...] = (),
    ) -> None:
        """
        Args:
            figures: of the fine-tuning, for the manifest.
            history: sentences on the fine-tuning, for the card.
        """
        self.tracks = tracks
        self.encoder = encoder
        self.params = params
        self.figures = dict(figures or {})
        self.reading = reading
        self._history = history
        self._fallback: NDArray[np.float64] = (rankdata(tracks.popularity, method="min") - 1) / len(tracks) - 3

    @property
    def notes(self) -> tuple[str, ...]:
        how = {
            "voting": "Each title is read by itself and votes as far as it is near the query; the paper concatenates"
            " them (`reading`).",
            "concatenated": "The paper speaks of their concatenation and of no limit.",
        }
        return (
            "A track is the titles of the training playlists it is on; its own title and artists are not read."
            f" {how[self.params.reading]}",
            f"{len(self.reading.silent)} tracks are on no training playlist and come last, by popularity.",
            *remarks(self.encoder.name),
            *self._history,
        )

    def recommend(self, queries: Sequence[ListenerQuery], *, k: int) -> list[RankedTracks]:
        self.tracks.check(k)
        if not queries:
            return []
        vectors = self.encoder.encode([query.text for query in queries])
        found = self.reading.best(vectors, k)
        return [self._ranked(vector, best, k) for vector, best in zip(vectors, found, strict=True)]

    def save(self, directory: Path) -> None:
        write_params(directory, self.slug, self.params)
        self.tracks.save(directory)
        self.reading.save(directory)
        save_encoder(self.encoder, directory / _ENCODER)

    @classmethod
    def load(cls, directory: Path, *, device: str = "cpu") -> Self:
        params = read_params(directory, cls.slug, cls.params_class)
        tracks = TrackList.load(directory)
        reading: Concatenated | Voting
        if params.reading == "concatenated":
            reading = Concatenated.load(directory, tracks)
        else:
            reading = Voting.load(directory, tracks, softness=params.softness)
        return cls(tracks, reading, load_encoder(str(directory / _ENCODER), device=device), params)

    @classmethod
    def train(
        cls,
        dataset: Dataset,
        *,
        seed: int,
        params: Any = None,
        device: str = "cpu",
        encoder: TextEncoder | None = None,
        workspace: Path | None = None,
        progress: Progress | None = None,
        **_unused: object,
    ) -> Self:
        encoder = encoder or load_encoder(default_encoder(), device=device)
        return cls._over(dataset, encoder, params or BiEncoderZeroShotParams(), progress)

    @classmethod
    def _over(
        cls, dataset: Dataset, encoder: TextEncoder, params: Any, progress: Progress | None, **about: Any
    ) -> Self:
        tracks = TrackList.of(dataset)
        reading: Concatenated | Voting
        if params.reading == "concatenated":
            reading = Concatenated.of(dataset, tracks, encoder, titles=params.titles, progress=progress)
        else:
            reading = Voting.of(dataset, tracks, encoder, softness=params.softness, progress=progress)
        return cls(tracks, reading, encoder, params, **about)

    def _ranked(self, vector: NDArray[np.float32], found: Scored, k: int) -> RankedTracks:
        if not vector.any():
            return self.tracks.best(self._fallback, k)
        rows, scores = found.rows, found.scores
        if len(rows) < k:
            silent = self.reading.silent
            more = silent[best_rows(self._fallback[silent], k - len(rows))]
            rows, scores = np.concatenate([rows, more]), np.concatenate([scores, self._fallback[more]])
        return self.tracks.ranked(rows, scores)


class BiEncoder(BiEncoderZeroShot):
    """The same, with the encoder fine-tuned on (title, track) pairs by InfoNCE with in-batch negatives.

    References:
        A. van den Oord, Y. Li, O. Vinyals, "Representation learning with contrastive predictive coding", 2018, eq. 4,
        which sentence-transformers calls MultipleNegativesRankingLoss.
    """

    slug: ClassVar[str] = "biencoder"
    params_class: ClassVar[type[Any]] = BiEncoderParams

    @classmethod
    def train(
        cls,
        dataset: Dataset,
        *,
        seed: int,
        params: Any = None,
        device: str = "cpu",
        encoder: TextEncoder | None = None,
        workspace: Path | None = None,
        progress: Progress | None = None,
        **_unused: object,
    ) -> Self:
        params = params or BiEncoderParams()
        base = encoder or load_encoder(default_encoder(), device=device)
        tuned = fine_tune(base, dataset, params.fine_tuning(), seed=seed, workspace=workspace, progress=progress)
        return cls._over(
            dataset,
            tuned.encoder,
            params,
            progress,
            figures=tuned.figures,
            history=(f"The encoder that was fine-tuned is {base.name}.", *tuned.notes),
        )
