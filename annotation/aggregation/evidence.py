"""What is known about each item before a model is fitted: who voted on it, and its gold."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from annotation.aggregation.climb import Climb
from annotation.aggregation.errors import AggregationError
from annotation.aggregation.result import (
    NO_LABEL,
    AnnotatorQuality,
    BoolArray,
    Consensus,
    FloatArray,
    IntArray,
    Setting,
)
from annotation.votes import Votes

# Two probabilities this close are a tie: sums of logarithms taken in another order differ by less.
TIE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Votes with their gold.

    Attributes:
        votes: the votes.
        gold: shape (items,), index into the categories, or -1.
        votes_per_item: shape (items,).
    """

    votes: Votes
    gold: IntArray
    votes_per_item: IntArray

    @classmethod
    def of(cls, votes: Votes, gold: Mapping[str, str] | None) -> "Evidence":
        """Match gold labels with the items; gold of other items is left aside.

        Raises:
            AggregationError: A gold label of one of the items is none of the categories.
        """
        number = {category: index for index, category in enumerate(votes.categories)}
        known = np.full(len(votes.item_ids), NO_LABEL, dtype=np.int64)
        given = gold or {}
        for row, item in enumerate(votes.item_ids if given else ()):
            label = given.get(item)
            if label is None:
                continue
            if label not in number:
                raise AggregationError(
                    f"Item {item!r} has the gold label {label!r}; use one of {', '.join(votes.categories)}."
                )
            known[row] = number[label]
        return cls(votes, known, np.bincount(votes.items, minlength=len(votes.item_ids)))

    @property
    def is_gold(self) -> BoolArray:
        """Items whose label is given, shape (items,)."""
        return np.asarray(self.gold != NO_LABEL)

    @property
    def informed(self) -> BoolArray:
        """Items with a vote or gold, shape (items,)."""
        return np.asarray((self.votes_per_item > 0) | self.is_gold)

    def clamp(self, probabilities: FloatArray) -> FloatArray:
        """Set gold items' rows to certainty, in place."""
        rows = np.flatnonzero(self.is_gold)
        probabilities[rows] = 0.0
        probabilities[rows, self.gold[rows]] = 1.0
        return probabilities

    def best(self, probabilities: FloatArray) -> tuple[IntArray, tuple[str, ...]]:
        """The most probable category of each item, and the items where several are equally probable."""
        informed = self.informed
        best = np.full(len(informed), NO_LABEL, dtype=np.int64)
        if not probabilities.size:
            return best, ()
        top = probabilities.max(axis=1, keepdims=True)
        equal = probabilities >= top - TIE * np.maximum(top, TIE)
        best[informed] = np.argmax(equal, axis=1)[informed]
        tied = informed & (np.count_nonzero(equal, axis=1) > 1)
        return best, tuple(self.votes.item_ids[row] for row in np.flatnonzero(tied))

    def quality(self, right: FloatArray, competence: FloatArray | None = None) -> tuple[AnnotatorQuality, ...]:
        """Describe every annotator.

        Args:
            right: shape (votes,); the probability that a vote is right.
            competence: shape (annotators,), where the method has one.
        """
        votes, people = self.votes, len(self.votes.annotator_ids)
        shared = ((self.votes_per_item > 1) | self.is_gold)[votes.items]
        total = np.bincount(votes.annotators, minlength=people)
        compared = np.bincount(votes.annotators[shared], minlength=people)
        correct = np.bincount(votes.annotators[shared], weights=right[shared], minlength=people)
        return tuple(
            AnnotatorQuality(
                name,
                int(total[row]),
                int(compared[row]),
                float(correct[row] / compared[row]) if compared[row] else None,
                None if competence is None else float(competence[row]),
            )
            for row, name in enumerate(votes.annotator_ids)
        )

    def conclude(
        self,
        method: str,
        probabilities: FloatArray,
        right: FloatArray,
        *,
        settings: Mapping[str, Setting],
        climb: Climb | None = None,
        log_likelihood: float | None = None,
        competence: FloatArray | None = None,
        parameters: Mapping[str, FloatArray] | None = None,
    ) -> Consensus:
        """Put the result together.

        Args:
            method: its name.
            probabilities: shape (items, categories), gold items clamped.
            right: shape (votes,); the probability that a vote is right.
            settings, log_likelihood, competence, parameters: as in `Consensus` and `quality`.
            climb: how the iteration went; None where there was none.
        """
        best, ties = self.best(probabilities)
        climb = climb or Climb((), True)
        return Consensus(
            method=method,
            categories=self.votes.categories,
            item_ids=self.votes.item_ids,
            probabilities=probabilities,
            best=best,
            ties=ties,
            unlabelled=tuple(self.votes.item_ids[row] for row in np.flatnonzero(~self.informed)),
            gold_used=int(self.is_gold.sum()),
            annotator_quality=self.quality(right, competence),
            iterations=len(climb.trace),
            converged=climb.converged,
            log_likelihood=log_likelihood,
            trace=climb.trace,
            settings=settings,
            parameters=parameters or {},
            annotator_ids=self.votes.annotator_ids,
        )

    def without_votes(self, method: str, settings: Mapping[str, Setting]) -> Consensus:
        """The result where nobody voted: gold where it is known, and no idea elsewhere."""
        n_categories = len(self.votes.categories)
        even = np.full((len(self.votes.item_ids), n_categories), 1.0 / max(n_categories, 1))
        return self.conclude(method, self.clamp(even), np.zeros(0), settings=settings)


def check_start(start: Consensus | None, method: str, votes: Votes) -> Consensus | None:
    """Return `start` if the method can begin from it.

    Raises:
        AggregationError: It comes from another method or from other categories.
    """
    if start is None:
        return None
    if start.method != method:
        raise AggregationError(
            f"`start` is a result of {start.method!r}; {method!r} goes on from its own results only."
        )
    if start.categories != votes.categories:
        raise AggregationError(
            f"`start` has the categories {', '.join(start.categories)}, the votes have {', '.join(votes.categories)}; "
            "leave `start` out."
        )
    return start


def matched(before: tuple[str, ...], now: tuple[str, ...]) -> tuple[IntArray, IntArray]:
    """Rows of `now` that were there before, and the rows they had."""
    rows = {name: row for row, name in enumerate(before)}
    pairs = [(row, rows[name]) for row, name in enumerate(now) if name in rows]
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]
