"""The values that go in and out of every recommender."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

EventKind = Literal["listen", "like", "dislike", "skip"]


@dataclass(frozen=True, slots=True)
class Heard:
    """What a listener did with one track: an event of `interactions.csv` without its moment, later ones later."""

    track: str
    event: EventKind
    count: int = 1


@dataclass(frozen=True, slots=True)
class ListenerQuery:
    """A listener's wish in words.

    Attributes:
        text: the wish.
        listener: whose taste counts; None, or unknown to the artifact, when no taste is known.
        history: what a listener whom the artifact does not know has done; read only then. A track that is not in the
            catalogue says nothing.
    """

    text: str
    listener: str | None = None
    history: tuple[Heard, ...] = ()


@dataclass(frozen=True, slots=True)
class RankedTracks:
    """Track ids, best first, with the recommender's scores; equal scores are ordered by track id.

    Attributes:
        parts: what a score is made of, by name, one value per track: `semantic`, `collaborative`. Empty where a score
            has no parts.
        alpha: exponent of the collaborative part for this query; None where there is none.
    """

    tracks: tuple[str, ...]
    scores: tuple[float, ...]
    parts: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    alpha: float | None = None

    def __post_init__(self) -> None:
        for name, values in {"scores": self.scores, **self.parts}.items():
            if len(self.tracks) != len(values):
                raise ValueError(f"{len(self.tracks)} tracks cannot carry {len(values)} {name}.")
