"""The most popular tracks, whatever the query: the floor that every other system has to beat."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

import numpy as np

from recsys.core.artifacts import read_params, write_params
from recsys.core.ranking import ListenerQuery, RankedTracks
from recsys.data.dataset import Dataset
from recsys.recommenders.track_list import TrackList


@dataclass(frozen=True, slots=True)
class PopularityParams:
    """It has nothing to set."""


class Popularity:
    """Ranks by popularity as `track_list.popularity` counts it; the score is that count."""

    slug: ClassVar[str] = "popularity"
    params_class: ClassVar[type[PopularityParams]] = PopularityParams

    def __init__(self, tracks: TrackList, params: PopularityParams) -> None:
        self.tracks = tracks
        self.params = params
        self._scores = np.array(tracks.popularity)

    @property
    def notes(self) -> tuple[str, ...]:
        return ("The query and the listener change nothing.",)

    def recommend(self, queries: Sequence[ListenerQuery], *, k: int) -> list[RankedTracks]:
        self.tracks.check(k)
        return [self.tracks.best(self._scores, k)] * len(queries)

    def save(self, directory: Path) -> None:
        write_params(directory, self.slug, self.params)
        self.tracks.save(directory)

    @classmethod
    def load(cls, directory: Path, *, device: str = "cpu") -> Self:
        params = read_params(directory, cls.slug, PopularityParams)
        return cls(TrackList.load(directory), params)

    @classmethod
    def train(cls, dataset: Dataset, *, seed: int, params: PopularityParams | None = None, **_unused: object) -> Self:
        return cls(TrackList.of(dataset), params or PopularityParams())
