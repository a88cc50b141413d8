"""MACE's E-step on the votes that were given: categories nobody chose for an item are all alike and cost nothing."""

from dataclasses import dataclass

import numpy as np

from annotation.aggregation.evidence import Evidence
from annotation.aggregation.guessing import GUESSING, KNOWING, Guessing, Rates
from annotation.aggregation.result import NO_LABEL, FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """What the votes say under given rates.

    Attributes:
        of_cells: shape (cells,); probability that the item's label is the cell's category.
        of_others: shape (items,); probability of any one category that nobody chose for the item, gold aside.
        known: shape (votes,), in the order of `Cells`; probability that the vote was known, given that it is right.
        log_likelihood: natural log of the probability of votes and gold.
    """

    of_cells: FloatArray
    of_others: FloatArray
    known: FloatArray
    log_likelihood: float


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Votes sorted by item and category. A cell is an item with a category that somebody chose for it.

    With g a vote's log-probability as a guess and k that it was known, the logarithm of the probability of an item's
    votes is the sum of all g, and for the category of a cell log(1 + exp(k - g)) of its votes more. So a step costs
    as many operations as there are votes, however many categories.

    Attributes:
        evidence: votes and gold.
        annotators, labels: of the sorted votes, shape (votes,).
        cell: of the sorted votes, shape (votes,), ascending.
        first_vote: of each cell, shape (cells,).
        cell_label: of each cell.
        voted: items with a vote, ascending.
        first_cell: of each voted item.
        place: of each cell, the place of its item in `voted`.
    """

    evidence: Evidence
    annotators: IntArray
    labels: IntArray
    cell: IntArray
    first_vote: IntArray
    cell_label: IntArray
    voted: IntArray
    first_cell: IntArray
    place: IntArray

    @classmethod
    def of(cls, evidence: Evidence) -> "Cells":
        """Sort the votes; there is at least one."""
        votes, n_categories = evidence.votes, len(evidence.votes.categories)
        key = votes.items * n_categories + votes.labels
        order = np.argsort(key, kind="stable")
        cells, first_vote, cell = np.unique(key[order], return_index=True, return_inverse=True)
        voted, first_cell, place = np.unique(cells // n_categories, return_index=True, return_inverse=True)
        annotators, labels = votes.annotators[order], votes.labels[order]
        return cls(evidence, annotators, labels, cell, first_vote, cells % n_categories, voted, first_cell, place)

    def infer(self, rates: Rates) -> Posterior:
        """The E-step: labels and, for each vote, whether it was known if it was right."""
        n_categories = len(self.evidence.votes.categories)
        guess = rates.by_guess[self.annotators, self.labels]
        excess = rates.known[self.annotators] - guess
        gain = np.logaddexp(0.0, excess)
        of_cell = np.add.reduceat(gain, self.first_vote)
        gold = self.evidence.gold[self.voted]
        is_gold, cell_gold = gold != NO_LABEL, gold[self.place]
        total = np.where(is_gold, self._of_gold(of_cell, cell_gold), self._log_totals(of_cell))
        # Where the gold is known no other category has a chance, however many chose it.
        ruled_out = (cell_gold != NO_LABEL) & (cell_gold != self.cell_label)
        of_others = np.full(len(self.evidence.gold), 1.0 / n_categories)
        of_others[self.voted] = np.exp(-total)
        informed = int(self.evidence.informed.sum())
        return Posterior(
            of_cells=np.exp(np.where(ruled_out, -np.inf, of_cell - total[self.place])),
            of_others=of_others,
            known=np.exp(excess - gain),
            log_likelihood=float(guess.sum() + total.sum() - informed * np.log(n_categories)),
        )

    def step(self, before: Guessing) -> tuple[Guessing, float]:
        """One step of variational Bayes, and the bound at `before`, which no step lowers."""
        people, n_categories = before.guessed.shape
        posterior = self.infer(before.expected_logs())
        known = posterior.of_cells[self.cell] * posterior.known
        answer = self.annotators * n_categories + self.labels
        by_annotator = np.bincount(self.annotators, weights=known, minlength=people)
        by_answer = np.bincount(answer, weights=1 - known, minlength=people * n_categories)
        guessed = by_answer.reshape(people, n_categories)
        after = Guessing((KNOWING + by_annotator).astype(np.float64), (GUESSING + guessed).astype(np.float64))
        return after, posterior.log_likelihood - before.divergence()

    def probabilities(self, posterior: Posterior) -> FloatArray:
        """Of every category, shape (items, categories)."""
        n_categories = len(self.evidence.votes.categories)
        full = np.repeat(posterior.of_others[:, None], n_categories, axis=1)
        full[self.voted[self.place], self.cell_label] = posterior.of_cells
        return self.evidence.clamp(full)

    def _log_totals(self, of_cell: FloatArray) -> FloatArray:
        """The logarithm of each voted item's sum over all categories, those nobody chose counting exp(0) each."""
        top = np.maximum.reduceat(of_cell, self.first_cell)
        chosen = np.diff(self.first_cell, append=len(of_cell))
        total = np.add.reduceat(np.exp(of_cell - top[self.place]), self.first_cell)
        total += (len(self.evidence.votes.categories) - chosen) * np.exp(-top)
        return np.asarray(top + np.log(total))

    def _of_gold(self, of_cell: FloatArray, cell_gold: IntArray) -> FloatArray:
        """The same for the gold category alone; 0 where nobody chose it."""
        right = cell_gold == self.cell_label
        return np.asarray(np.bincount(self.place[right], weights=of_cell[right], minlength=len(self.voted)), np.float64)
