"""BM25 over the concatenated titles of the playlists a track is on, as the sparse baseline of Text2Tracks, and over
what is known of the track itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from recsys.core.artifacts import read_json, read_params, write_params
from recsys.core.errors import RequestError
from recsys.core.ranking import ListenerQuery, RankedTracks
from recsys.data.catalogue import track_text
from recsys.data.dataset import Dataset
from recsys.recommenders.track_list import TrackList, best_rows
from recsys.text.analysis import STEMMINGS, Stemming, terms
from recsys.text.layout import other_layout
from recsys.text.word_index import WordIndex
from recsys.training.playlists import training_playlists
from recsys.training.text import words
from recsys.training.transliteration import other_script

TITLES, METADATA = "index", "metadata"
_BEFORE_ANALYSIS: dict[str, Any] = {"stemming": "none", "metadata": 0.0, "layout": False, "transliteration": False}


@dataclass(frozen=True, slots=True)
class BM25Params:
    """How words are cut, and how they are weighed.

    The baseline of Text2Tracks, which takes PyTerrier's defaults, is `b=0.75`, `stemming="porter"`, `metadata=0`,
    `layout=False`, `transliteration=False`: Terrier leaves out stop words and stems with Porter's algorithm, k1 is 1.2
    and b 0.75. What stays different is Terrier's own list of stop words, and its idf, which falls below zero for what
    half of the tracks have. The defaults here were chosen on val lists (docs/decisions/0015-bm25-analysis.md).

    Attributes:
        k1: how slowly the repetition of a word stops counting.
        b: how much tracks with many words in the titles of their playlists are held back, 0 to 1. That many words means
            many playlists, so it holds back what is popular.
        stopwords: whether English and Russian words that say nothing ("the", "для") are left out. With them, titles
            that share no more than a preposition came before popular tracks.
        stemming: `none`, `porter` or `snowball`, see `recsys.text.analysis`.
        metadata: weight of the track's own title, artists, album and tags against 1 for the titles of its playlists;
            0 does not search them.
        metadata_b: as `b`, for the track's own words.
        layout: whether a query of which no word is known is read as typed in the other keyboard layout, if at least
            half of its words are known there.
        transliteration: whether a word that is not known is tried in the other script: kino as кино.
    """

    k1: float = 1.2
    b: float = 0.0
    stopwords: bool = True
    stemming: Stemming = "snowball"
    metadata: float = 1.0
    metadata_b: float = 0.75
    layout: bool = True
    transliteration: bool = True

    def __post_init__(self) -> None:
        if self.stemming not in STEMMINGS:
            raise RequestError(f"`stemming` must be one of {', '.join(STEMMINGS)}, got {self.stemming!r}.")
        if not 0 <= self.metadata < float("inf"):
            raise RequestError(f"`metadata` must be a weight of 0 or more, got {self.metadata}.")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a query was read: the terms searched for, and what was done to a word that is not known."""

    terms: tuple[str, ...]
    other_layout: bool = False
    other_script: bool = False


