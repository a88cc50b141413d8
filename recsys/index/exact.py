"""Exact search among row vectors, bit for bit the same whatever else is asked at the same time.

One product of many queries with all rows is fast, but how it rounds depends on how many queries stand side by side, on
the threads and on the processor. So that product only finds candidates: every row that comes within its proven rounding
error of the k-th score. These are scored again, each by itself, in double precision and in a fixed order, and those
scores alone rank.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]

_UNIT = 2.0**-24  # half the gap between 1 and the next float32
_UNDERFLOW = 1e-30  # products too small for float32 lose less than this in any number of dimensions
_QUERIES = 64
_ROWS = 16_384
_SCORED = 512  # rows in double precision at a time: 1.5 MB of 384 dimensions, which a processor's cache holds
_FEW = 6  # queries that are faster one by one: row by row 5 ms for 90,000 x 384, by BLAS 12, and 30 for two at once


@dataclass(frozen=True, slots=True)
class Top:
    """Rows, best first, equal ones in the order of the rows, with their products: cosines, where lengths are 1."""

    rows: Rows
    scores: NDArray[np.float32]


def exact_top(vectors: Vectors, queries: Vectors, count: int, *, longest: float) -> Iterator[Top]:
    """Yield for each query the `count` rows with the highest product.

    Args:
        vectors: shape (rows, dimensions), in memory or mapped from disk; read once for 64 queries.
        queries: shape (queries, dimensions).
        count: from 1 to the number of rows.
        longest: no row is longer; see `longest_row`.
    """
    for start in range(0, len(queries), _QUERIES):
        part = queries[start : start + _QUERIES]
        pools = [_Pool(count, 2 * rounding_error(query, longest)) for query in part]
        asked = [place for place, query in enumerate(part) if query.any()]
        for first in range(0, len(vectors) if asked else 0, _ROWS):
            products = _products(part[asked], np.asarray(vectors[first : first + _ROWS]))
            for place, scores in zip(asked, products, strict=True):
                pools[place].offer(first, scores)
        for query, pool in zip(part, pools, strict=True):
            yield best_of(vectors, pool.rows(), query, count) if query.any() else _nothing_asked(count)


def best_of(vectors: Vectors, rows: Rows, query: Vectors, count: int) -> Top:
    """Return the best `count` of some different rows."""
    if not query.any():
        return Top(np.sort(rows)[:count], np.zeros(min(count, len(rows)), np.float32))
    scores = row_products(vectors, rows, query)
    order = np.lexsort((rows, -scores))[:count]
    return Top(rows[order], scores[order])


def row_products(vectors: Vectors, rows: Rows, query: Vectors) -> NDArray[np.float32]:
    """Return the product of each of some rows with the query, correct to the last bit of float32 but for rare halves.

    Products of two float32 are exact in float64, and each row is summed by itself, in an order that depends on the
    number of dimensions and the processor alone, where a matrix product's depends on which rows stand together.
    """
    found = np.empty(len(rows), np.float32)
    wide = query.astype(np.float64)
    for start in range(0, len(rows), _SCORED):
        part = vectors[rows[start : start + _SCORED]].astype(np.float64)
        found[start : start + _SCORED] = np.vecdot(part, wide)
    return found


def all_products(vectors: Vectors, queries: Vectors) -> Iterator[NDArray[np.float32]]:
    """Yield for each query its products with all rows, bit for bit those of `row_products`.

    Rows are read and widened once for 64 queries, whose products are held at the same time: 256 bytes a row.
    """
    for start in range(0, len(queries), _QUERIES):
        wide = queries[start : start + _QUERIES].astype(np.float64)
        found = np.empty((len(wide), len(vectors)), np.float32)
        for first in range(0, len(vectors), _SCORED):
            block = np.asarray(vectors[first : first + _SCORED]).astype(np.float64)
            for query, products in zip(wide, found, strict=True):
                products[first : first + _SCORED] = np.vecdot(block, query)
        yield from found


def rounding_error(query: Vectors, longest: float) -> float:
    """Bound the difference of a float32 product, summed in any order, and `row_products`.

    |fl(v q) - v q| <= gamma_d |v| |q| with gamma_d = d u / (1 - d u) (Higham, "Accuracy and Stability of Numerical
    Algorithms", 2002, section 3.1); two more units pay for the rounding of `row_products` itself.
    """
    steps = (len(query) + 2) * _UNIT
    length = float(np.linalg.norm(query.astype(np.float64)))
    return steps / (1 - steps) * longest * length * (1 + 1e-9) + _UNDERFLOW


def longest_row(vectors: Vectors) -> float:
    """Return the greatest length of a row, read in blocks; never too small."""
    longest = 0.0
    for first in range(0, len(vectors), _ROWS):
        block = np.asarray(vectors[first : first + _ROWS]).astype(np.float64)
        longest = max(longest, float(np.square(block).sum(axis=1).max()))
    return float(np.sqrt(longest)) * (1 + 1e-9)


def _products(queries: Vectors, block: Vectors) -> Iterable[NDArray[np.float32]]:
    """Return for each query its product with every row, rounded in whatever way is fastest."""
    if len(queries) <= _FEW:
        return [np.vecdot(block, query) for query in queries]
    return queries @ block.T


def _nothing_asked(count: int) -> Top:
    """Return the answer to a query of zeros, to which all rows are equal."""
    return Top(np.arange(count), np.zeros(count, np.float32))


class _Pool:
    """The rows of one query that may still be among the best, by their products in float32.

    At least `count` rows have a product of `kth` or more, so that the k-th true score is at least `kth` less the error,
    and a row that reaches it has a product of at least `kth` less twice the error, which is `slack`.
    """

    def __init__(self, count: int, slack: float) -> None:
        self._count, self._slack = count, slack
        self._bound = np.float32(-np.inf)
        self._rows: list[Rows] = []
        self._scores: list[NDArray[np.float32]] = []
        self._size, self._full = 0, 2 * count

    def offer(self, first: int, scores: NDArray[np.float32]) -> None:
        hits = np.flatnonzero(scores >= self._bound)
        if len(hits):
            self._rows.append(hits + first)
            self._scores.append(scores[hits])
            self._size += len(hits)
        if self._size > self._full:
            self._shrink()

    def rows(self) -> Rows:
        if not self._rows:
            return np.zeros(0, np.int64)
        self._shrink()
        return self._rows[0]

    def _shrink(self) -> None:
        rows, scores = np.concatenate(self._rows), np.concatenate(self._scores)
        if len(scores) > self._count:
            kth = float(np.partition(scores, len(scores) - self._count)[len(scores) - self._count])
            self._bound = np.nextafter(np.float32(kth - self._slack), np.float32(-np.inf))
            kept = scores >= self._bound
            rows, scores = rows[kept], scores[kept]
        self._rows, self._scores, self._size = [rows], [scores], len(rows)
        self._full = 2 * max(self._count, len(rows))  # equal vectors stay; they are not sorted through in every block
