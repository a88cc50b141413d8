"""A catalogue as vectors, and the search among them, eq. 1."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from recsys.core.recommender import Progress
from recsys.data.catalogue import track_text
from recsys.data.dataset import Dataset
from recsys.index.search import EXACT_UP_TO, VectorSearch
from recsys.index.vectors import fill, mapped, put
from recsys.recommenders.retriever.asked import tuning_queries
from recsys.recommenders.track_list import Rows, TrackList
from recsys.training.encoder import TextEncoder, load_encoder, save_encoder
from recsys.training.encoder_training import train_static_encoder

_VECTORS = "vectors.npy"
_ENCODER = "encoder"


@dataclass(frozen=True, slots=True)
class Found:
    """What a query finds: its vector, rows of the track list, and their cosines, best first."""

    query: NDArray[np.float32]
    rows: Rows
    cosines: NDArray[np.float32]


@dataclass(frozen=True)
class SemanticIndex:
    """A catalogue and the encoder that reads its tracks and the queries alike.

    Attributes:
        vectors: shape (tracks, dimensions), rows of length 1, mapped from disk when loaded.
        searched: the search among them; None for exact search.
    """

    tracks: TrackList
    vectors: NDArray[np.float32]
    encoder: TextEncoder
    searched: VectorSearch | None = None

    @cached_property
    def search(self) -> VectorSearch:
        return self.searched or VectorSearch.exact(self.vectors)

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences for the artifact's card: how it is searched, where that is not exactly."""
        return self.search.notes

    def query_vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.encoder.encode(texts)

    def candidates(self, texts: Sequence[str], count: int) -> Iterator[Found]:
        """Yield for each query its vector and the `count` tracks with the highest cosine, best first.

        A query finds the same alone and in company, to the last bit; see `recsys.index.exact`.
        """
        if not texts:
            return
        vectors = self.query_vectors(texts)
        for vector, top in zip(vectors, self.search.top(vectors, count), strict=True):
            yield Found(vector, top.rows, top.scores)

    def save(self, directory: Path) -> None:
        self.tracks.save(directory)
        put(self.vectors, directory / _VECTORS)
        self.search.save(directory, catalogue=self.tracks.hash)
        save_encoder(self.encoder, directory / _ENCODER)

    @classmethod
    def load(cls, directory: Path, *, device: str) -> Self:
        tracks = TrackList.load(directory)
        vectors = mapped(directory / _VECTORS, len(tracks))
        searched = VectorSearch.load(directory, vectors, catalogue=tracks.hash)
        return cls(tracks, vectors, load_encoder(str(directory / _ENCODER), device=device), searched)

    @classmethod
    def train(
        cls,
        dataset: Dataset,
        *,
        seed: int,
        encoder: TextEncoder | None,
        workspace: Path | None,
        progress: Progress | None,
        texts: Mapping[str, str] | None = None,
        exact_up_to: int = EXACT_UP_TO,
    ) -> Self:
        """Encode the catalogue, with a static encoder trained on the data set if none is given.

        Vectors are written chunk by chunk to the workspace, where an interrupted encoding goes on; without one they
        are made in memory.

        Args:
            texts: track id to what the encoder reads of the track; None for its own metadata, `track_text`.
            exact_up_to: tracks; a larger catalogue gets an index that finds 0.99 of the exact best 500.
        """
        tracks = TrackList.of(dataset)
        if encoder is None:
            encoder = train_static_encoder(dataset, seed=seed, workspace=workspace, progress=progress)
        source = _Texts(dataset, texts)

        def chunk(part: slice) -> NDArray[np.float32]:
            return encoder.encode(source.of(tracks.ids[part]), kind="track")

        path = None if workspace is None else workspace / _VECTORS
        made_for = "" if path is None else f"{encoder.fingerprint} {tracks.hash}"
        vectors = fill(len(tracks), chunk, path=path, made_for=made_for, progress=_named(progress))
        index = cls(tracks, vectors, encoder)
        return index if len(tracks) <= exact_up_to else index._indexed(dataset, source, seed=seed, progress=progress)

    def extended(
        self,
        dataset: Dataset,
        *,
        seed: int,
        workspace: Path | None,
        progress: Progress | None = None,
        texts: Mapping[str, str] | None = None,
        exact_up_to: int = EXACT_UP_TO,
    ) -> Self:
        """Take up the tracks that a grown data set has more: only they are encoded, and nothing is trained.

        The vectors of the old tracks stay as they are, also where the data set now says something else of them. An
        index gets the new tracks into the lists that it has, and is measured anew.

        Raises:
            RequestError: An old track is not in the data set, or none is new.
        """
        tracks = TrackList.of(dataset)
        places, added = self.tracks.growth(tracks)
        source = _Texts(dataset, texts)
        old = np.full(len(tracks), -1)
        old[places] = np.arange(len(places))

        def chunk(part: slice) -> NDArray[np.float32]:
            rows = np.empty((part.stop - part.start, self.vectors.shape[1]), np.float32)
            known = old[part] >= 0
            rows[known] = self.vectors[old[part][known]]
            if not known.all():
                new = [tracks.ids[part.start + place] for place in np.flatnonzero(~known)]
                rows[~known] = self.encoder.encode(source.of(new), kind="track")
            return rows

        path = None if workspace is None else workspace / _VECTORS
        made_for = "" if path is None else f"{self.encoder.fingerprint} {self.tracks.hash} {tracks.hash}"
        vectors = fill(len(tracks), chunk, path=path, made_for=made_for, progress=_named(progress))
        index = type(self)(tracks, vectors, self.encoder)
        if len(tracks) <= exact_up_to:
            return index
        if self.search.ivf is None:
            return index._indexed(dataset, source, seed=seed, progress=progress)
        asked, words = tuning_queries(dataset, source.of, seed=seed)
        grown = self.search.grown(vectors, places, added, self.query_vectors(asked), asked=words)
        return replace(index, searched=grown)

    def _indexed(self, dataset: Dataset, source: "_Texts", *, seed: int, progress: Progress | None) -> Self:
        asked, words = tuning_queries(dataset, source.of, seed=seed)
        vectors = self.query_vectors(asked)
        searched = VectorSearch.indexed(self.vectors, vectors, asked=words, seed=seed, progress=progress)
        return replace(self, searched=searched)


def _named(progress: Progress | None) -> Callable[[int, int], None] | None:
    return None if progress is None else lambda done, total: progress("track vectors", done, total)


class _Texts:
    """What the encoder reads of each track, made when it is asked for."""

    def __init__(self, dataset: Dataset, texts: Mapping[str, str] | None) -> None:
        self._dataset, self._texts = dataset, texts

    def of(self, ids: Sequence[str]) -> list[str]:
        if self._texts is not None:
            return [self._texts[track_id] for track_id in ids]
        data = self._dataset
        return [track_text(data.tracks[data.track_index[track_id]], data.tag_names) for track_id in ids]
