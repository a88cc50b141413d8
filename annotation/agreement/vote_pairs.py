"""Every two votes on one item, by two annotators."""

from dataclasses import dataclass

import numpy as np

from annotation.votes import IntArray, Votes


@dataclass(frozen=True, slots=True, eq=False)
class VotePairs:
    """Two places in `Votes` for each pair of votes on an item, by pair of annotators.

    Attributes:
        first: place of the vote of the annotator with the lower number, shape (pairs,).
        second: place of the other vote, shape (pairs,).
        annotators: the two annotators of each block, shape (blocks, 2).
        starts: where each block begins in `first`, and the end of the last one, shape (blocks + 1,).
    """

    first: IntArray
    second: IntArray
    annotators: IntArray
    starts: IntArray

    @classmethod
    def of(cls, votes: Votes) -> "VotePairs":
        firsts, seconds = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
        # votes are sorted by item and annotator, so an item's pairs are 1, 2, … places apart
        for apart in range(1, len(votes)):
            at = np.flatnonzero(votes.items[apart:] == votes.items[:-apart])
            if not len(at):
                break
            firsts.append(at)
            seconds.append(at + apart)
        first, second = np.concatenate(firsts), np.concatenate(seconds)
        key = votes.annotators[first] * len(votes.annotator_ids) + votes.annotators[second]
        order = np.lexsort((first, key))
        blocks, starts = np.unique(key[order], return_index=True)
        people = np.column_stack(np.divmod(blocks, max(len(votes.annotator_ids), 1)))
        return cls(first[order], second[order], people, np.append(starts, len(order)))

    @property
    def sizes(self) -> IntArray:
        """Common items of each pair of annotators, shape (blocks,)."""
        return np.diff(self.starts)

    def block(self, number: int) -> tuple[IntArray, IntArray]:
        """Places of the votes of one pair of annotators, item by item."""
        part = slice(int(self.starts[number]), int(self.starts[number + 1]))
        return self.first[part], self.second[part]
