"""The values that go in and out of every recommender."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ListenerQuery:
    """A listener's wish in words. `listener` is None, or unknown to the artifact, when no taste is known."""

    text: str
    listener: str | None = None


@dataclass(frozen=True, slots=True)
class RankedTracks:
    """Track ids, best first, with the recommender's scores; equal scores are ordered by track id."""

    tracks: tuple[str, ...]
    scores: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.tracks) != len(self.scores):
            raise ValueError(f"{len(self.tracks)} tracks cannot carry {len(self.scores)} scores.")
