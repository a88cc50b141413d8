"""Judgments as integer arrays, and counted by participant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import coo_array

from evaluation.stats.arrays import BoolArray, FloatArray, IntArray
from evaluation.stats.errors import JudgmentError
from evaluation.stats.judgments import Judgment, in_time_order

_SCORE = {"a": 1.0, "tie": 0.5, "b": 0.0}


@dataclass(frozen=True)
class Cells:
    """Judgments counted by participant, pair, side and outcome; all that the ratings need.

    Attributes:
        left: shape (rows,), the first system of the row's pair, by its index.
        right: shape (rows,), the other one; its index is the larger.
        side: shape (rows,), +1 where `left` was shown first, -1 where second, 0 where sides are pooled.
        counts: sparse, shape (participants, 3 * rows): wins of `left`, then its losses, then ties.
    """

    left: IntArray
    right: IntArray
    side: FloatArray
    counts: Any

    @property
    def rows(self) -> int:
        return len(self.left)

    @cached_property
    def totals(self) -> FloatArray:
        """Wins of `left`, its losses and ties over all participants, shape (3, rows)."""
        return np.asarray(self.counts.sum(axis=0), dtype=float).reshape(3, self.rows)

    def weighted(self, weights: FloatArray) -> FloatArray:
        """Counts in which each participant counts `weights[:, participant]` times, shape (replicates, 3, rows)."""
        counts = np.asarray((self.counts.T @ weights.T).T, dtype=float)
        return counts.reshape(len(weights), 3, self.rows)

    def by_participant(self, row: int) -> FloatArray:
        """Wins, losses, ties of one row, a line per participant who judged it, shape (participants, 3)."""
        columns = self.by_everybody(row)
        kept: FloatArray = columns[columns.sum(axis=1) > 0]
        return kept

    def by_everybody(self, row: int) -> FloatArray:
        """The same with a line for every participant of the table."""
        columns: FloatArray = self._by_column[:, [row, self.rows + row, 2 * self.rows + row]].toarray()
        return columns

    def restricted_to(self, systems: Sequence[int]) -> "Cells":
        """Only the pairs within some systems, which become 0, 1, …, and only the participants who judged them."""
        kept = np.flatnonzero(np.isin(self.left, systems) & np.isin(self.right, systems))
        counts = self._by_column[:, np.concatenate([kept, self.rows + kept, 2 * self.rows + kept])].tocsr()
        counts = counts[np.flatnonzero(np.asarray(counts.sum(axis=1)).ravel() > 0)]
        left, right = np.searchsorted(systems, self.left[kept]), np.searchsorted(systems, self.right[kept])
        return Cells(left=left, right=right, side=self.side[kept], counts=counts)

    @cached_property
    def _by_column(self) -> Any:
        return self.counts.tocsc()


@dataclass(frozen=True)
class JudgmentTable:
    """Judgments in time order, as indices.

    Attributes:
        participants: names, sorted, so that nothing depends on who comes first in a file.
        systems: names, as registered or else sorted.
        participant: shape (judgments,), index into `participants`.
        first: shape (judgments,), index of the system shown first.
        second: shape (judgments,), index of the other.
        score: shape (judgments,), the first system's score: 1, 1/2 (tie) or 0.
    """

    participants: tuple[str, ...]
    systems: tuple[str, ...]
    participant: IntArray
    first: IntArray
    second: IntArray
    score: FloatArray

    @classmethod
    def of(cls, judgments: Iterable[Judgment], systems: Sequence[str] | None = None) -> "JudgmentTable":
        """Order and index the judgments.

        Raises:
            JudgmentError: A judgment names a system that is not among `systems`.
        """
        ordered = in_time_order(judgments)
        named = {name for judgment in ordered for name in (judgment.system_a, judgment.system_b)}
        if systems is not None and (unknown := named - set(systems)):
            raise JudgmentError(f"A judgment names {min(unknown)!r}, which is not among the systems of the study.")
        system_names = tuple(sorted(named)) if systems is None else tuple(dict.fromkeys(systems))
        participants = tuple(sorted({judgment.participant for judgment in ordered}))
        system = {name: index for index, name in enumerate(system_names)}
        person = {name: index for index, name in enumerate(participants)}
        return cls(
            participants=participants,
            systems=system_names,
            participant=np.array([person[judgment.participant] for judgment in ordered], dtype=np.intp),
            first=np.array([system[judgment.system_a] for judgment in ordered], dtype=np.intp),
            second=np.array([system[judgment.system_b] for judgment in ordered], dtype=np.intp),
            score=np.array([_SCORE[judgment.outcome] for judgment in ordered], dtype=float),
        )

    def __len__(self) -> int:
        return len(self.first)

    def where(self, mask: BoolArray) -> "JudgmentTable":
        """Only some of the judgments; participants and systems stay, those without a judgment too."""
        return replace(
            self,
            participant=self.participant[mask],
            first=self.first[mask],
            second=self.second[mask],
            score=self.score[mask],
        )

    def cells(self, *, by_side: bool) -> Cells:
        """Count the judgments; with `by_side`, apart for each side the pair's left system was shown on."""
        n_systems, n_people = len(self.systems), len(self.participants)
        forward = self.first < self.second
        left, right = np.where(forward, self.first, self.second), np.where(forward, self.second, self.first)
        score = np.where(forward, self.score, 1.0 - self.score)
        code = ((left * n_systems) + right) * 2 + (~forward if by_side else 0)
        rows, row = np.unique(code, return_inverse=True)
        outcome = np.where(score == 1.0, 0, np.where(score == 0.0, 1, 2))
        at = (self.participant, outcome * len(rows) + row)
        counts = coo_array((np.ones(len(self)), at), shape=(n_people, 3 * len(rows))).tocsr()
        side = np.where(rows % 2 == 0, 1.0, -1.0) if by_side else np.zeros(len(rows))
        pair_left, pair_right = np.divmod(rows.astype(np.intp) // 2, max(n_systems, 1))
        return Cells(left=pair_left, right=pair_right, side=side, counts=counts)

    def scores_by_participant(self) -> tuple[FloatArray, FloatArray]:
        """Sum of scores and number of judgments, each of shape (participants, systems)."""
        shape = (len(self.participants), len(self.systems))
        size = shape[0] * shape[1]
        keys = np.concatenate([self.participant * shape[1] + self.first, self.participant * shape[1] + self.second])
        scores = np.asarray(np.bincount(keys, np.concatenate([self.score, 1.0 - self.score]), size), dtype=float)
        judged = np.asarray(np.bincount(keys, minlength=size), dtype=float)
        return scores.reshape(shape), judged.reshape(shape)
