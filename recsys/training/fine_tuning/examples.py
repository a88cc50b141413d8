"""Training pairs: a query and what the encoder reads of one track that is right for it.

Only the training split is read. Every query names features, as the wishes do (`wishes.py`): its playlist title, its
request, a tag, an artist. A track with all of them is right for the query, and is never taught to be a wrong one.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recsys.core.errors import RequestError
from recsys.data.catalogue import track_text
from recsys.data.dataset import Dataset
from recsys.training.fine_tuning.documents import TitleDocuments, key
from recsys.training.fine_tuning.params import FineTuningParams
from recsys.training.playlists import training_playlists
from recsys.training.text import sound
from recsys.training.wishes import WishSource

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Examples:
    """Pairs in the order of training.

    Attributes:
        texts: the queries.
        documents: what is read of the right track of each.
        tracks: its row, shape (pairs,).
        named: which features a query names, 0 or 1, shape (pairs, features).
    """

    texts: list[str]
    documents: list[str]
    tracks: Rows
    named: sparse.csr_matrix

    def __len__(self) -> int:
        return len(self.texts)

    def part(self, rows: Rows) -> "Examples":
        """Return the pairs of some rows, in their order."""
        texts, documents = ([values[row] for row in rows] for values in (self.texts, self.documents))
        return Examples(texts, documents, self.tracks[rows], self.named[rows])


class ExampleSource:
    """Draws an epoch's pairs from a data set.

    Attributes:
        documents: what is read of every track, in the order of `dataset.tracks`; empty where there is nothing.
        left_out: pairs that cannot be learned from, as their document is empty without the query's own title.

    Raises:
        RequestError: The data set has no pair to learn from.
    """

    def __init__(self, dataset: Dataset, params: FineTuningParams) -> None:
        self._params = params
        titles = TitleDocuments(dataset, limit=params.titles) if params.documents != "metadata" else None
        self.documents: list[str]
        if titles is None:
            self.documents = [sound(track_text(track, dataset.tag_names)) for track in dataset.tracks]
        else:
            self.documents = titles.all()
        self._queries, features = _labelled(dataset, params.kinds)
        self._wishes = WishSource(dataset) if "wishes" in params.kinds else None
        self._of_track = features if self._wishes is None else sparse.hstack([features, self._wishes.features]).tocsr()
        pairs = [(query, row) for query, (_, rows) in enumerate(self._queries) for row in rows]
        self._pairs = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        self._own: Sequence[str | list[str]] | None = None
        self.left_out = 0
        if titles is not None and (params.documents == "titles" or not params.own_title):
            read = titles.others if params.documents == "titles" else _without(titles)
            own = [read(row, key(self._queries[query][0])) for query, row in pairs]
            kept = [number for number, text in enumerate(own) if text]
            self.left_out = len(own) - len(kept)
            self._pairs, self._own = self._pairs[kept], [own[number] for number in kept]
        if not len(self._pairs) and self._wishes is None:
            raise RequestError(
                "There is nothing to learn from: the training split has no playlist"
                f"{' title' if self._queries else ''} that could teach by {params.queries}; add playlists or requests."
            )

    def draw(self, rng: np.random.Generator) -> Examples:
        """Draw an epoch's pairs in random order."""
        order = rng.permutation(len(self._pairs))
        if self._params.per_query:
            order = order[_first(self._pairs[order, 0], self._params.per_query)]
        texts = [self._queries[query][0] for query in self._pairs[order, 0]]
        tracks = self._pairs[order, 1]
        documents = [self._document(int(number), rng) for number in order]
        named = _matrix([[query] for query in self._pairs[order, 0]], self._of_track.shape[1])
        if self._wishes is not None:
            wishes = self._wishes.draw(rng, per_track=self._params.wishes)
            shift = sparse.csr_matrix((len(wishes), len(self._queries)), dtype=np.float32)
            texts += [sound(text) for text in wishes.texts]
            documents += [self.documents[row] for row in wishes.tracks]
            tracks = np.concatenate([tracks, wishes.tracks])
            named = sparse.vstack([named, sparse.hstack([shift, wishes.named])]).tocsr()
        mixed = rng.permutation(len(texts))
        if self._params.pairs:
            mixed = mixed[: self._params.pairs]
        return Examples([texts[n] for n in mixed], [documents[n] for n in mixed], tracks[mixed], named[mixed])

    def right(self, examples: Examples, tracks: Rows) -> NDArray[np.bool_]:
        """Tell whether a track is right for a query, shape (examples, tracks)."""
        shared = (examples.named @ self._of_track[tracks].T).toarray()
        return np.asarray(shared >= np.diff(examples.named.indptr)[:, None])

    def _document(self, number: int, rng: np.random.Generator) -> str:
        if self._own is None:
            return self.documents[int(self._pairs[number, 1])]
        own = self._own[number]
        return own if isinstance(own, str) else own[int(rng.integers(len(own)))]


def _first(values: Rows, most: int) -> NDArray[np.bool_]:
    """Tell which places hold one of the first so many of their value."""
    by_value = np.argsort(values, kind="stable")
    starts = np.flatnonzero(np.diff(values[by_value], prepend=-1))
    rank = np.arange(len(values)) - np.repeat(starts, np.diff(starts, append=len(values)))
    kept = np.empty(len(values), dtype=np.bool_)
    kept[by_value] = rank < most
    return kept


def _without(titles: TitleDocuments) -> Callable[[int, str], str]:
    return lambda row, name: titles.of(row, without=name)


def held_out(dataset: Dataset, kinds: Iterable[str]) -> list[tuple[str, Rows]]:
    """Return the queries of the validation split with the rows of their tracks.

    A title that a training playlist bears too tells nothing about unseen ones and is left out.
    """
    seen = {key(playlist.title) for playlist in training_playlists(dataset)}
    return [(text, rows) for text, rows in _queries(dataset, kinds, ("val",)) if key(text) not in seen]


def _labelled(dataset: Dataset, kinds: Iterable[str]) -> tuple[list[tuple[str, Rows]], sparse.csr_matrix]:
    """Return titles and requests with their tracks, and the feature of each, shape (tracks, queries)."""
    queries = _queries(dataset, kinds, ("train", ""))
    return queries, _matrix([rows for _, rows in queries], len(dataset.tracks)).T.tocsr()


def _queries(dataset: Dataset, kinds: Iterable[str], splits: tuple[str, ...]) -> list[tuple[str, Rows]]:
    """Return distinct queries of some splits; what two playlists of one title hold is right for both."""
    found: dict[str, tuple[str, dict[int, None]]] = {}
    said = []
    if "titles" in kinds:
        said += [(playlist.title, playlist.tracks, playlist.split) for playlist in dataset.playlists]
    if "requests" in kinds:
        said += [(" ".join(request.turns), request.relevant, request.split) for request in dataset.requests]
    for text, tracks, split in said:
        text = sound(text).strip()
        if split in splits and text and tracks:
            _, rows = found.setdefault(key(text), (text, {}))
            rows.update(dict.fromkeys(dataset.track_index[track_id] for track_id in tracks))
    return [(text, np.array(list(rows), dtype=np.int64)) for text, rows in found.values()]


def _matrix(rows: Iterable[Iterable[int]], columns: int) -> sparse.csr_matrix:
    listed = [list(row) for row in rows]
    starts = np.concatenate([[0], np.cumsum([len(row) for row in listed], dtype=np.int64)])
    indices = np.array([column for row in listed for column in row], dtype=np.int32)
    ones = np.ones(len(indices), dtype=np.float32)
    return sparse.csr_matrix((ones, indices, starts), shape=(len(listed), columns))
