"""Splits by playlist: what is learned from and what is tested share neither a title nor nearly the same tracks.

Two wishes (titles of playlists, texts of requests) belong together if their texts differ by case, blanks, punctuation
and ё/е only, or if of the tracks that either has they share four fifths. What belongs together, also over a third
wish, goes to the same split. A split by (query, track) pairs would let a system learn the test titles by heart.
"""

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from recsys.core.errors import RequestError
from recsys.data.dataset import SPLITS
from recsys.training.text import words

NEAR_COPY = 0.8
"""Jaccard similarity of two sets of tracks from which one counts as a copy of the other."""

FEWEST_TRACKS = 5
"""A wish with fewer tracks is only learned from: whether one track is found says nothing about a system."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is split: a text, the tracks that satisfy it, and the stratum whose shares it is to keep."""

    text: str
    tracks: tuple[str, ...]
    stratum: str = ""


def title_key(text: str) -> str:
    """The text without case, blanks, punctuation and ё, which people write differently; symbols stay if all are."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(words(plain)) or "".join(plain.split())


def groups(wishes: Sequence[Wish]) -> list[int]:
    """Return for each wish the number of the group that it belongs to; groups are numbered as they come."""
    links = [*_same_text(wishes), *_near_copies(wishes)]
    rows, columns = np.array(links, dtype=np.int64).reshape(-1, 2).T
    graph = sp.coo_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(wishes), len(wishes)))
    _, labels = connected_components(graph, directed=False)
    order: dict[int, int] = {}
    return [order.setdefault(int(label), len(order)) for label in labels]


def split(wishes: Sequence[Wish], *, seed: int, val: float = 0.1, test: float = 0.2) -> list[str]:
    """Return the split of each wish: `train`, `val` or `test`.

    Groups are taken stratum by stratum, within one in the order of a hash of seed and title, and each goes to the
    split that is furthest behind its share. So the shares hold in every stratum, as nearly as whole groups allow, and
    the same wishes and seed give the same splits in whatever order they come.

    Args:
        wishes: those without a stratum are one of their own.
        seed: another gives other splits.
        val: share of the wishes kept for choosing parameters.
        test: share of the wishes kept for the figures.

    Raises:
        RequestError: The shares are below 0 or leave nothing to train on.
    """
    if not (val >= 0 and test >= 0 and val + test < 1):
        raise RequestError(f"`val` and `test` must be shares that leave something to train on, got {val} and {test}.")
    members: dict[int, list[int]] = defaultdict(list)
    for row, group in enumerate(groups(wishes)):
        members[group].append(row)
    shares = {"train": 1 - val - test, "test": test, "val": val}
    behind = dict.fromkeys(shares, 0.0)
    chosen: dict[int, str] = {}
    for _, rows in sorted((_place(wishes, rows, seed), rows) for rows in members.values()):
        if max(len(set(wishes[row].tracks)) for row in rows) < FEWEST_TRACKS:
            chosen |= dict.fromkeys(rows, "train")
            continue
        for name, share in shares.items():
            behind[name] += share * len(rows)
        name = max(behind, key=lambda name: behind[name])
        behind[name] -= len(rows)
        chosen |= dict.fromkeys(rows, name)
    return [chosen[row] for row in range(len(wishes))]


def mended(wishes: Sequence[Wish], splits: Sequence[str]) -> list[str]:
    """Return splits in which groups lie whole: one that lies in several goes to the first of train, val, test.

    What was learned from before cannot become a test, since more than the wish may have been made of it: tags, say. A
    wish of no split is learned from, and counts as `train`.
    """
    labels = groups(wishes)
    lowest: dict[int, int] = {}
    for label, name in zip(labels, splits, strict=True):
        rank = SPLITS.index(name or "train")
        lowest[label] = min(lowest.get(label, rank), rank)
    return [
        name if SPLITS.index(name or "train") == lowest[label] else SPLITS[lowest[label]]
        for label, name in zip(labels, splits, strict=True)
    ]


def _place(wishes: Sequence[Wish], rows: Sequence[int], seed: int) -> tuple[str, str]:
    """Where a group stands in the order: by the stratum of its first title, then by hash."""
    first = min(rows, key=lambda row: (title_key(wishes[row].text), sorted(wishes[row].tracks)))
    key = f"{seed}\x1f{title_key(wishes[first].text)}\x1f{min(wishes[first].tracks, default='')}"
    return wishes[first].stratum, hashlib.sha256(key.encode()).hexdigest()


def _same_text(wishes: Sequence[Wish]) -> list[tuple[int, int]]:
    first: dict[str, int] = {}
    return [(first.setdefault(title_key(wish.text), row), row) for row, wish in enumerate(wishes)]


def _near_copies(wishes: Sequence[Wish]) -> list[tuple[int, int]]:
    columns: dict[str, int] = {}
    cells = [
        (row, columns.setdefault(track, len(columns))) for row, wish in enumerate(wishes) for track in set(wish.tracks)
    ]
    if not cells:
        return []
    rows, cols = np.array(cells, dtype=np.int64).T
    matrix = sp.csr_matrix((np.ones(len(rows)), (rows, cols)), shape=(len(wishes), len(columns)))
    sizes = np.asarray(matrix.sum(axis=1)).ravel()
    shared = (matrix @ matrix.T).tocoo()
    union = sizes[shared.row] + sizes[shared.col] - shared.data
    near = (shared.data >= NEAR_COPY * union) & (shared.row < shared.col)
    return list(zip(shared.row[near].tolist(), shared.col[near].tolist(), strict=True))
