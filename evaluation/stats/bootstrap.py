"""Resampling participants: whole people are drawn, with all their judgments."""

import numpy as np

from evaluation.stats.arrays import FloatArray
from evaluation.stats.draws import Draws
from evaluation.stats.elo import weighted_elo_ratings
from evaluation.stats.errors import StatisticsError
from evaluation.stats.models import RatingModel
from evaluation.stats.tables import JudgmentTable

_MOST_WEIGHTS = 16_000_000  # of a pass over the judgments, 8 bytes each
_REPLICATES = 256  # at once, so that their counts stay in the processor's cache


def bootstrap_elo(table: JudgmentTable, *, seed: int, replicates: int, k: float) -> FloatArray:
    """Online Elo of resampled participants, their judgments at their own times, shape (replicates, systems)."""
    size = max(1, _MOST_WEIGHTS // max(len(table.participants), 1))
    drawn = Draws(seed, table.keys).blocks(replicates, size)
    return np.concatenate([weighted_elo_ratings(table, weights.T, k=k) for weights in drawn])


def bootstrap_strengths(model: RatingModel, *, seed: int, replicates: int) -> tuple[FloatArray, int]:
    """Strengths (and position) of resampled participants, each refitted in full.

    Returns:
        Shape (replicates, systems [+ 1]); and how many replicates only the penalty made finite.

    Raises:
        StatisticsError: The model's counts do not know their participants.
    """
    cells = model.cells
    if cells.keys is None:
        raise StatisticsError("Counts without the keys of their participants cannot be resampled.")
    size = max(1, min(_REPLICATES, 2 * _MOST_WEIGHTS // (len(cells.keys) + 6 * cells.rows)))
    drawn = Draws(seed, cells.keys).blocks(replicates, size)
    parts = [model.refit(cells.weighted(weights.T)) for weights in drawn]
    return np.concatenate([values for values, _ in parts]), sum(penalised for _, penalised in parts)


def bootstrap_rates(scores: FloatArray, judgments: FloatArray, draws: Draws, *, replicates: int) -> FloatArray:
    """Win rates of several groups of judgments of resampled participants.

    Args:
        scores: shape (participants, groups), the sum of scores of each participant in each group.
        judgments: shape (participants, groups), how many each made there.
        draws: of these participants.
        replicates: how many.

    Returns:
        Shape (replicates, groups); NaN where nobody was drawn who judged in the group.
    """
    parts = []
    for weights in draws.blocks(replicates, max(1, _MOST_WEIGHTS // max(len(scores), 1))):
        times = weights.T.astype(float)
        counted, won = times @ judgments, times @ scores
        parts.append(np.divide(won, counted, out=np.full_like(won, np.nan), where=counted > 0))
    return np.concatenate(parts)
