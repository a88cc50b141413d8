"""Order-free ratings of a table of judgments, with intervals, ranks and the position term."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import f as fisher

from evaluation.stats.arrays import FloatArray
from evaluation.stats.bootstrap import bootstrap_strengths
from evaluation.stats.clusters import ClusterCovariance, cluster_covariance
from evaluation.stats.connectivity import components
from evaluation.stats.davidson import ELO_PER_LOGIT, DavidsonFit, DavidsonModel
from evaluation.stats.errors import StatisticsError
from evaluation.stats.intervals import Interval, student_interval
from evaluation.stats.ranks import simultaneous_ranks
from evaluation.stats.tables import Cells, JudgmentTable


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
        fit: the Davidson fit.
        covariance: over participants; None with fewer than two.
        intervals: 95 %, one per system, Elo scale; None like the covariance.
        ranks: best and worst rank within the group, all at once; None like the covariance.
        share_first: share of bootstrap replicates in which the system comes first; None like the covariance.
        position: None where the sides were never varied.
    """

    systems: list[int]
    fit: DavidsonFit
    covariance: ClusterCovariance | None
    intervals: list[Interval] | None
    ranks: list[tuple[int, int]] | None
    share_first: FloatArray | None
    position: PositionTerm | None


def rate_groups(table: JudgmentTable, *, seed: int, replicates: int) -> list[GroupRatings]:
    """Rate each connected group of judged systems by itself; one group is the usual case."""
    pooled, by_side = table.cells(by_side=False), table.cells(by_side=True)
    return [
        _rate(group, pooled.restricted_to(group), by_side.restricted_to(group), [seed, 2, number], replicates)
        for number, group in enumerate(components(pooled, len(table.systems)))
    ]


def all_equal_test(fit: DavidsonFit, covariance: ClusterCovariance) -> tuple[float, float] | None:
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


def _rate(group: list[int], pooled: Cells, by_side: Cells, seed: Sequence[int], replicates: int) -> GroupRatings:
    model = DavidsonModel(pooled, len(group))
    fit, covariance = model.best, cluster_covariance(model)
    position = _position_term(by_side, len(group))
    if covariance is None:
        return GroupRatings(group, fit, None, None, None, None, position)
    errors = ELO_PER_LOGIT * covariance.standard_errors
    rng = np.random.default_rng(seed)
    strengths, _ = bootstrap_strengths(model, rng, replicates=replicates)
    best = strengths >= strengths.max(axis=1, keepdims=True) - 1e-9  # equal ones share the first place
    return GroupRatings(
        systems=group,
        fit=fit,
        covariance=covariance,
        intervals=[
            student_interval(float(rating), float(error), covariance.df)
            for rating, error in zip(fit.ratings, errors, strict=True)
        ],
        ranks=simultaneous_ranks(fit.strengths, covariance.matrix, covariance.df, rng),
        share_first=(best / best.sum(axis=1, keepdims=True)).mean(axis=0),
        position=position,
    )


def _position_term(by_side: Cells, n_systems: int) -> PositionTerm | None:
    try:
        model = DavidsonModel(by_side, n_systems, position=True)
    except StatisticsError:
        return None
    fit, covariance = model.best, cluster_covariance(model)
    assert fit.position is not None
    interval = None
    if covariance is not None:
        interval = student_interval(fit.position, float(covariance.standard_errors[-1]), covariance.df)
    return PositionTerm(fit.position, interval, fit.ratings, fit.penalised)
