"""Votes as one sparse matrix, so that each half of Dawid and Skene's iteration is one product."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from annotation.aggregation.evidence import Evidence, matched
from annotation.aggregation.result import Consensus, FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Which answers each item got; an answer is an annotator with a category they voted for.

    Attributes:
        evidence: votes and gold.
        by_item: shape (items, annotators x categories), 1 where the item got the answer.
        by_answer: its transpose, stored by rows as well, which is what makes counting fast.
    """

    evidence: Evidence
    by_item: csr_array
    by_answer: csr_array

    @classmethod
    def of(cls, evidence: Evidence) -> "Answers":
        votes = evidence.votes
        n_categories = len(votes.categories)
        shape = (len(votes.item_ids), len(votes.annotator_ids) * n_categories)
        ends = np.concatenate([[0], np.cumsum(evidence.votes_per_item)])
        answer = votes.annotators * n_categories + votes.labels
        by_item = csr_array((np.ones(len(votes)), answer, ends), shape=shape)
        return cls(evidence, by_item, by_item.T.tocsr())

    @property
    def n_votes(self) -> int:
        return len(self.evidence.votes)

    def first_labels(self, start: Consensus | None = None) -> FloatArray:
        """Probabilities to begin from: the start's where it had something to go by, else the shares of the votes."""
        votes = self.evidence.votes
        labels = votes.counts() / np.maximum(self.evidence.votes_per_item, 1)[:, None]
        labels[self.evidence.votes_per_item == 0] = 1.0 / len(votes.categories)
        if start is not None:
            now, then = matched(start.item_ids, votes.item_ids)
            informed = start.best[then] >= 0
            labels[now[informed]] = start.probabilities[then[informed]]
        return self.evidence.clamp(labels)

    def counts(self, labels: FloatArray) -> FloatArray:
        """Expected votes by annotator, true and voted category; the sums of equation (2.3).

        Args:
            labels: shape (items, categories); probabilities.

        Returns:
            Shape (annotators, true, voted).
        """
        n_categories = labels.shape[1]
        counts = np.asarray(self.by_answer @ labels)
        return counts.reshape(-1, n_categories, n_categories).transpose(0, 2, 1)

    def prevalence(self, labels: FloatArray, smoothing: float = 0.0) -> FloatArray:
        """How common each category is among items with vote or gold, shape (categories,); equation (2.4).

        Args:
            labels: shape (items, categories); probabilities.
            smoothing: items' worth of evenly spread categories that are added.
        """
        # As a product: many times faster than picking the rows and adding them up.
        totals = self.evidence.informed.astype(np.float64) @ labels + smoothing / labels.shape[1]
        return np.asarray(totals / totals.sum())

    def infer(self, prevalence: FloatArray, errors: FloatArray) -> tuple[FloatArray, float]:
        """Probabilities of the labels given the parameters, equation (2.5), and the log-likelihood, (2.7).

        Args:
            prevalence: shape (categories,), positive.
            errors: shape (annotators, true, voted), positive.

        Returns:
            Probabilities, shape (items, categories), gold items clamped; and natural log of the probability of votes
            and gold.
        """
        n_categories = len(prevalence)
        by_answer = np.log(errors).transpose(0, 2, 1).reshape(-1, n_categories)
        logs = self.by_item @ by_answer
        logs += np.log(prevalence)
        gold = np.flatnonzero(self.evidence.is_gold)
        of_gold = logs[gold, self.evidence.gold[gold]]
        highest = logs.max(axis=1, keepdims=True)
        logs -= highest
        labels = np.exp(logs, out=logs)
        total = labels.sum(axis=1, keepdims=True)
        labels /= total
        of_items = (highest + np.log(total))[:, 0]
        of_items[gold] = of_gold
        return self.evidence.clamp(labels), float(of_items.sum())
