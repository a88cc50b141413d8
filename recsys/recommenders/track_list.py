"""The tracks an artifact ranks, and the one way in which scores become a ranking."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from recsys.core.artifacts import catalogue_hash, read_json, write_json
from recsys.core.errors import ArtifactError, RequestError
from recsys.core.ranking import RankedTracks
from recsys.data.dataset import Dataset
from recsys.training.playlists import training_playlists

Scores = NDArray[np.floating]
Rows = NDArray[np.int64]
_FILE = "tracks.json"


@dataclass(frozen=True)
class TrackList:
    """Tracks in the order of their ids, so that a lower row wins a tie.

    Attributes:
        popularity: what stands in for a score where a recommender has none; any unit, more is better.
    """

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    artists: tuple[tuple[str, ...], ...]
    popularity: tuple[float, ...]

    @classmethod
    def of(cls, dataset: Dataset) -> Self:
        counted = popularity(dataset)
        tracks = sorted(zip(dataset.tracks, counted, strict=True), key=lambda pair: pair[0].id)
        return cls(
            ids=tuple(track.id for track, _ in tracks),
            titles=tuple(track.title for track, _ in tracks),
            artists=tuple(track.artists for track, _ in tracks),
            popularity=tuple(value for _, value in tracks),
        )

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def rows(self) -> dict[str, int]:
        """Track id to its row."""
        return {track_id: row for row, track_id in enumerate(self.ids)}

    @cached_property
    def hash(self) -> str:
        return catalogue_hash(self.ids)

    def growth(self, grown: Self) -> tuple[Rows, Rows]:
        """Return where each track stands in a grown list, and which rows of that list are new.

        Raises:
            RequestError: A track is not in the grown list, or it has no more tracks than this one.
        """
        lost = [track_id for track_id in self.ids if track_id not in grown.rows]
        if lost:
            raise RequestError(
                f"{len(lost)} of the artifact's {len(self)} tracks are not in the data set (the first is {lost[0]!r});"
                " extend it with a data set that holds them all, or train anew."
            )
        if len(grown) == len(self):
            raise RequestError("The data set has no track that the artifact lacks; there is nothing to extend.")
        places = np.array([grown.rows[track_id] for track_id in self.ids], dtype=np.int64)
        return places, np.setdiff1d(np.arange(len(grown)), places)

    def check(self, k: int) -> None:
        """Refuse a `k` that the catalogue cannot fill."""
        if not 1 <= k <= len(self):
            raise RequestError(f"`k` must be between 1 and {len(self)}, the number of tracks, got {k}.")

    def ranked(
        self, rows: Rows, scores: Scores, *, parts: Mapping[str, Scores] | None = None, alpha: float | None = None
    ) -> RankedTracks:
        """Name the tracks of some rows, best first already, with what their scores are made of."""
        return RankedTracks(
            tuple(self.ids[row] for row in rows),
            tuple(map(float, scores)),
            {name: tuple(map(float, values)) for name, values in (parts or {}).items()},
            alpha,
        )

    def best(self, scores: Scores, k: int) -> RankedTracks:
        """Rank by scores, shape (tracks,); equal scores by track id."""
        rows = best_rows(scores, k)
        return self.ranked(rows, scores[rows])

    def save(self, directory: Path) -> None:
        write_json(
            directory,
            _FILE,
            [
                {"id": track_id, "title": title, "artists": artists, "popularity": value}
                for track_id, title, artists, value in zip(
                    self.ids, self.titles, self.artists, self.popularity, strict=True
                )
            ],
        )

    @classmethod
    def load(cls, directory: Path) -> Self:
        values = read_json(directory, _FILE)
        try:
            return cls(
                ids=tuple(value["id"] for value in values),
                titles=tuple(value["title"] for value in values),
                artists=tuple(tuple(value["artists"]) for value in values),
                popularity=tuple(float(value["popularity"]) for value in values),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ArtifactError(f"{directory / _FILE}: this is no list of tracks; train the artifact again.") from error


def best_rows(scores: Scores, k: int) -> Rows:
    """Return the rows of the `k` highest scores, best first, equal scores in the order of the rows.

    A partition finds the k-th score in linear time; a full sort of 50,000 scores takes fifty times as long.
    """
    count = len(scores)
    if k >= count:
        return np.argsort(-scores, kind="stable").astype(np.int64)
    bound = np.partition(scores, count - k)[count - k]
    above = np.flatnonzero(scores > bound)
    level = np.flatnonzero(scores == bound)[: k - len(above)]
    rows = np.sort(np.concatenate([above, level]))
    return rows[np.argsort(-scores[rows], kind="stable")].astype(np.int64)


def popularity(dataset: Dataset) -> list[float]:
    """Return how popular each track is, in the order of `dataset.tracks`.

    The `popularity` of the tracks (0 to 100; 0 where a single track has none) if any track has one. Otherwise the
    number of listeners who heard or liked it, and in a data set without listeners the number of playlists it is on.
    """
    if any(track.popularity is not None for track in dataset.tracks):
        return [track.popularity or 0.0 for track in dataset.tracks]
    if dataset.interactions:
        pairs = {(event.listener, event.track) for event in dataset.interactions if event.event in ("listen", "like")}
        return _counts([track for _, track in pairs], dataset.track_index)
    return _counts(
        [track for playlist in training_playlists(dataset) for track in set(playlist.tracks)], dataset.track_index
    )


def _counts(track_ids: list[str], index: Mapping[str, int]) -> list[float]:
    rows = np.array([index[track_id] for track_id in track_ids], dtype=np.int64)
    return [float(count) for count in np.bincount(rows, minlength=len(index))]
