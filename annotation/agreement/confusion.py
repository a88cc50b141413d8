"""Which categories are taken for which: pairs of labels within items, and the items behind each pair."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from annotation.agreement.errors import AgreementError
from annotation.votes import IntArray, Votes


@dataclass(frozen=True, slots=True, eq=False)
class Confusion:
    """How often two votes on one item were for each two categories.

    Attributes:
        categories: names of rows and columns.
        counts: shape (categories, categories). Without `between`, pairs of votes in any order, so counts[a, b] ==
            counts[b, a] is one number of pairs, not half of it. With `between`, common items of the two, rows being
            the first one's label.
        between: the two annotators compared, or None for everybody.
    """

    categories: tuple[str, ...]
    counts: IntArray
    between: tuple[str, str] | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "categories": list(self.categories),
            "counts": self.counts.tolist(),
            "between": None if self.between is None else list(self.between),
        }


def confusion(votes: Votes, *, between: tuple[str, str] | None = None) -> Confusion:
    """Count pairs of labels within items, for everybody or from one annotator to another.

    Raises:
        AgreementError: `between` names somebody without votes, or one person twice.
    """
    width = len(votes.categories)
    if between is None:
        r = votes.counts().astype(np.float64)  # exact, and far faster than whole numbers
        pairs = r.T @ r
        np.fill_diagonal(pairs, (np.diag(pairs) - r.sum(axis=0)) / 2)
        return Confusion(votes.categories, np.rint(pairs).astype(np.int64))
    _, first, second = _common(votes, between)
    flat = np.bincount(first * width + second, minlength=width * width)
    return Confusion(votes.categories, flat.reshape(width, width).astype(np.int64), between)


def items_behind(votes: Votes, row: str, column: str, *, between: tuple[str, str] | None = None) -> tuple[str, ...]:
    """The items counted in one cell of `confusion`, in order of first appearance.

    Raises:
        AgreementError: An unknown category or annotator.
    """
    a, b = _category(votes, row), _category(votes, column)
    if between is None:
        counts = votes.counts()
        here = (counts[:, a] >= 1) & (counts[:, b] >= 1) if a != b else counts[:, a] >= 2
        found = np.flatnonzero(here)
    else:
        items, first, second = _common(votes, between)
        found = items[(first == a) & (second == b)]
    return tuple(votes.item_ids[item] for item in found.tolist())


def _common(votes: Votes, between: tuple[str, str]) -> tuple[IntArray, IntArray, IntArray]:
    """Items that both annotators labelled, and the labels of each."""
    if between[0] == between[1]:
        raise AgreementError(f"`between` names {between[0]!r} twice; name two annotators.")
    first, second = (votes.annotators == _annotator(votes, name) for name in between)
    items, at_first, at_second = np.intersect1d(
        votes.items[first], votes.items[second], assume_unique=True, return_indices=True
    )
    return items, votes.labels[first][at_first], votes.labels[second][at_second]


def _annotator(votes: Votes, name: str) -> int:
    if name not in votes.annotator_ids:
        raise AgreementError(f"Nobody called {name!r} labelled anything here; name one of the annotators.")
    return votes.annotator_ids.index(name)


def _category(votes: Votes, name: str) -> int:
    if name not in votes.categories:
        raise AgreementError(f"There is no category {name!r}; use one of {', '.join(votes.categories)}.")
    return votes.categories.index(name)
