"""What MACE holds about the annotators: how often each knew or guessed, and what they guess."""

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln

from annotation.aggregation.evidence import matched
from annotation.aggregation.result import Consensus, FloatArray
from annotation.votes import Votes

# Beta(0.5, 0.5) on competence, Dirichlet(10, ..., 10) on what is guessed: as in crowd-kit, which has them from the
# authors' program.
KNOWING, GUESSING = 0.5, 10.0
# Random starts: weights drawn from this range and normalised, so competence lies between 0.29 and 0.71.
LOWEST, HIGHEST = 1.0, 2.5


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """Logarithms of what a vote's probability is made of; those of expected logs add up to less than 1.

    Attributes:
        known: shape (annotators,); of knowing the answer.
        by_guess: shape (annotators, categories); of guessing, and guessing that category.
    """

    known: FloatArray
    by_guess: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Guessing:
    """Posterior over competence theta and guesses xi of every annotator: Beta(known, unknown) and Dirichlet(guessed).

    Attributes:
        known: shape (annotators,); votes known, expected, and the prior.
        guessed: shape (annotators, categories); votes guessed, expected, and the prior.
    """

    known: FloatArray
    guessed: FloatArray

    @classmethod
    def drawn(cls, votes: Votes, generator: np.random.Generator | None) -> "Guessing":
        """A random start; without a generator the even one, where everybody guesses half of the time and evenly."""
        n_people, n_categories = len(votes.annotator_ids), len(votes.categories)
        total = np.bincount(votes.annotators, minlength=n_people).astype(np.float64)
        share, strategy = np.full(n_people, 0.5), np.full((n_people, n_categories), 1.0 / n_categories)
        if generator is not None:
            pair = generator.uniform(LOWEST, HIGHEST, (n_people, 2))
            share = pair[:, 0] / pair.sum(axis=1)
            strategy = generator.uniform(LOWEST, HIGHEST, (n_people, n_categories))
            strategy /= strategy.sum(axis=1, keepdims=True)
        return cls(KNOWING + share * total, GUESSING + ((1 - share) * total)[:, None] * strategy)

    @classmethod
    def resumed(cls, start: Consensus, votes: Votes) -> "Guessing":
        """Where `start` left everybody; new annotators as in the even start."""
        even = cls.drawn(votes, None)
        now, then = matched(start.annotator_ids, votes.annotator_ids)
        even.known[now] = start.parameters["known"][then]
        even.guessed[now] = start.parameters["guessed"][then]
        return even

    @property
    def unknown(self) -> FloatArray:
        """Votes guessed in all, and the prior of competence, shape (annotators,)."""
        return np.asarray((self.guessed - GUESSING).sum(axis=1) + KNOWING)

    def competence(self) -> FloatArray:
        """The posterior mean of theta, shape (annotators,)."""
        return self.known / (self.known + self.unknown)

    def expected_logs(self) -> Rates:
        """Expected logarithms: exp(digamma(.)) takes the place of counts."""
        total = digamma(self.known + self.unknown)
        guess = digamma(self.unknown) - total - digamma(self.guessed.sum(axis=1))
        return Rates(digamma(self.known) - total, guess[:, None] + digamma(self.guessed))

    def means(self) -> Rates:
        """Logarithms of the posterior means."""
        competence = self.competence()
        strategy = self.guessed / self.guessed.sum(axis=1, keepdims=True)
        return Rates(np.log(competence), np.log1p(-competence)[:, None] + np.log(strategy))

    def divergence(self) -> float:
        """Kullback–Leibler divergence of the posterior from the prior, over all annotators, in nats."""
        coins = np.column_stack([self.known, self.unknown])
        return _dirichlet_divergence(coins, KNOWING) + _dirichlet_divergence(self.guessed, GUESSING)


def _dirichlet_divergence(posterior: FloatArray, prior: float) -> float:
    """Of each row's Dirichlet from the symmetric one, summed over rows."""
    width = posterior.shape[1]
    total = posterior.sum(axis=1)
    of_norms = gammaln(total) - gammaln(posterior).sum(axis=1) - gammaln(width * prior) + width * gammaln(prior)
    of_logs = ((posterior - prior) * (digamma(posterior) - digamma(total)[:, None])).sum(axis=1)
    return float((of_norms + of_logs).sum())
