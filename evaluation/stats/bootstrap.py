"""Resampling participants: whole people are drawn, with all their judgments."""

import numpy as np

from evaluation.stats.arrays import FloatArray
from evaluation.stats.davidson import DavidsonModel
from evaluation.stats.elo import weighted_elo_ratings
from evaluation.stats.tables import JudgmentTable

_MOST_WEIGHTS = 32_000_000  # held at once


def participant_weights(rng: np.random.Generator, participants: int, replicates: int) -> FloatArray:
    """How often each participant is drawn in each replicate, shape (replicates, participants)."""
    drawn = rng.integers(0, participants, size=(replicates, participants))
    drawn += np.arange(replicates)[:, None] * participants
    counts = np.bincount(drawn.ravel(), minlength=replicates * participants)
    return counts.reshape(replicates, participants).astype(float)


def bootstrap_elo(table: JudgmentTable, rng: np.random.Generator, *, replicates: int, k: float) -> FloatArray:
    """Online Elo of resampled participants, their judgments at their own times, shape (replicates, systems)."""
    people = len(table.participants)
    return np.concatenate(
        [
            weighted_elo_ratings(table, participant_weights(rng, people, size), k=k)
            for size in _blocks(replicates, people)
        ]
    )


def bootstrap_strengths(model: DavidsonModel, rng: np.random.Generator, *, replicates: int) -> tuple[FloatArray, int]:
    """Davidson strengths (and position) of resampled participants, each refitted in full.

    Returns:
        Shape (replicates, systems [+ 1]); and how many replicates only the penalty made finite.
    """
    people = model.cells.counts.shape[0]
    parts = [
        model.refit(model.cells.weighted(participant_weights(rng, people, size)))
        for size in _blocks(replicates, people + 6 * model.cells.rows)
    ]
    return np.concatenate([values for values, _ in parts]), sum(penalised for _, penalised in parts)


def bootstrap_rates(
    scores: FloatArray, judgments: FloatArray, rng: np.random.Generator, *, replicates: int
) -> FloatArray:
    """Win rates of several groups of judgments of resampled participants.

    Args:
        scores: shape (participants, groups), the sum of scores of each participant in each group.
        judgments: shape (participants, groups), how many each made there.

    Returns:
        Shape (replicates, groups); NaN where nobody was drawn who judged in the group.
    """
    parts = []
    for size in _blocks(replicates, len(scores)):
        weights = participant_weights(rng, len(scores), size)
        counted = weights @ judgments
        won = weights @ scores
        parts.append(np.divide(won, counted, out=np.full_like(won, np.nan), where=counted > 0))
    return np.concatenate(parts)


def _blocks(replicates: int, width: int) -> list[int]:
    size = max(1, _MOST_WEIGHTS // max(width, 1))
    return [min(size, replicates - done) for done in range(0, replicates, size)]
