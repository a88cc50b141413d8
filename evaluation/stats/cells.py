"""Judgments counted by participant, pair, side and outcome: all that ratings need, and two counts add up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from evaluation.stats.arrays import FloatArray, IntArray, KeyArray
from evaluation.stats.errors import StatisticsError
from evaluation.stats.units import Unit

# Outcome of the pair's left system (0 won, 1 lost, 2 tie) by twice the score of the system shown first; the second
# line is for judgments that showed the right system first.
_OUTCOME = np.array([[1, 2, 0], [0, 2, 1]], dtype=np.uint8)
_EXACT = 1 << 24  # whole numbers up to here add up without rounding in 32-bit floats
_PAIR = (1 << 30) - 1
_MOST_CODES = 20_000_000  # of pairs and sides, looked up in a table


@dataclass(frozen=True)
class Cells:
    """Judgments counted by participant, pair, side and outcome; all that the ratings need.

    Attributes:
        left: shape (rows,), the first system of the row's pair, by its index.
        right: shape (rows,), the other one; its index is the larger.
        side: shape (rows,), +1 where `left` was shown first, -1 where second, 0 where sides are pooled.
        counts: sparse whole numbers, shape (participants, 3 * rows): wins of `left`, then its losses, then ties.
        keys: shape (participants,), as `draws.participant_keys` gives them; None in counts that are neither resampled
            nor added to others.
        unit: what a "participant" is here: a judgment, where nobody knows who made it.
    """

    left: IntArray
    right: IntArray
    side: FloatArray
    counts: Any
    keys: KeyArray | None = None
    unit: Unit = "participant"

    @property
    def rows(self) -> int:
        return len(self.left)

    @cached_property
    def totals(self) -> FloatArray:
        """Wins of `left`, its losses and ties over all participants, shape (3, rows)."""
        added = np.bincount(self.counts.indices, self.counts.data, 3 * self.rows)
        return np.asarray(added, dtype=float).reshape(3, self.rows)

    def weighted(self, weights: NDArray[Any]) -> FloatArray:
        """Counts in which each participant counts `weights[:, participant]` times, shape (replicates, 3, rows).

        Whole weights of 8 bits are twice as quick as others: in blocks of participants whose sums stay below 2^24,
        32-bit floats are exact.
        """
        by_person = np.ascontiguousarray(weights.T)
        small = by_person.dtype == np.uint8
        largest = _EXACT // max(1, int(by_person.max(initial=0))) if small else 0
        added = np.zeros((3 * self.rows, len(weights)))
        for start, stop in self._blocks(largest or _EXACT):
            block = self.counts[start:stop]
            kind = np.float32 if block.data.sum() <= largest else np.float64
            added += block.T.astype(kind) @ by_person[start:stop].astype(kind)
        return np.ascontiguousarray(added.T).reshape(len(weights), 3, self.rows)

    def plus(self, other: "Cells") -> "Cells":
        """Both counts together: participants are told by their keys, pairs by the indices of the same systems.

        Raises:
            StatisticsError: One of the two does not know its participants, or counts sides and the other does not.
        """
        if self.keys is None or other.keys is None:
            raise StatisticsError("Counts without the keys of their participants cannot be added.")
        if self.rows and other.rows and self.side.any() != other.side.any():
            raise StatisticsError("Counts by side and counts that pool the sides cannot be added.")
        order = np.argsort(self.keys)
        place = np.searchsorted(self.keys[order], other.keys)
        people = np.append(order, -1)[place]  # of those who come after everybody, nobody
        known = (people >= 0) & (np.append(self.keys, 0)[people] == other.keys)
        people[~known] = len(self.keys) + np.arange(np.count_nonzero(~known))
        keys = np.concatenate([self.keys, other.keys[~known]])
        pairs = np.union1d(self._pairs, other._pairs)
        mine, others = (
            _moved(self, np.arange(len(self.keys)), pairs, len(keys)),
            _moved(other, people, pairs, len(keys)),
        )
        left, right = pairs >> 32, (pairs >> 2) & _PAIR
        return Cells(left, right, (1 - (pairs & 3)).astype(np.float64), (mine + others).tocsr(), keys, self.unit)

    def by_participant(self, row: int) -> FloatArray:
        """Wins, losses, ties of one row, a line per participant who judged it, shape (participants, 3)."""
        columns = self.by_everybody(row)
        kept: FloatArray = columns[columns.sum(axis=1) > 0]
        return kept

    def by_everybody(self, row: int) -> FloatArray:
        """The same with a line for every participant of the table."""
        columns = self._by_column[:, [row, self.rows + row, 2 * self.rows + row]].toarray()
        return np.asarray(columns, dtype=float)

    def restricted_to(self, systems: Sequence[int]) -> "Cells":
        """Only the pairs within some systems, which become 0, 1, …, and only the participants who judged them."""
        kept = np.flatnonzero(np.isin(self.left, systems) & np.isin(self.right, systems))
        counts = self.counts
        if len(kept) < self.rows:
            counts = self._by_column[:, np.concatenate([kept, self.rows + kept, 2 * self.rows + kept])].tocsr()
        judged = np.diff(counts.indptr) > 0
        left, right = np.searchsorted(systems, self.left[kept]), np.searchsorted(systems, self.right[kept])
        return Cells(
            left=left,
            right=right,
            side=self.side[kept],
            counts=counts if judged.all() else counts[np.flatnonzero(judged)],
            keys=None if self.keys is None else self.keys[judged],
            unit=self.unit,
        )

    @cached_property
    def _by_column(self) -> Any:
        return self.counts.tocsc()

    @property
    def _pairs(self) -> IntArray:
        """One number for each row, ascending as the rows are."""
        packed: IntArray = (self.left << 32) | (self.right << 2) | (1 - self.side).astype(np.intp)
        return packed

    def _blocks(self, most: int) -> Iterator[tuple[int, int]]:
        """Stretches of participants with at most so many judgments each, or of one participant with more."""
        judged = np.concatenate([[0], np.cumsum(self.counts.data, dtype=np.intp)])[self.counts.indptr]
        start, people = 0, len(judged) - 1
        while start < people:
            stop = max(start + 1, int(np.searchsorted(judged, judged[start] + most, side="right")) - 1)
            yield start, stop
            start = stop


def count_cells(
    participant: NDArray[Any],
    first: NDArray[Any],
    second: NDArray[Any],
    score: FloatArray,
    *,
    shape: tuple[int, int],
    keys: KeyArray | None = None,
    by_side: bool = False,
    unit: Unit = "participant",
) -> Cells:
    """Count judgments given as indices, each array of shape (judgments,).

    One sort of small numbers: equal ones are a cell.

    Args:
        participant: who judged.
        first: the system shown first.
        second: the other.
        score: of the first, 1, 1/2 (tie) or 0.
        shape: numbers of participants and of systems.
        keys: of the participants.
        by_side: whether to count apart for each side that the pair's left system was shown on.
        unit: what a "participant" is here.
    """
    people, systems = shape
    sides = 2 if by_side else 1
    size = sides * systems * systems
    kind = _whole(size)
    swapped = first > second
    low, high = np.where(swapped, second, first).astype(kind), np.where(swapped, first, second).astype(kind)
    pair = low * kind(systems) + high
    if by_side:
        pair = pair * kind(2) + swapped
    if size <= _MOST_CODES:
        seen = np.zeros(size, dtype=np.bool_)
        seen[pair] = True
        codes = np.flatnonzero(seen)
        row = (np.cumsum(seen, dtype=np.int32) - np.int32(1))[pair]
    else:  # thousands of systems
        codes, row = np.unique(pair, return_inverse=True)
    width = 3 * len(codes)
    kind = _whole(people * width)
    outcome = _OUTCOME[swapped.view(np.uint8), (2 * score).astype(np.uint8)]
    key = (
        participant.astype(kind) * kind(width)
        + row.astype(kind)
        + (np.arange(3, dtype=kind) * kind(len(codes)))[outcome]
    )
    key.sort()
    starts = np.flatnonzero(np.concatenate([[len(key) > 0], key[1:] != key[:-1]])[: len(key)])
    cells = key[starts]
    indptr = np.searchsorted(cells, np.arange(people + 1, dtype=np.int64) * max(width, 1))
    indices = (cells % max(width, 1)).astype(np.int32)
    counted = np.diff(starts, append=len(key)).astype(np.int32)
    left, right = np.divmod(codes // sides, max(systems, 1))
    side = (1 - 2 * (codes % 2) if by_side else np.zeros(len(codes))).astype(np.float64)
    counts = csr_array((counted, indices, indptr.astype(np.int32)), (people, width))
    return Cells(left, right, side, counts, keys, unit)


def _whole(size: int) -> Any:
    """The smallest kind of whole number for anything below `size`; 32 bits are sorted twice as fast as 64."""
    return np.int32 if size < 1 << 31 else np.int64


def _moved(cells: Cells, people: IntArray, pairs: IntArray, n_people: int) -> Any:
    """The counts with participants and pairs at other places, as a sparse matrix that can be added."""
    row = np.searchsorted(pairs, cells._pairs)
    columns = np.concatenate([row, len(pairs) + row, 2 * len(pairs) + row]).astype(np.int32)
    length = np.zeros(n_people, dtype=np.int32)
    length[people] = np.diff(cells.counts.indptr)
    indptr = np.concatenate([[0], np.cumsum(length)]).astype(np.int32)
    data, indices = cells.counts.data, columns[cells.counts.indices]
    if (people[1:] < people[:-1]).any():  # the stretches of the participants change places
        order = np.argsort(people)
        taken = np.concatenate([np.arange(*cells.counts.indptr[at : at + 2]) for at in order.tolist()])
        data, indices = data[taken], indices[taken]
    return csr_array((data, indices, indptr), shape=(n_people, 3 * len(pairs)))
