"""What the encoder learns from: queries a listener might type, each with the tracks that would be right.

A wish names features of a track: tags, an artist, the title, a playlist. Every track with all these features is right,
so that no right track is taught as a wrong one.
"""

from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recsys.data.catalogue import is_cyrillic, names_of, track_tags
from recsys.data.dataset import Dataset, Track
from recsys.training.playlists import training_playlists
from recsys.training.text import words
from recsys.training.transliteration import other_script

# Words of a request that say nothing about the music; met beside every tag, they learn to weigh nothing.
_FILLERS: tuple[list[str], list[str]] = (
    words("songs music tracks playlist play something some for a the with and of to in my me i want please mix best"),
    words("песни музыка треки плейлист включи что-нибудь для с и на о под в по мне я хочу подборка песня песен хиты"),
)
_PER_PHRASE = 2
"""Wishes per epoch for each name of a tag. Drawn by track alone, a rare tag's twentieth name is met once in a while."""

Named = tuple[str, int, list[int]]
"""A wish: its text, the row of the right track, the features that it names."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """Queries with one right track each, and the features that they name.

    Attributes:
        tracks: row of the right track, shape (wishes,).
        named: which features a wish names, 0 or 1, shape (wishes, features).
    """

    texts: list[str]
    tracks: NDArray[np.int64]
    named: sparse.csr_matrix

    def __len__(self) -> int:
        return len(self.texts)

    def part(self, rows: slice) -> "Wishes":
        return Wishes(self.texts[rows], self.tracks[rows], self.named[rows])


class WishSource:
    """Draws wishes for the tracks of a data set."""

    def __init__(self, dataset: Dataset) -> None:
        self._tracks: Sequence[Track] = dataset.tracks
        self._index: dict[str, int] = {}
        self._facets = [[self._feature(f"tag:{tag}") for tag in track_tags(track)] for track in dataset.tracks]
        self._names = [_names(key.partition(":")[2], dataset) for key in self._index]
        implied = _implied(self._index, self._names)
        self._also_named = {
            phrase: [implied[word] for word in words(phrase) if word in implied]
            for names in self._names
            for part in names
            for phrase in part
        }
        self._artists = [[self._feature(f"artist:{name}") for name in track.artists] for track in dataset.tracks]
        self._titles = [self._feature(f"title:{track.id}") for track in dataset.tracks]
        self._playlists: list[list[int]] = [[] for _ in dataset.tracks]
        self._playlist_titles: dict[int, str] = {}
        for playlist in training_playlists(dataset):
            feature = self._feature(f"playlist:{playlist.title}")
            self._playlist_titles[feature] = playlist.title
            for track_id in dict.fromkeys(playlist.tracks):
                self._playlists[dataset.track_index[track_id]].append(feature)
        parts = zip(self._facets, self._artists, self._titles, self._playlists, strict=True)
        self._of_track = self._matrix([[*tags, *artists, title, *lists] for tags, artists, title, lists in parts])
        self._holders = self._of_track.tocsc()
        self._single = list(self._single_phrases())
        # a tag that few tracks have tells more about them, and is drawn more often
        counts = np.maximum(np.diff(self._holders.indptr), 1)
        self._weights = [list(accumulate(float(counts[tag]) ** -0.5 for tag in tags)) for tags in self._facets]

    @property
    def features(self) -> sparse.csr_matrix:
        """Which features each track has, 0 or 1, shape (tracks, features)."""
        return self._of_track

    def texts(self) -> Iterable[str]:
        """Yield every phrase, name and title, for the tokenizer."""
        for names in self._names:
            yield from names[0]
            yield from names[1]
        yield from self._playlist_titles.values()
        for track in self._tracks:
            yield track.title
            for name in track.artists:
                yield name
                yield other_script(name)

    def draw(self, rng: np.random.Generator, *, per_track: int) -> Wishes:
        """Draw an epoch's wishes in random order: so many for each track, and some for each name of each tag."""
        drawn = [self._of(row, rng) for row in range(len(self._tracks)) for _ in range(per_track)]
        count = min(_PER_PHRASE * len(self._single), len(drawn))  # a small catalogue is not drowned in names
        for number in rng.permutation(_PER_PHRASE * len(self._single))[:count]:
            phrase, named, rows = self._single[number // _PER_PHRASE]
            row = int(rows[rng.integers(len(rows))])
            drawn.append((_filled([phrase], int(is_cyrillic(phrase)), rng), row, named))
        drawn = [drawn[number] for number in rng.permutation(len(drawn))]
        tracks = np.array([row for _, row, _ in drawn], dtype=np.int64)
        return Wishes([text for text, _, _ in drawn], tracks, self._matrix([named for _, _, named in drawn]))

    def also_right(self, wishes: Wishes) -> NDArray[np.bool_]:
        """Tell whether the track of wish j is right for wish i as well, shape (wishes, wishes)."""
        shared = (wishes.named @ self._of_track[wishes.tracks].T).toarray()
        return np.asarray(shared >= np.diff(wishes.named.indptr)[:, None])

    def _single_phrases(self) -> Iterable[tuple[str, list[int], NDArray[np.int64]]]:
        """Yield each name of each tag with the features that it names and the tracks that have them all."""
        rows: dict[frozenset[int], NDArray[np.int64]] = {}
        for tag, names in enumerate(self._names):
            for phrase in (*names[0], *names[1]):
                named = [tag, *self._also_named[phrase]]
                key = frozenset(named)
                if key not in rows:
                    held = np.asarray(self._of_track[:, sorted(key)].sum(axis=1)).ravel() >= len(key)
                    rows[key] = np.flatnonzero(held)
                if len(rows[key]):
                    yield phrase, named, rows[key]

    def _of(self, row: int, rng: np.random.Generator) -> Named:
        kind = rng.random()
        if kind < 0.35 and self._playlists[row]:
            feature = self._playlists[row][rng.integers(len(self._playlists[row]))]
            return self._playlist_titles[feature], row, [feature]
        if kind < 0.5:
            return self._by_artist(row, rng)
        if kind < 0.6 or not self._facets[row]:
            return self._by_title(row, rng)
        if kind < 0.65:
            artist, _, by = self._by_artist(row, rng)
            phrase, _, tags = self._by_tags(row, rng, at_most=1)
            return f"{artist} {phrase}", row, by + tags
        return self._by_tags(row, rng, at_most=3)

    def _by_artist(self, row: int, rng: np.random.Generator) -> Named:
        names = self._tracks[row].artists
        chosen = int(rng.integers(len(names)))
        name = names[chosen] if rng.random() < 0.75 else other_script(names[chosen])
        return name, row, [self._artists[row][chosen]]

    def _by_title(self, row: int, rng: np.random.Generator) -> Named:
        track = self._tracks[row]
        text = track.title if rng.random() < 0.5 else f"{track.title} {track.artists[0]}"
        return text, row, [self._titles[row]]

    def _by_tags(self, row: int, rng: np.random.Generator, *, at_most: int) -> Named:
        weights = self._weights[row]
        count = min(int(rng.integers(1, at_most + 1)), len(weights))
        chosen: list[int] = []
        while len(chosen) < count:
            tag = self._facets[row][bisect(weights, rng.random() * weights[-1], hi=len(weights) - 1)]
            if tag not in chosen:
                chosen.append(tag)
        russian = int(rng.integers(2))
        phrases, named = [], list(chosen)
        for tag in chosen:
            names = self._names[tag][russian] or self._names[tag][1 - russian]
            phrase = names[int(rng.integers(len(names)))]
            also = self._also_named[phrase]
            if set(also) <= set(self._facets[row]):  # else the track is not what the phrase asks for
                phrases.append(phrase)
                named += also
        if not phrases:
            return self._by_title(row, rng)
        return _filled(phrases, russian, rng), row, named

    def _feature(self, key: str) -> int:
        return self._index.setdefault(key, len(self._index))

    def _matrix(self, features: Iterable[list[int]]) -> sparse.csr_matrix:
        rows = [sorted(set(row)) for row in features]
        starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
        columns = np.array([feature for row in rows for feature in row], dtype=np.int32)
        ones = np.ones(len(columns), dtype=np.float32)
        return sparse.csr_matrix((ones, columns, starts), shape=(len(rows), len(self._index)))


def _implied(index: Mapping[str, int], names: Sequence[tuple[list[str], list[str]]]) -> dict[str, int]:
    """Return the words that name a language or a decade wherever they stand, as "русский" does in "русский рок"."""
    found: dict[str, int] = {}
    for key, feature in index.items():
        if key.startswith(("tag:language:", "tag:decade:")):
            found |= {words(name)[0]: feature for part in names[feature] for name in part if len(words(name)) == 1}
    return found


def _names(tag: str, dataset: Dataset) -> tuple[list[str], list[str]]:
    names = names_of(tag, dataset.tag_names)
    return [name for name in names if not is_cyrillic(name)], [name for name in names if is_cyrillic(name)]


def _filled(phrases: list[str], russian: int, rng: np.random.Generator) -> str:
    """Join phrases, with up to two words that say nothing among them."""
    fillers = _FILLERS[russian]
    for _ in range(int(rng.integers(3))):
        phrases.insert(int(rng.integers(len(phrases) + 1)), fillers[int(rng.integers(len(fillers)))])
    return " ".join(phrases)
