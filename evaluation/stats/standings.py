"""What each system won, and its ratings."""

from dataclasses import dataclass

import numpy as np

from evaluation.stats.arrays import FloatArray
from evaluation.stats.bootstrap import bootstrap_elo
from evaluation.stats.elo import elo_over_orders, elo_ratings
from evaluation.stats.intervals import cluster_rate, student_interval
from evaluation.stats.ratings import GroupRatings
from evaluation.stats.results import Bounds, SystemResult, WinMatrix
from evaluation.stats.tables import JudgmentTable

ELO_ORDERS = 200


@dataclass(frozen=True)
class OnlineRatings:
    """Elo ratings, each of shape (systems,).

    Attributes:
        ratings: in time order.
        errors: standard deviation over resamples of participants; nan where they do not tell.
        order_mean: mean over random orders.
        order_sd: standard deviation over them.
    """

    ratings: FloatArray
    errors: FloatArray
    order_mean: FloatArray
    order_sd: FloatArray


def rate_online(table: JudgmentTable, *, seed: int, replicates: int, k: float) -> OnlineRatings:
    """Elo in time order, with its spread over participants and over orders."""
    ratings = elo_ratings(table, k=k)
    orders = elo_over_orders(table, np.random.default_rng([seed, 0]), k=k, orders=ELO_ORDERS)
    errors = np.full(len(table.systems), np.nan)
    if len(table.participants) > 1:
        resampled = bootstrap_elo(table, seed=seed, replicates=replicates, k=k)
        errors = resampled.std(axis=0, ddof=1)
        errors[errors < 1e-9] = np.nan  # no spread at all is no knowledge, not certainty
    return OnlineRatings(ratings, errors, orders.mean(axis=0), orders.std(axis=0, ddof=1))


def win_matrix(table: JudgmentTable) -> WinMatrix:
    """Who won against whom how often."""
    size = len(table.systems)
    wins, ties = np.zeros((size, size), dtype=np.intp), np.zeros((size, size), dtype=np.intp)
    first, second, tied = table.score == 1.0, table.score == 0.0, table.score == 0.5
    np.add.at(wins, (table.first[first], table.second[first]), 1)
    np.add.at(wins, (table.second[second], table.first[second]), 1)
    np.add.at(ties, (table.first[tied], table.second[tied]), 1)
    ties += ties.T
    return WinMatrix(table.systems, tuple(map(tuple, wins.tolist())), tuple(map(tuple, ties.tolist())))


def system_results(table: JudgmentTable, elo: OnlineRatings, groups: list[GroupRatings]) -> tuple[SystemResult, ...]:
    """One result per system, in the table's order; joint ratings only where all judged systems are connected."""
    matrix = win_matrix(table)
    scores, judged = table.scores_by_participant()
    joint = groups[0] if len(groups) == 1 else None
    results = []
    for i, name in enumerate(table.systems):
        rate = cluster_rate(scores[:, i], judged[:, i])
        known = rate is not None
        rating = _joint_rating(joint, i)
        results.append(
            SystemResult(
                name=name,
                judgments=int(judged[:, i].sum()),
                wins=sum(matrix.wins[i]),
                losses=sum(row[i] for row in matrix.wins),
                ties=sum(matrix.ties[i]),
                win_rate=rate.value if rate else None,
                win_rate_ci=rate.interval if rate else None,
                elo=float(elo.ratings[i]) if known else None,
                elo_ci=_elo_interval(elo, i, len(table.participants) - 1) if known else None,
                bt=rating.bt,
                bt_ci=rating.interval,
                rank_ci=rating.ranks,
                participants=table.people(int((judged[:, i] > 0).sum())),
                elo_order_mean=float(elo.order_mean[i]) if known else None,
                elo_order_sd=float(elo.order_sd[i]) if known else None,
                bt_position_adjusted=rating.adjusted,
                share_first=rating.share_first,
            )
        )
    return tuple(results)


@dataclass(frozen=True)
class _Joint:
    bt: float | None = None
    interval: Bounds | None = None
    ranks: tuple[int, int] | None = None
    adjusted: float | None = None
    share_first: float | None = None


def _joint_rating(group: GroupRatings | None, system: int) -> _Joint:
    if group is None or system not in group.systems:
        return _Joint()
    at = group.systems.index(system)
    return _Joint(
        bt=float(group.fit.ratings[at]),
        interval=group.intervals[at] if group.intervals else None,
        ranks=group.ranks[at] if group.ranks else None,
        adjusted=float(group.position.ratings[at]) if group.position else None,
        share_first=float(group.share_first[at]) if group.share_first is not None else None,
    )


def _elo_interval(elo: OnlineRatings, system: int, df: int) -> Bounds | None:
    error = float(elo.errors[system])
    return student_interval(float(elo.ratings[system]), error, df) if np.isfinite(error) else None
