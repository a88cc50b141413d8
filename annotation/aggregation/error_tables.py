"""What an annotator answers to items of each true category, and what to expect before having seen much of them."""

from dataclasses import dataclass

import numpy as np

from annotation.aggregation.result import FloatArray

# Votes' worth of the average annotator that everyone starts with, and of evenly spread errors in each true category.
CARE_VOTES, SPREAD_VOTES = 4.0, 1.0


@dataclass(frozen=True, slots=True, eq=False)
class PooledTables:
    """One coin per annotator and one table of errors for all: B_j = c_j I + (1 - c_j) E.

    An annotator knows the answer with probability c_j, and otherwise answers as everybody who is not sure answers to
    items of that category. So an annotator costs one number instead of K x K, and what is hard is hard for everyone.

    Attributes:
        care: c, shape (annotators,).
        errors: E, shape (true categories, voted categories), positive, rows summing to 1.
        average: what `care` is drawn to, with the weight of `CARE_VOTES` votes.
    """

    care: FloatArray
    errors: FloatArray
    average: float

    @classmethod
    def before(cls, counts: FloatArray) -> "PooledTables":
        """Where to begin: everyone as careful as all are together, errors spread evenly.

        Args:
            counts: shape (annotators, true, voted); expected numbers of votes.
        """
        n_people, n_categories, _ = counts.shape
        right = np.einsum("jkk->", counts)
        # Kept off 0 and 1: a crowd without a single disagreement still is not infallible.
        average = float((right + SPREAD_VOTES) / (counts.sum() + 2 * SPREAD_VOTES))
        even = np.full((n_categories, n_categories), 1.0 / n_categories)
        return cls(np.full(n_people, average), even, average)

    def refit(self, counts: FloatArray) -> "PooledTables":
        """One EM step, the unseen being whether each right answer was known or met by an unsure one.

        Args:
            counts: shape (annotators, true, voted); expected numbers of votes.
        """
        right = np.einsum("jkk->jk", counts)
        known = right * self._known()
        total = counts.sum(axis=(1, 2))
        care = (known.sum(axis=1) + CARE_VOTES * self.average) / (total + CARE_VOTES)
        unsure = counts.sum(axis=0)
        unsure[np.diag_indices_from(unsure)] -= known.sum(axis=0)
        # The difference of two equal sums may come out as a rounding below 0.
        unsure = np.maximum(unsure, 0.0) + SPREAD_VOTES / len(unsure)
        return PooledTables(care, unsure / unsure.sum(axis=1, keepdims=True), self.average)

    def tables(self) -> FloatArray:
        """B, shape (annotators, true, voted)."""
        tables = (1.0 - self.care)[:, None, None] * self.errors
        tables += self.care[:, None, None] * np.eye(len(self.errors))
        return tables

    def log_prior(self) -> float:
        """What `refit` maximises beside the likelihood, up to a constant."""
        care = self.average * np.log(self.care) + (1 - self.average) * np.log1p(-self.care)
        return float(CARE_VOTES * care.sum() + SPREAD_VOTES * np.log(self.errors).sum() / len(self.errors))

    def _known(self) -> FloatArray:
        """The probability that a right answer was known, shape (annotators, categories)."""
        by_luck = (1.0 - self.care)[:, None] * np.diagonal(self.errors)
        return self.care[:, None] / (self.care[:, None] + by_luck)
