"""The tastes of simulated listeners: what draws them to a track."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recsys.data.dataset import Track

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

NEIGHBOURS = 24
_GENRE, _MOOD, _THEME, _ERA, _LANGUAGE = 1.6, 0.8, 0.4, 1.2, 1.4
"""What one shared genre, mood, theme, a year at the centre of the era and the language add to a track's appeal."""
_LANGUAGE_SIZE = 12
"""Tracks in a language before anybody can be said to lean towards it."""


@dataclass(frozen=True)
class Leaning:
    """One direction of a taste."""

    genres: tuple[str, ...]
    moods: tuple[str, ...]
    themes: tuple[str, ...]
    language: str
    year: int | None
    spread: float
    """Years from the centre of the era at which its appeal has fallen to 1/e."""


@dataclass(frozen=True)
class Taste:
    """A listener's leanings, how they share the listening, and how far it follows the crowd."""

    leanings: tuple[Leaning, ...]
    shares: tuple[float, ...]
    concentration: float
    popularity_bias: float
    home_language: str
    idols: tuple[str, ...]
    """Artists whose tracks draw more than their tags say."""


class Catalogue:
    """The tracks as arrays, so that one taste is weighed against all of them at once."""

    def __init__(self, tracks: Sequence[Track]) -> None:
        self.tracks = tuple(tracks)
        self.popularity: Floats = np.array([50.0 if t.popularity is None else t.popularity for t in tracks])
        self.years: Floats = np.array([np.nan if t.year is None else float(t.year) for t in tracks])
        self.genres = sorted({genre for track in tracks for genre in track.genres})
        self._columns: dict[tuple[str, str], Floats] = {}
        self._neighbours: dict[int, Rows] = {}
        for row, track in enumerate(tracks):
            for kind in ("genres", "moods", "themes", "artists"):
                for tag in getattr(track, kind):
                    self._columns.setdefault((kind, tag), np.zeros(len(self.tracks)))[row] = 1
            if track.language:
                self._columns.setdefault(("language", track.language), np.zeros(len(self.tracks)))[row] = 1

    def shared(self, kind: str, tags: Sequence[str]) -> Floats:
        """How many of the tags each track has."""
        total: Floats = np.zeros(len(self.tracks))
        for tag in tags:
            total += self._columns.get((kind, tag), 0.0)
        return total

    def appeal(self, leaning: Leaning) -> Floats:
        """How much each track suits the leaning; about 8 at best."""
        appeal = _GENRE * self.shared("genres", leaning.genres)
        appeal += _MOOD * self.shared("moods", leaning.moods)
        appeal += _THEME * self.shared("themes", leaning.themes)
        appeal += _LANGUAGE * self.shared("language", [leaning.language])
        if leaning.year is not None:
            distance = np.where(np.isnan(self.years), np.inf, np.abs(self.years - leaning.year))
            appeal += _ERA * np.exp(-((distance / leaning.spread) ** 2))
        return appeal

    def neighbours(self, row: int) -> Rows:
        """The rows most like this one by tags and language, itself left out; equals in the catalogue's order."""
        if row not in self._neighbours:
            track = self.tracks[row]
            likeness = 2 * self.shared("genres", track.genres) + self.shared("moods", track.moods)
            likeness += self.shared("themes", track.themes) + self.shared("language", [track.language])
            likeness[row] = -np.inf
            self._neighbours[row] = np.argsort(-likeness, kind="stable")[: min(NEIGHBOURS, len(self.tracks) - 1)]
        return self._neighbours[row]


def draw(rng: np.random.Generator, weights: Floats, n: int) -> Rows:
    """Draw up to `n` different rows, each with a chance in proportion to its weight, in the order drawn.

    Only `random()` is asked of the generator: its stream is promised to stay, those of the distributions are not.
    """
    with np.errstate(divide="ignore"):
        keys = np.log(weights) - np.log(-np.log(1 - rng.random(len(weights))))
    best: Rows = np.argsort(-keys, kind="stable")[:n]  # Gumbel's trick: the largest keys are a draw without return
    drawn: Rows = best[np.isfinite(keys[best])]
    return drawn


def draw_taste(rng: np.random.Generator, catalogue: Catalogue) -> Taste:
    """Draw a taste: one to three leanings, each around a track of a genre drawn before it, so that none is too rare."""
    home = "ru" if rng.random() < 0.45 else "en"
    n_leanings = 1 + int(rng.random() < 0.65) + int(rng.random() < 0.3)
    leanings = [_draw_leaning(rng, catalogue, home) for _ in range(n_leanings)]
    shares = np.array([0.4 + rng.random() for _ in leanings])
    concentration = 0.9 + 0.6 * rng.random()
    appeal = np.max([catalogue.appeal(leaning) for leaning in leanings], axis=0)
    favourites = draw(rng, np.exp(concentration * appeal), 2 + int(4 * rng.random()))
    return Taste(
        leanings=tuple(leanings),
        shares=tuple(float(share) for share in shares / shares.sum()),
        concentration=concentration,
        popularity_bias=0.2 + 0.8 * rng.random(),
        home_language=home,
        idols=tuple(dict.fromkeys(catalogue.tracks[int(row)].artists[0] for row in favourites)),
    )


def _draw_leaning(rng: np.random.Generator, catalogue: Catalogue, home: str) -> Leaning:
    anchors = np.exp(catalogue.popularity / 25) * (1 + 2 * catalogue.shared("language", [home]))
    if catalogue.genres:
        sizes = np.array([catalogue.shared("genres", [genre]).sum() for genre in catalogue.genres])
        genre = catalogue.genres[int(draw(rng, np.sqrt(sizes), 1)[0])]
        anchors = anchors * catalogue.shared("genres", [genre])
    anchor = catalogue.tracks[int(draw(rng, anchors, 1)[0])]
    return Leaning(
        genres=anchor.genres[:2],
        moods=anchor.moods[:2],
        themes=anchor.themes[:1],
        language=anchor.language if catalogue.shared("language", [anchor.language]).sum() >= _LANGUAGE_SIZE else "",
        year=anchor.year,
        spread=5 + 12 * rng.random(),
    )
