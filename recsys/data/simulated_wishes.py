"""What a labelled query asks for, as far as its words say: the tags, artists and places in the charts that it names.

Nobody has read these: a word, whatever its ending, is taken for the tag whose name it is, whatever stands around it
("no jazz" asks for jazz). Only queries are used of which at least a third of the words of three letters and more is
understood, so that most say what they are taken to say.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import Stemmer
from numpy.typing import NDArray

from recsys.data.catalogue import TagNames, is_cyrillic, track_tags
from recsys.data.dataset import LabelledQuery, Track
from recsys.training.text import words

TASTE, CHARTS, ENTITIES = "taste-dependent", "trends-charts", "existing-entities"
UNUSED = ("noise", "in-style-of")
"""Categories whose queries ask for nothing that tags could tell."""
IN_THE_CHARTS = 30
_UNDERSTOOD = 1 / 3
_SHORT = 6
_STEMMERS = (Stemmer.Stemmer("english"), Stemmer.Stemmer("russian"))

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Wish:
    """A query that is understood.

    Attributes:
        matches: which tracks are what the words ask for, shape (tracks,).
    """

    query: LabelledQuery
    category: str
    matches: Mask


class WishReader:
    """Reads queries against a catalogue."""

    def __init__(self, tracks: Sequence[Track], tag_names: TagNames) -> None:
        self._popularity = np.array([track.popularity or 0.0 for track in tracks])
        self._phrases: dict[tuple[str, ...], Mask] = {}
        self._names: set[tuple[str, ...]] = set()
        holders: dict[str, Mask] = {}
        for row, track in enumerate(tracks):
            for tag in track_tags(track):
                holders.setdefault(tag, np.zeros(len(tracks), bool))[row] = True
            for artist in track.artists:
                stems = _stems(artist)
                self._names.add(stems)
                self._phrases.setdefault(stems, np.zeros(len(tracks), bool))[row] = True
        for tag, mask in holders.items():
            for name in (tag.rpartition(":")[2], *tag_names.get(tag, ())):
                phrase = _stems(name)
                if phrase not in self._names:  # a band called Garbage is not garbage
                    self._phrases[phrase] = self._phrases.get(phrase, False) | mask
        self._phrases.pop((), None)
        self._names.discard(())
        self._longest = max(map(len, self._phrases), default=0)

    def read(self, query: LabelledQuery) -> Wish | None:
        """Return what a query asks for; None where too little of it is understood, or where its labels differ.

        A taste-dependent query that names nothing asks for everything, one of the charts for the most popular of what
        it names.
        """
        categories = {category for _, category in query.annotations}
        if len(categories) != 1 or (category := next(iter(categories))) in UNUSED:
            return None
        text = _stems(query.text)
        named = list(self._named(text))
        everything = np.ones(len(self._popularity), bool)
        if named:
            if _weight([word for phrase in named for word in phrase]) < _UNDERSTOOD * _weight(text):
                return None
            if category != ENTITIES and any(phrase in self._names for phrase in named):
                return None  # who names an artist in passing wants something like the artist, which no tag tells
            matches = np.logical_and.reduce([everything, *(self._phrases[phrase] for phrase in named)])
        elif category in (TASTE, CHARTS) and len(text) <= _SHORT and not any(word.isdigit() for word in text):
            matches = everything
        else:
            return None
        if category == CHARTS:
            matches = matches & self._popular(matches)
        return Wish(query, category, matches) if matches.any() else None

    def _named(self, text: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """Yield the names in a text, the longest first where several begin at one word."""
        start = 0
        while start < len(text):
            for length in range(min(self._longest, len(text) - start), 0, -1):
                phrase = text[start : start + length]
                if phrase in self._phrases:
                    yield phrase
                    start += length
                    break
            else:
                start += 1

    def _popular(self, among: Mask) -> Mask:
        best = np.argsort(np.where(among, -self._popularity, np.inf), kind="stable")[:IN_THE_CHARTS]
        mask = np.zeros(len(among), bool)
        mask[best] = True
        return mask


def _stems(text: str) -> tuple[str, ...]:
    return tuple(str(_STEMMERS[is_cyrillic(word)].stemWord(word)) for word in words(text))


def _weight(text: Sequence[str]) -> int:
    """How many words say something: those of three letters and more."""
    return sum(len(word) >= 3 for word in text)