class BM25:
    """Ranks tracks by the words that the query shares with the titles of their playlists, and with themselves.

    The score is `BM25(titles) + metadata * BM25(title, artists, album, tags)`: two indexes, each with the idf of its
    own field, since a name that is rare in titles is not rare among artists. The linear combination counts a word that
    both fields hold twice, without the saturation of BM25F (Robertson, Zaragoza and Taylor, "Simple BM25 extension to
    multiple weighted fields", CIKM 2004); for that the engine stays as it is, and at weight 0 it is the paper's.

    A track that shares no word comes after all that do, by popularity: its score is below zero, from -1 for the least
    popular up to, but not including, 0.
    """

    slug: ClassVar[str] = "bm25"
    params_class: ClassVar[type[BM25Params]] = BM25Params

    def __init__(self, tracks: TrackList, titles: WordIndex, metadata: WordIndex, params: BM25Params) -> None:
        self.tracks = tracks
        self.params = params
        self._titles, self._metadata = titles, metadata
        self._fallback: NDArray[np.float64] = (rankdata(tracks.popularity, method="min") - 1) / len(tracks) - 1

    @property
    def notes(self) -> tuple[str, ...]:
        own = f"its own title, artists, album and tags count {self.params.metadata:g} times as much"
        return (
            "A track is the titles of the playlists it is on; "
            + (f"{own}." if self.params.metadata else "its own title and artists are not searched."),
            "Tracks that share no word with the query follow by popularity.",
        )

    def recommend(self, queries: Sequence[ListenerQuery], *, k: int) -> list[RankedTracks]:
        self.tracks.check(k)
        return [self._ranked(query.text, k) for query in queries]

    def read(self, text: str) -> Reading:
        """Return the terms of a query, repaired where no document knows them."""
        found = self._terms(text)
        if self.params.layout and found and not any(map(self._known, found)):
            typed = self._terms(other_layout(text))
            if typed and 2 * sum(map(self._known, typed)) >= len(typed):
                return Reading(tuple(typed), other_layout=True)
        if not self.params.transliteration or all(map(self._known, found)):
            return Reading(tuple(found))
        read = tuple(term for word in words(text) for term in self._in_either_script(word))
        return Reading(read, other_script=read != tuple(found))

    def save(self, directory: Path) -> None:
        write_params(directory, self.slug, self.params)
        self.tracks.save(directory)
        self._titles.save(directory / TITLES)
        self._metadata.save(directory / METADATA)

    @classmethod
    def load(cls, directory: Path, *, device: str = "cpu") -> Self:
        params = read_params(directory, cls.slug, BM25Params)
        # an artifact from before words were analysed does not name these, and must go on ranking as it did
        written = read_json(directory, "params.json")["parameters"]
        params = replace(params, **{name: value for name, value in _BEFORE_ANALYSIS.items() if name not in written})
        tracks = TrackList.load(directory)
        titles = WordIndex.load(directory / TITLES, len(tracks))
        return cls(tracks, titles, WordIndex.load(directory / METADATA, len(tracks)), params)

    @classmethod
    def train(cls, dataset: Dataset, *, seed: int, params: BM25Params | None = None, **_unused: object) -> Self:
        params = params or BM25Params()
        tracks = TrackList.of(dataset)
        titles = WordIndex.of(title_documents(dataset, tracks, params), k1=params.k1, b=params.b)
        own: list[list[str]] = [[] for _ in tracks.ids]
        if params.metadata:
            for track in dataset.tracks:
                own[tracks.rows[track.id]] = _analysed(track_text(track, dataset.tag_names, limit=None), params)
        return cls(tracks, titles, WordIndex.of(own, k1=params.k1, b=params.metadata_b), params)

    def _ranked(self, text: str, k: int) -> RankedTracks:
        scores = self._scores(text)
        found = np.flatnonzero(scores > 0)
        if len(found) >= k:  # most queries: looking for the best among those found spares half of the time
            rows = found[best_rows(scores[found], k)]
            return self.tracks.ranked(rows, scores[rows])
        return self.tracks.best(np.where(scores > 0, scores, self._fallback), k)

    def _scores(self, text: str) -> NDArray[np.float64]:
        """The score of every track by words alone; 0 where it shares none."""
        read = self.read(text).terms
        scores = self._titles.scores(read)
        if self.params.metadata:
            scores += self.params.metadata * self._metadata.scores(read)
        return scores

    def _terms(self, text: str) -> list[str]:
        return _analysed(text, self.params)

    def _known(self, term: str) -> bool:
        return term in self._titles.vocabulary or term in self._metadata.vocabulary

    def _in_either_script(self, word: str) -> list[str]:
        """The term of one word, or those of its spelling in the other script if only they are known."""
        found = self._terms(word)
        if all(map(self._known, found)):
            return found
        return [term for term in self._terms(other_script(word)) if self._known(term)] or found


def title_documents(dataset: Dataset, tracks: TrackList, params: BM25Params) -> list[list[str]]:
    """Return for each track the terms of the titles of its training playlists, one after the other."""
    documents: list[list[str]] = [[] for _ in tracks.ids]
    for playlist in training_playlists(dataset):
        found = _analysed(playlist.title, params)
        for track_id in dict.fromkeys(playlist.tracks):
            documents[tracks.rows[track_id]].extend(found)
    return documents


def _analysed(text: str, params: BM25Params) -> list[str]:
    return terms(text, stemming=params.stemming, stopwords=params.stopwords)
