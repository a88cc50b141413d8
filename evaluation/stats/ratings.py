"""Order-free ratings of a table of judgments, with intervals, ranks and the position term."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import f as fisher

from evaluation.stats.arrays import FloatArray
from evaluation.stats.bootstrap import bootstrap_strengths
from evaluation.stats.cells import Cells
from evaluation.stats.clusters import ClusterCovariance, IntervalMethod, cluster_covariance
from evaluation.stats.connectivity import components
from evaluation.stats.errors import StatisticsError
from evaluation.stats.intervals import Interval, student_interval
from evaluation.stats.likelihoods import DAVIDSON, Likelihood
from evaluation.stats.models import ELO_PER_LOGIT, RatingFit, RatingModel
from evaluation.stats.ranks import simultaneous_ranks
from evaluation.stats.tables import JudgmentTable


@dataclass(frozen=True)
class PositionTerm:
    """The model with a position term.

    Attributes:
        delta: log-odds that being shown first adds.
        delta_interval: 95 %, over participants; None with fewer than two.
        ratings: what the systems' ratings are with this term, on the Elo scale.
        penalised: whether only the penalty makes this fit finite.
    """

    delta: float
    delta_interval: Interval | None
    ratings: FloatArray
    penalised: bool


@dataclass(frozen=True)
class GroupRatings:
    """Ratings of systems that a chain of judgments connects.

    Attributes:
        systems: their indices in the table.
        model: their likelihood, without a position term.
        covariance: over participants; None with fewer than two.
        intervals: 95 %, one per system, Elo scale; None like the covariance.
        ranks: best and worst rank within the group, all at once; None like the covariance.
        share_first: share of bootstrap replicates in which the system comes first; None like the covariance.
        position: None where the sides were never varied.
        penalised_resamples: bootstrap replicates without finite ratings, which only the penalty held; None like the
            covariance.
    """

    systems: list[int]
    model: RatingModel
    covariance: ClusterCovariance | None
    intervals: list[Interval] | None
    ranks: list[tuple[int, int]] | None
    share_first: FloatArray | None
    position: PositionTerm | None
    penalised_resamples: int | None

    @property
    def fit(self) -> RatingFit:
        return self.model.best


def rate_groups(
    table: JudgmentTable,
    *,
    seed: int,
    replicates: int,
    likelihood: Likelihood = DAVIDSON,
    interval: IntervalMethod = "auto",
) -> list[GroupRatings]:
    """Rate each connected group of judged systems by itself; one group is the usual case."""
    pooled, by_side = table.cells(by_side=False), table.cells(by_side=True)
    rate = _Rating(likelihood, interval, seed, replicates)
    return [
        rate.group(group, pooled.restricted_to(group), by_side.restricted_to(group), number)
        for number, group in enumerate(components(pooled, len(table.systems)))
    ]


def all_equal_test(fit: RatingFit, covariance: ClusterCovariance) -> tuple[float, float] | None:
    """Test that all strengths are equal: Hotelling's T squared as F, and its p; None with too few participants.

    References:
        H. Hotelling, "The generalization of Student's ratio", Ann. Math. Statist. 2(3), 1931.
    """
    free = len(fit.strengths) - 1
    spare = covariance.df - free + 1
    if spare < 1:
        return None
    matrix = covariance.matrix[: free + 1, : free + 1]
    statistic = float(fit.strengths @ np.linalg.pinv(matrix, hermitian=True) @ fit.strengths)
    ratio = spare / (covariance.df * free) * statistic
    return ratio, float(fisher.sf(ratio, free, spare))


@dataclass(frozen=True)
class _Rating:
    likelihood: Likelihood
    interval: IntervalMethod
    seed: int
    replicates: int

    def group(self, group: list[int], pooled: Cells, by_side: Cells, number: int) -> GroupRatings:
        model = RatingModel(pooled, len(group), likelihood=self.likelihood)
        fit = model.best
        position = self.position_term(by_side, len(group))
        if pooled.counts.shape[0] < 2:
            return GroupRatings(group, model, None, None, None, None, position, None)
        strengths, penalised = bootstrap_strengths(model, seed=self.seed, replicates=self.replicates)
        covariance = cluster_covariance(model, interval=self.interval, resampled=(strengths, penalised))
        assert covariance is not None  # two participants at least
        errors = ELO_PER_LOGIT * covariance.standard_errors
        best = strengths >= strengths.max(axis=1, keepdims=True) - 1e-9  # equal ones share the first place
        return GroupRatings(
            systems=group,
            model=model,
            covariance=covariance,
            intervals=[
                student_interval(float(rating), float(error), covariance.df)
                for rating, error in zip(fit.ratings, errors, strict=True)
            ],
            ranks=simultaneous_ranks(
                fit.strengths, covariance.matrix, covariance.df, np.random.default_rng([self.seed, 2, number])
            ),
            share_first=(best / best.sum(axis=1, keepdims=True)).mean(axis=0),
            position=position,
            # A data set whose maximum is not finite has no resample whose maximum is: it holds fewer outcomes.
            penalised_resamples=self.replicates if fit.penalised else penalised,
        )

    def position_term(self, by_side: Cells, n_systems: int) -> PositionTerm | None:
        try:
            model = RatingModel(by_side, n_systems, position=True, likelihood=self.likelihood)
        except StatisticsError:
            return None
        fit, resampled = model.best, None
        if self.interval == "bootstrap" and by_side.counts.shape[0] > 1:
            resampled = bootstrap_strengths(model, seed=self.seed, replicates=self.replicates)
        covariance = cluster_covariance(model, interval=self.interval, resampled=resampled)
        assert fit.position is not None
        interval = None
        if covariance is not None:
            interval = student_interval(fit.position, float(covariance.standard_errors[-1]), covariance.df)
        return PositionTerm(fit.position, interval, fit.ratings, fit.penalised)
