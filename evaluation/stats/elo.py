"""Online Elo ratings, and how much of them is the order of the judgments.

A rating that is updated judgment by judgment depends on their order and never settles at a fixed K. It is shown for
continuity with live leaderboards and with published tables; the order-free rating is in `davidson.py`.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluation.stats.arrays import FloatArray
from evaluation.stats.errors import StatisticsError
from evaluation.stats.tables import JudgmentTable

START = 1500.0
_SCALE = math.log(10) / 800  # half log-odds per Elo point
_LARGEST_K = 10_000.0  # far above any in use (4 to 64); it keeps every rating a finite number
# Judgments (times replicates) from which compiled loops are worth loading; below, a process stays small without them.
# The size alone decides, so that the same judgments always give the same bytes.
COMPILED = 100_000
COMPILED_REPLICATES = 20_000_000
_STEPS = 2_000  # judgments of each order looked up at once


def elo_ratings(table: JudgmentTable, *, k: float = 32.0, start: float | FloatArray = START) -> FloatArray:
    """Rate the systems by one pass over the judgments in time order.

    With expectation E = 1 / (1 + 10^((R_b - R_a) / 400)) and score s of the first system, R_a grows by K (s - E) and
    R_b falls by as much, so the sum of all ratings stays where it started.

    Args:
        table: the judgments.
        k: the largest move a judgment can make, in Elo points.
        start: the rating of a system that was never judged; or the ratings, shape (systems,), after earlier judgments
            on which these follow.

    Returns:
        Ratings, shape (systems,).

    Raises:
        StatisticsError: `k` is not above 0 and at most 10,000.

    References:
        A. E. Elo, The Rating of Chessplayers, Past and Present, 1978, section 1.6.
    """
    _check(k)
    began = np.broadcast_to(np.asarray(start, dtype=float), len(table.systems))
    if len(table) >= COMPILED:
        from evaluation.stats.elo_kernels import play

        moved = (began - START) * _SCALE
        play(*_columns(table), 0.5 * k * _SCALE, moved)
        return np.asarray(START + moved / _SCALE)
    ratings = began.tolist()
    tanh = math.tanh  # E = (1 + tanh(d / 2)) / 2, which no distance can make overflow
    # Lists, not arrays: reading one element of an array costs ten times as much.
    for a, b, score in zip(table.first.tolist(), table.second.tolist(), table.score.tolist(), strict=True):
        change = k * (score - 0.5 - 0.5 * tanh(_SCALE * (ratings[a] - ratings[b])))
        ratings[a] += change
        ratings[b] -= change
    return np.array(ratings)


def weighted_elo_ratings(
    table: JudgmentTable, weights: NDArray[Any], *, k: float = 32.0, start: float | FloatArray = START
) -> FloatArray:
    """Rate the systems once for each set of participant weights, all sets in one pass over the judgments.

    A judgment of a participant of weight w moves both ratings by w K (s - E). With weights 1 this is `elo_ratings`.

    Args:
        table: the judgments.
        weights: shape (replicates, participants).
        k: as in `elo_ratings`.
        start: as in `elo_ratings`; or a rating of each system in each replicate, shape (replicates, systems).

    Returns:
        Ratings, shape (replicates, systems).
    """
    _check(k)
    began = np.broadcast_to(np.asarray(start, dtype=float), (len(weights), len(table.systems)))
    ratings = np.ascontiguousarray((began.T - START) * _SCALE)  # in half log-odds
    moves = np.ascontiguousarray(weights.T, dtype=float)  # a contiguous row per participant
    moves *= 0.5 * k * _SCALE
    if len(table) * len(weights) >= COMPILED_REPLICATES:
        from evaluation.stats.elo_kernels import play_weighted

        play_weighted(table.participant.astype(np.int32), *_columns(table), moves, ratings)
        return np.asarray(START + ratings.T / _SCALE)
    change = np.empty(len(weights))
    rows, move_of = list(ratings), list(moves)
    steps = zip(
        table.participant.tolist(), table.first.tolist(), table.second.tolist(), table.score.tolist(), strict=True
    )
    for person, a, b, score in steps:
        np.subtract(rows[a], rows[b], out=change)
        np.tanh(change, out=change)
        np.subtract(2.0 * score - 1.0, change, out=change)
        np.multiply(change, move_of[person], out=change)
        rows[a] += change
        rows[b] -= change
    return np.asarray(START + ratings.T / _SCALE)


def elo_over_orders(
    table: JudgmentTable, rng: np.random.Generator, *, k: float = 32.0, orders: int = 200, start: float = START
) -> FloatArray:
    """Rate the systems once for each of several random orders of the same judgments.

    The spread of the result is what the order alone does to the ratings; it says nothing about sampling.

    Args:
        table: the judgments.
        rng: draws the orders.
        k: as in `elo_ratings`.
        orders: how many.
        start: the rating of a system that was never judged.

    Returns:
        Ratings, shape (orders, systems).

    References:
        M. Boubdir et al., "Elo Uncovered", 2023, arXiv 2311.17295.
    """
    _check(k)
    moved = np.zeros((orders, len(table.systems)))  # in half log-odds
    if len(table) * orders >= COMPILED_REPLICATES:
        from evaluation.stats.elo_kernels import packed, play_packed

        judgments = packed(*_columns(table))
        for ratings in moved:
            rng.shuffle(judgments)  # shuffled once more, any order is as likely as before
            play_packed(judgments, 0.5 * k * _SCALE, ratings)
    elif len(table):
        drawn = np.empty((orders, len(table)), dtype=np.int32)
        drawn[0] = np.arange(len(table))
        for at in range(orders):
            drawn[at] = drawn[max(at - 1, 0)]
            rng.shuffle(drawn[at])
        moved = _side_by_side(table, np.ascontiguousarray(drawn.T), 0.5 * k * _SCALE)
    return np.asarray(start + moved / _SCALE)


def _side_by_side(table: JudgmentTable, order: NDArray[np.int32], step: float) -> FloatArray:
    """Ratings in half log-odds of all orders, shape (judgments, orders), one step of each at a time."""
    n_systems, orders = len(table.systems), order.shape[1]
    ratings = np.zeros(orders * n_systems)  # replicate r owns a stretch of it
    base = np.arange(orders) * n_systems
    moves = step * (2.0 * table.score - 1.0)
    for at in range(0, len(order), _STEPS):
        judged = order[at : at + _STEPS]
        firsts, seconds, wins = base + table.first[judged], base + table.second[judged], moves[judged]
        for a, b, change in zip(firsts, seconds, wins, strict=True):
            of_a, of_b = ratings.take(a), ratings.take(b)
            change -= step * np.tanh(of_a - of_b)
            ratings[a] = of_a + change
            ratings[b] = of_b - change
    return ratings.reshape(orders, n_systems)


def _columns(table: JudgmentTable) -> tuple[NDArray[np.int32], NDArray[np.int32], FloatArray]:
    """First and second system and outcome (1, -1, 0 for a tie), in the one kind that is compiled for."""
    return table.first.astype(np.int32), table.second.astype(np.int32), 2.0 * table.score - 1.0


def _check(k: float) -> None:
    if not 0 < k <= _LARGEST_K:
        raise StatisticsError(f"K must be above 0 and at most {_LARGEST_K:.0f}, got {k}.")
