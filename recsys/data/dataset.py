"""A data set in memory: what a data set folder says, checked and typed. Reading it is in `reading.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Event = Literal["listen", "like", "dislike", "skip"]
EVENTS: tuple[Event, ...] = ("listen", "like", "dislike", "skip")
TEMPOS = ("slow", "mid", "fast")
SPLITS = ("train", "val", "test")


@dataclass(frozen=True, slots=True)
class Track:
    """One line of `tracks.jsonl`."""

    id: str
    title: str
    artists: tuple[str, ...]
    album: str = ""
    year: int | None = None
    genres: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    language: str = ""
    energy: int | None = None
    tempo: str = ""
    vocals: str = ""
    popularity: float | None = None
    duration_s: float | None = None
    isrc: str = ""
    preview_url: str = ""
    lyrics: str = ""
    other_titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Playlist:
    """One line of `playlists.jsonl`: an editorial playlist, its title standing for a query."""

    id: str
    title: str
    tracks: tuple[str, ...]
    split: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Listener:
    """One line of `listeners.jsonl`: a short description of a listener's taste, in two languages."""

    id: str
    description_en: str = ""
    description_ru: str = ""


@dataclass(frozen=True, slots=True)
class Interaction:
    """One line of `interactions.csv`."""

    listener: str
    track: str
    event: Event
    count: int
    timestamp: str


@dataclass(frozen=True, slots=True)
class Request:
    """One line of `requests.jsonl`: a query, or the turns of a conversation, with the tracks that satisfy it."""

    id: str
    turns: tuple[str, ...]
    relevant: tuple[str, ...]
    listener: str = ""
    split: str = ""


@dataclass(frozen=True, slots=True)
class LabelledQuery:
    """One line of `queries.jsonl`: a query, (annotator, category slug) pairs, and what translations of it share."""

    id: str
    text: str
    language: str
    annotations: tuple[tuple[str, str], ...]
    group: str = ""


@dataclass(frozen=True)
class Dataset:
    """A whole data set. `tag_names` maps a tag (genre, mood, theme …) to its names in other languages and words.

    Attributes:
        fingerprint: sha256 over the names and bytes of the files, so that an artifact can name its data.
        features: name to float32 array, shape (tracks, dimensions), row i for `tracks[i]`.
    """

    name: str
    version: str
    licence: str
    source: str
    languages: tuple[str, ...]
    fingerprint: str
    tracks: tuple[Track, ...]
    playlists: tuple[Playlist, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    requests: tuple[Request, ...] = ()
    queries: tuple[LabelledQuery, ...] = ()
    tag_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    features: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)
    listeners: tuple[Listener, ...] = ()

    @cached_property
    def track_index(self) -> dict[str, int]:
        """Track id to its row, in the order of `tracks`."""
        return {track.id: row for row, track in enumerate(self.tracks)}
