"""A data set of forty tracks whose answers are known, and systems that rank it as told."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from recsys.core.ranking import ListenerQuery, RankedTracks
from recsys.data.dataset import Dataset, Interaction, Playlist, Request, Track


def track(number: int) -> Track:
    return Track(id=f"t{number:02d}", title=f"Song {number}", artists=(f"Artist {number % 7}",))


@pytest.fixture
def small() -> Dataset:
    """Three training playlists, four of the test split, three requests of the test split by two listeners."""
    return Dataset(
        name="small",
        version="1",
        licence="CC0-1.0",
        source="a test",
        languages=("en", "ru"),
        fingerprint="f" * 64,
        tracks=tuple(track(number) for number in range(40)),
        playlists=(
            Playlist("a", "Road trip", ("t00", "t01"), "train"),
            Playlist("b", "Ёлка и снег", ("t02", "t03"), "train"),
            Playlist("c", "calm", ("t04",), ""),
            Playlist("d", "road  TRIP!", ("t05", "t06"), "test"),
            Playlist("e", "Night drive", ("t07", "t08"), "test", "en"),
            Playlist("f", "night drive", ("t08", "t09"), "test", "en"),
            Playlist("g", "танцы на кухне", ("t10", "t11", "t12"), "test"),
        ),
        interactions=(Interaction("ann", "t20", "like", 1, "2026-01-01"),),
        requests=(
            Request("r1", ("something calm", "but louder"), ("t20", "t21"), "ann", "test"),
            Request("r2", ("for the gym",), ("t22",), "ann", "test"),
            Request("r3", ("calm",), ("t23",), "bob", "test"),
            Request("r4", ("for the gym",), ("t24",), "bob", "train"),
        ),
    )


class Told:
    """Ranks the tracks it is told to for a text first, the others behind them by id."""

    def __init__(self, slug: str, first: dict[str, Sequence[str]], ids: Sequence[str]) -> None:
        self.slug = slug
        self._first = first
        self._ids = list(ids)

    def recommend(self, queries: Sequence[ListenerQuery], *, k: int) -> list[RankedTracks]:
        return [self._rank(query, k) for query in queries]

    def _rank(self, query: ListenerQuery, k: int) -> RankedTracks:
        first = list(self._first.get(query.text, ()))
        tracks = [*first, *(one for one in self._ids if one not in first)][:k]
        return RankedTracks(tuple(tracks), tuple(float(k - place) for place in range(k)))


@pytest.fixture
def told(small: Dataset) -> Callable[..., Told]:
    """Make a system of a name that ranks first what it is told to, by text."""

    def make(slug: str, first: dict[str, Sequence[str]] | None = None) -> Told:
        return Told(slug, first or {}, [one.id for one in small.tracks])

    return make


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)
