"""Online Elo ratings, and how much of them is the order of the judgments.

A rating that is updated judgment by judgment depends on their order and never settles at a fixed K. It is shown for
continuity with live leaderboards and with published tables; the order-free rating is in `davidson.py`.
"""

import math

import numpy as np

from evaluation.stats.arrays import FloatArray
from evaluation.stats.errors import StatisticsError
from evaluation.stats.tables import JudgmentTable

START = 1500.0
_PER_ELO = math.log(10) / 400  # natural log-odds per Elo point
_LARGEST_K = 10_000.0  # far above any in use (4 to 64); it keeps every rating a finite number
_MOST_INDICES = 32_000_000  # of permutations held at once, 4 bytes each
_STEPS = 2_000  # judgments of each order looked up at once


def elo_ratings(table: JudgmentTable, *, k: float = 32.0, start: float = START) -> FloatArray:
    """Rate the systems by one pass over the judgments in time order.

    With expectation E = 1 / (1 + 10^((R_b - R_a) / 400)) and score s of the first system, R_a grows by K (s - E) and
    R_b falls by as much, so the sum of all ratings stays where it started.

    Args:
        table: the judgments.
        k: the largest move a judgment can make, in Elo points.
        start: the rating of a system that was never judged.

    Returns:
        Ratings, shape (systems,).

    Raises:
        StatisticsError: `k` is not above 0 and at most 10,000.

    References:
        A. E. Elo, The Rating of Chessplayers, Past and Present, 1978, section 1.6.
    """
    _check(k)
    ratings = [start] * len(table.systems)
    tanh, scale = math.tanh, 0.5 * _PER_ELO  # E = (1 + tanh(d / 2)) / 2, which no distance can make overflow
    # Lists, not arrays: reading one element of an array costs ten times as much.
    for a, b, score in zip(table.first.tolist(), table.second.tolist(), table.score.tolist(), strict=True):
        change = k * (score - 0.5 - 0.5 * tanh(scale * (ratings[a] - ratings[b])))
        ratings[a] += change
        ratings[b] -= change
    return np.array(ratings)


def weighted_elo_ratings(
    table: JudgmentTable, weights: FloatArray, *, k: float = 32.0, start: float = START
) -> FloatArray:
    """Rate the systems once for each set of participant weights, all sets in one pass over the judgments.

    A judgment of a participant of weight w moves both ratings by w K (s - E). With weights 1 this is `elo_ratings`.

    Args:
        table: the judgments.
        weights: shape (replicates, participants).
        k: as in `elo_ratings`.
        start: as in `elo_ratings`.

    Returns:
        Ratings, shape (replicates, systems).
    """
    _check(k)
    scale = 0.5 * _PER_ELO
    ratings = np.zeros((len(table.systems), len(weights)))  # in half log-odds
    moves = np.ascontiguousarray((0.5 * k * scale) * weights.T)  # a contiguous row per participant
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
    result: FloatArray = start + ratings.T / scale
    return result


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
        start: as in `elo_ratings`.

    Returns:
        Ratings, shape (orders, systems).

    References:
        M. Boubdir et al., "Elo Uncovered", 2023, arXiv 2311.17295.
    """
    _check(k)
    if not len(table):
        return np.full((orders, len(table.systems)), start)
    block = max(1, _MOST_INDICES // len(table))
    parts = [_one_block(table, rng, k, min(block, orders - done)) for done in range(0, orders, block)]
    return start + np.concatenate(parts)


def _one_block(table: JudgmentTable, rng: np.random.Generator, k: float, orders: int) -> FloatArray:
    n_systems = len(table.systems)
    order = np.broadcast_to(np.arange(len(table), dtype=np.int32), (orders, len(table)))
    order = np.ascontiguousarray(rng.permuted(order, axis=1).T)  # a row per step
    scale = 0.5 * _PER_ELO
    ratings = np.zeros(orders * n_systems)  # in half log-odds; replicate r owns a stretch of it
    base = np.arange(orders) * n_systems
    step = 0.5 * k * scale
    moves = step * (2.0 * table.score - 1.0)
    for at in range(0, len(order), _STEPS):
        judged = order[at : at + _STEPS]
        firsts, seconds, wins = base + table.first[judged], base + table.second[judged], moves[judged]
        for a, b, change in zip(firsts, seconds, wins, strict=True):
            of_a, of_b = ratings.take(a), ratings.take(b)
            change -= step * np.tanh(of_a - of_b)
            ratings[a] = of_a + change
            ratings[b] = of_b - change
    return ratings.reshape(orders, n_systems) / scale


def _check(k: float) -> None:
    if not 0 < k <= _LARGEST_K:
        raise StatisticsError(f"K must be above 0 and at most {_LARGEST_K:.0f}, got {k}.")
