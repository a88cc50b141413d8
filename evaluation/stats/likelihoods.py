"""How a difference in strength becomes a win, a loss or a tie: the three models of ties.

With d the difference of the strengths (and the term of the side), and a parameter t of ties:

- Davidson: P(win) : P(loss) : P(tie) = exp(d/2) : exp(-d/2) : nu, t = log nu.
- Rao–Kupper: P(win) = 1 / (1 + kappa exp(-d)), P(loss) = 1 / (1 + kappa exp(d)), the rest is tied; t = log kappa, at
  least 0.
- Ties as half: Bradley–Terry in which a tie is half a win and half a loss. It gives ties no probability of their own,
  so it is a quasi-likelihood: its maximum is right for what it asks, its inverse information claims too much variance,
  and only an interval over participants is right. Its gaps are smaller than Davidson's by about the share of ties.

All are concave in (d, t), and have a finite maximum for the same data, but that ties alone are enough for the third.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from evaluation.stats.arrays import BoolArray, FloatArray
from evaluation.stats.errors import StatisticsError

ModelName = Literal["davidson", "rao-kupper", "ties-half"]


@dataclass(frozen=True)
class Tally:
    """Counts of several data sets as the likelihoods need them.

    Attributes:
        counts: shape (replicates, 3, rows), wins, losses, ties.
        n: shape (replicates, rows), judgments.
        half: shape (replicates, rows), half of wins less losses.
        ties: shape (replicates,).
        tied: whether there is a tie at all, so that t is free.
    """

    counts: FloatArray
    n: FloatArray
    half: FloatArray
    ties: FloatArray
    tied: BoolArray

    @classmethod
    def of(cls, counts: FloatArray) -> "Tally":
        ties = counts[:, 2].sum(axis=1)
        return cls(counts, counts.sum(axis=1), (counts[:, 0] - counts[:, 1]) / 2, ties, ties > 0)

    @property
    def share_of_ties(self) -> FloatArray:
        """Between 0 and 1, never 1: where all is tied, half a decisive judgment is supposed."""
        decisive = np.maximum(self.n.sum(axis=1) - self.ties, 0.5)
        return np.asarray(self.ties / (self.ties + decisive))


@dataclass(frozen=True)
class Point:
    """The log likelihood of several data sets at a point, and its derivatives.

    Attributes:
        value: shape (replicates,).
        slope: shape (replicates, rows), in d.
        tie_slope: shape (replicates,), in t.
        curvature: shape (replicates, rows), minus the second derivative in d.
        cross: shape (replicates, rows), minus the mixed one.
        tie_curvature: shape (replicates,), minus the second derivative in t.
    """

    value: FloatArray
    slope: FloatArray
    tie_slope: FloatArray
    curvature: FloatArray
    cross: FloatArray
    tie_curvature: FloatArray


class Likelihood(ABC):
    """One of the three models.

    Attributes:
        slug: its name in options.
        name: its name in results.
        without_ties: t where nobody calls a tie, and the least that it can be.
        tie_parameter_name: what exp(t) is called; None where there is none.
    """

    slug: ClassVar[ModelName]
    name: ClassVar[str]
    without_ties: ClassVar[float]
    tie_parameter_name: ClassVar[str | None]

    def recount(self, counts: FloatArray) -> FloatArray:
        """The counts as this model takes them, shape (…, 3, rows) as they are."""
        return counts

    @abstractmethod
    def start(self, tally: Tally) -> FloatArray:
        """A first t from the share of ties, shape (replicates,)."""

    @abstractmethod
    def at(self, tally: Tally, d: FloatArray, t: FloatArray) -> Point:
        """Log likelihood and derivatives at d, shape (replicates, rows), and t, shape (replicates,)."""

    @abstractmethod
    def chances(self, d: FloatArray, t: float) -> FloatArray:
        """Probability of a win, a loss and a tie, shape (3, rows), at d of shape (rows,)."""

    @abstractmethod
    def scores(self, d: FloatArray, t: float) -> tuple[FloatArray, FloatArray]:
        """Derivatives of the log probability of a win, a loss and a tie in d and in t, each of shape (3, rows)."""


class Davidson(Likelihood):
    """R. R. Davidson, "On extending the Bradley–Terry model to accommodate ties in paired comparison experiments",
    JASA 65(329), 1970, eq. (2.5)."""

    slug: ClassVar[ModelName] = "davidson"
    name = "Davidson: Bradley–Terry with ties, maximum likelihood"
    without_ties = -np.inf
    tie_parameter_name: ClassVar[str | None] = "nu"

    def start(self, tally: Tally) -> FloatArray:
        share = np.where(tally.tied, tally.share_of_ties, 0.5)
        return np.asarray(np.where(tally.tied, np.log(2 * share / (1 - share)), self.without_ties))

    def at(self, tally: Tally, d: FloatArray, t: FloatArray) -> Point:
        up = np.exp(d / 2)
        down = 1.0 / up
        nu = np.exp(t)[:, None]  # 0 where there are no ties
        total = up + down + nu
        difference, tie = (up - down) / total, nu / total
        of_ties = tally.ties * np.where(tally.tied, t, 0.0)
        n_tie = tally.n * tie
        return Point(
            value=(tally.half * d).sum(axis=1) + of_ties - (tally.n * np.log(total)).sum(axis=1),
            slope=tally.half - tally.n * difference / 2,
            tie_slope=tally.ties - n_tie.sum(axis=1),
            curvature=tally.n * (1.0 - tie - difference**2) / 4,
            cross=-n_tie * difference / 2,
            tie_curvature=(n_tie * (1.0 - tie)).sum(axis=1),
        )

    def chances(self, d: FloatArray, t: float) -> FloatArray:
        weights = np.stack([np.exp(d / 2), np.exp(-d / 2), np.full_like(d, np.exp(t))])
        return np.asarray(weights / weights.sum(axis=0))

    def scores(self, d: FloatArray, t: float) -> tuple[FloatArray, FloatArray]:
        win, loss, tie = self.chances(d, t)
        difference = win - loss
        return np.stack([1.0 - difference, -1.0 - difference, -difference]) / 2, np.stack([-tie, -tie, 1.0 - tie])


class TiesHalf(Davidson):
    """Bradley–Terry with a tie as half a win and half a loss: Davidson's likelihood of counts without ties.

    R. A. Bradley and M. E. Terry, "Rank analysis of incomplete block designs", Biometrika 39(3/4), 1952; the
    quasi-likelihood is R. W. M. Wedderburn's, Biometrika 61(3), 1974.
    """

    slug = "ties-half"
    name = "Bradley–Terry with a tie as half a win, quasi-likelihood"
    tie_parameter_name = None

    def recount(self, counts: FloatArray) -> FloatArray:
        split = np.zeros_like(counts)
        split[..., :2, :] = counts[..., :2, :] + counts[..., 2:, :] / 2
        return split

    def scores(self, d: FloatArray, t: float) -> tuple[FloatArray, FloatArray]:
        in_d, in_t = super().scores(d, t)
        return np.stack([in_d[0], in_d[1], in_d[:2].mean(axis=0)]), np.zeros_like(in_t)


class RaoKupper(Likelihood):
    """P. V. Rao and L. L. Kupper, "Ties in paired-comparison experiments: a generalization of the Bradley–Terry model",
    JASA 62(317), 1967, eqs. (2.4) to (2.6).

    Since P(tie) = (kappa^2 - 1) P(win) P(loss), the log likelihood is (W + T) log P(win) + (L + T) log P(loss) +
    T log(kappa^2 - 1), which goes to minus infinity where t falls to 0, so its maximum lies inside.
    """

    slug = "rao-kupper"
    name = "Rao–Kupper: Bradley–Terry with ties, maximum likelihood"
    without_ties = 0.0
    tie_parameter_name = "kappa"

    def start(self, tally: Tally) -> FloatArray:
        return np.asarray(2 * np.arctanh(np.where(tally.tied, tally.share_of_ties, 0.0)))

    def at(self, tally: Tally, d: FloatArray, t: FloatArray) -> Point:
        wins, losses = tally.counts[:, 0] + tally.counts[:, 2], tally.counts[:, 1] + tally.counts[:, 2]
        odds, kappa = np.exp(d), np.exp(t)[:, None]
        for_win, for_loss = odds + kappa, 1.0 + kappa * odds
        win, loss = odds / for_win, 1.0 / for_loss
        open_win, open_loss = wins * (1.0 - win), losses * (1.0 - loss)
        of_win, of_loss = open_win * win, open_loss * loss
        free = np.where(tally.tied, t, 1.0)
        beyond = -np.expm1(-2 * free)  # 1 - kappa^-2
        of_ties = np.where(tally.tied, tally.ties * (2 * free + np.log(beyond)), 0.0)
        return Point(
            value=(wins * (d - np.log(for_win))).sum(axis=1) - (losses * np.log(for_loss)).sum(axis=1) + of_ties,
            slope=open_win - open_loss,
            tie_slope=tally.ties * 2 / beyond - (open_win + open_loss).sum(axis=1),
            curvature=of_win + of_loss,
            cross=of_loss - of_win,
            tie_curvature=(of_win + of_loss).sum(axis=1) + tally.ties * 4 * (1.0 - beyond) / beyond**2,
        )

    def chances(self, d: FloatArray, t: float) -> FloatArray:
        win, loss = 1 / (1 + np.exp(t - d)), 1 / (1 + np.exp(t + d))
        return np.stack([win, loss, np.expm1(2 * t) * win * loss])

    def scores(self, d: FloatArray, t: float) -> tuple[FloatArray, FloatArray]:
        win, loss, _ = self.chances(d, t)
        in_d = np.stack([1 - win, loss - 1, loss - win])
        if t == self.without_ties:
            return in_d, np.zeros_like(in_d)
        return in_d, np.stack([win - 1, loss - 1, win + loss - 2 - 2 / np.expm1(-2 * t)])


DAVIDSON, RAO_KUPPER, TIES_HALF = Davidson(), RaoKupper(), TiesHalf()
LIKELIHOODS: dict[ModelName, Likelihood] = {each.slug: each for each in (DAVIDSON, RAO_KUPPER, TIES_HALF)}


def likelihood_named(model: str) -> Likelihood:
    """The likelihood by its slug.

    Raises:
        StatisticsError: There is no such model.
    """
    for slug, likelihood in LIKELIHOODS.items():
        if slug == model:
            return likelihood
    raise StatisticsError(f"The model must be one of {', '.join(LIKELIHOODS)}, got {model!r}.")
