"""A set of judgments rated and tested in a fraction of a second, for pages that answer while one looks.

What `analyze` draws at random (resamples, random orders, sign flips) is left out; ratings, their intervals, ranks and
tests rest on the participants as there, by formulas alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluation.stats.cells import Cells
from evaluation.stats.clusters import MOST_REFITS, cluster_covariance
from evaluation.stats.connectivity import components
from evaluation.stats.elo import elo_ratings
from evaluation.stats.intervals import Interval, student_interval
from evaluation.stats.likelihoods import Likelihood, ModelName, likelihood_named
from evaluation.stats.models import ELO_PER_LOGIT, RatingModel
from evaluation.stats.multiplicity import holm
from evaluation.stats.rank_tests import cluster_mann_whitney
from evaluation.stats.ranks import simultaneous_ranks
from evaluation.stats.tables import JudgmentTable

MOST_REFIT_CELLS = 20_000  # participants times pairs up to which each participant is left out in turn
RANK_DRAWS = 4_000


@dataclass(frozen=True)
class QuickSystem:
    """One system; None where it was not judged, or where nothing puts all on one scale."""

    name: str
    judgments: int
    win_rate: float | None
    bt: float | None
    bt_ci: Interval | None
    rank_ci: tuple[int, int] | None
    elo: float | None


@dataclass(frozen=True)
class QuickPair:
    """Two systems that met; `p` is of the Mann–Whitney test with participants as clusters (Obuchowski)."""

    a: str
    b: str
    judgments: int
    participants: int
    win_rate_a: float
    p: float | None
    p_holm: float | None


@dataclass(frozen=True)
class QuickAnalysis:
    """Ratings and tests without anything drawn but the ranks' null distribution.

    Attributes:
        ties: judgments that called both equivalent.
        groups: of systems that judgments connect; there are joint ratings where it is one.
        penalised: whether only a penalty keeps the ratings finite.
        interval: the method of `bt_ci`; None without one.
    """

    judgments: int
    participants: int
    ties: int
    systems: tuple[QuickSystem, ...]
    pairs: tuple[QuickPair, ...]
    groups: int
    penalised: bool
    interval: str | None

    @property
    def ranked(self) -> list[QuickSystem]:
        """The systems by rating, those without one last."""
        return sorted(self.systems, key=lambda system: (system.bt is None, -(system.bt or 0.0), system.name))


def analyze_quickly(table: JudgmentTable, *, model: ModelName = "davidson", elo_k: float = 32.0) -> QuickAnalysis:
    """Rate and test.

    Args:
        table: the judgments; none at all is allowed.
        model: of ties; see `likelihoods`.
        elo_k: K of the online rating.

    Raises:
        StatisticsError: `model` is none of these, or `elo_k` is out of bounds.
    """
    likelihood = likelihood_named(model)
    cells = table.cells(by_side=False)
    groups = components(cells, len(table.systems))
    joint = _rate(cells, groups[0], likelihood) if len(groups) == 1 else None
    return QuickAnalysis(
        judgments=len(table),
        participants=len(np.unique(table.participant)),
        ties=int((table.score == 0.5).sum()),
        systems=_systems(table, joint, elo_k),
        pairs=_pairs(table.systems, cells),
        groups=len(groups),
        penalised=joint is not None and joint.penalised,
        interval=joint.interval if joint else None,
    )


@dataclass(frozen=True)
class _Joint:
    systems: list[int]
    ratings: list[float]
    intervals: list[Interval] | None
    ranks: list[tuple[int, int]] | None
    penalised: bool
    interval: str | None


def _rate(cells: Cells, group: list[int], likelihood: Likelihood) -> _Joint:
    kept = cells.restricted_to(group)
    fitted = RatingModel(kept, len(group), likelihood=likelihood)
    most = min(MOST_REFITS, MOST_REFIT_CELLS // max(kept.rows, 1))
    fit, covariance = fitted.best, cluster_covariance(fitted, most_refits=most)
    ratings = [float(rating) for rating in fit.ratings]
    if covariance is None:
        return _Joint(group, ratings, None, None, fit.penalised, None)
    errors = (ELO_PER_LOGIT * covariance.standard_errors).tolist()
    rng = np.random.default_rng(0)
    return _Joint(
        systems=group,
        ratings=ratings,
        intervals=[student_interval(*each, covariance.df) for each in zip(ratings, errors, strict=True)],
        ranks=simultaneous_ranks(fit.strengths, covariance.matrix, covariance.df, rng, draws=RANK_DRAWS),
        penalised=fit.penalised,
        interval=covariance.method,
    )


def _systems(table: JudgmentTable, joint: _Joint | None, elo_k: float) -> tuple[QuickSystem, ...]:
    size = len(table.systems)
    judged = np.bincount(table.first, minlength=size) + np.bincount(table.second, minlength=size)
    won = np.bincount(table.first, table.score, size) + np.bincount(table.second, 1 - table.score, size)
    elo = elo_ratings(table, k=elo_k)
    place = {system: at for at, system in enumerate(joint.systems)} if joint else {}
    results = []
    for system, name in enumerate(table.systems):
        at, n = place.get(system), int(judged[system])
        rated = joint if at is not None else None
        results.append(
            QuickSystem(
                name=name,
                judgments=n,
                win_rate=float(won[system]) / n if n else None,
                bt=rated.ratings[at] if rated and at is not None else None,
                bt_ci=rated.intervals[at] if rated and rated.intervals and at is not None else None,
                rank_ci=rated.ranks[at] if rated and rated.ranks and at is not None else None,
                elo=float(elo[system]) if n else None,
            )
        )
    return tuple(results)


def _pairs(systems: Sequence[str], cells: Cells) -> tuple[QuickPair, ...]:
    counts = [cells.by_participant(row) for row in range(cells.rows)]
    tests = [cluster_mann_whitney(each) for each in counts]
    adjusted = iter(holm([test.p for test in tests if test.p is not None]))
    return tuple(
        QuickPair(
            a=systems[int(cells.left[row])],
            b=systems[int(cells.right[row])],
            judgments=int(counts[row].sum()),
            participants=len(counts[row]),
            win_rate_a=float(counts[row][:, 0].sum() + counts[row][:, 2].sum() / 2) / float(counts[row].sum()),
            p=test.p,
            p_holm=None if test.p is None else next(adjusted),
        )
        for row, test in enumerate(tests)
    )
