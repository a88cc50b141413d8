"""A batch that stands for many queries instead of twenty versions of one."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.floating]
Integers = NDArray[np.int64]
Features: TypeAlias = csr_array | Floats

WINDOW = 5
"""Texts looked at for each one picked: the most promising ones, among which the batch has to stand for the rest."""
BLOCK = 200
"""Picks made from one window, so that a long ranking costs no more memory than a short one."""


def representatives(order: Integers, features: Features, size: int, *, window: int = WINDOW) -> Integers:
    """Pick rows that lie close to as many of the most promising rows as can be, each new pick to others than before.

    Among the first `window` times as many rows of `order`, greedily maximises the sum of every row's similarity to the
    nearest pick. A row that resembles an earlier pick adds little, and so does one that resembles nothing.

    Args:
        order: row numbers, most promising first; among equal gains the earlier is picked.
        features: shape (rows, dimensions), rows of length 1 or 0, sparse or dense.
        size: how many to pick; all of `order` if it is shorter.

    Returns:
        Row numbers in the order of picking.

    References:
        K. Wei, R. Iyer and J. Bilmes, "Submodularity in Data Subset Selection and Active Learning", ICML 2015,
        section 4 (filtered active submodular selection by facility location).
    """
    picked = np.empty(0, dtype=np.int64)
    remaining = np.asarray(order, dtype=np.int64)
    while len(picked) < min(size, len(order)):
        block = min(BLOCK, size - len(picked))
        candidates = remaining[: window * block]
        covered = _nearest(features[candidates], features[picked])
        within = _similarities(features[candidates], features[candidates])
        chosen = candidates[_facility_location(within, covered, block)]
        picked = np.concatenate([picked, chosen])
        remaining = remaining[~np.isin(remaining, chosen)]
    return picked


def _facility_location(similarities: Floats, covered: Floats, size: int) -> list[int]:
    """Return up to `size` columns, greedily, that raise the sum over rows of the highest similarity most."""
    chosen: list[int] = []
    open_ = np.ones(len(similarities), dtype=bool)
    for _ in range(min(size, len(similarities))):
        gains = np.maximum(similarities - covered[:, None], 0).sum(axis=0)
        best = int(np.where(open_, gains, -1.0).argmax())
        chosen.append(best)
        open_[best] = False
        covered = np.maximum(covered, similarities[:, best])
    return chosen


def _nearest(rows: Features, others: Features) -> Floats:
    """Return each row's highest similarity to the others, 0 where there are none."""
    return np.asarray(_similarities(rows, others).max(axis=1, initial=0.0))


def _similarities(rows: Features, others: Features) -> Floats:
    product = rows @ others.T
    return np.asarray(product if isinstance(product, np.ndarray) else product.toarray())
