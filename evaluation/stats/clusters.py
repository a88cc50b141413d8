"""How far ratings would move with other participants: covariances that respect who made which judgment."""

from dataclasses import dataclass

import numpy as np

from evaluation.stats.arrays import FloatArray
from evaluation.stats.davidson import DavidsonModel

MOST_REFITS = 1000  # participants from which the sandwich replaces one refit per participant
JACKKNIFE = "jackknife over participants (CR3), t"
SANDWICH = "sandwich over participants (CR1), t"
PENALISED = "{}, plus the inverse information of the penalised fit"
IDENTICAL = "inverse information with one judgment per participant, who did not differ at all, t"


@dataclass(frozen=True)
class ClusterCovariance:
    """Covariance of strengths (and position, last, in a model that has it).

    Attributes:
        matrix: in squared natural log-odds.
        df: degrees of freedom of a t interval: participants less one.
        method: how it was computed.
        penalised_replicates: leave-one-out fits that only the penalty made finite.
    """

    matrix: FloatArray
    df: int
    method: str
    penalised_replicates: int

    @property
    def standard_errors(self) -> FloatArray:
        return np.asarray(np.sqrt(np.diag(self.matrix)))


def cluster_covariance(model: DavidsonModel) -> ClusterCovariance | None:
    """Covariance of the model's best fit; None with a single participant.

    Below 1,000 participants the jackknife, which also holds with few and uneven participants; the sandwich beyond,
    where the two agree and one refit for each would take long. Two cases know less than these would say: a penalised
    fit, in which no participant's absence can bring the missing losses (or wins), gets the variance of independent
    judgments added; participants who do not differ at all count as one judgment each, as in `cluster_rate`.

    References:
        R. M. Bell and D. F. McCaffrey, "Bias reduction in standard errors for linear regression with multi-stage
        samples", Survey Methodology 28(2), 2002 (CR3); K.-Y. Liang and S. L. Zeger, "Longitudinal data analysis using
        generalized linear models", Biometrika 73(1), 1986 (sandwich).
    """
    people = model.cells.counts.shape[0]
    if people < 2:
        return None
    penalised = 0
    if people < MOST_REFITS:
        matrix, penalised = jackknife(model)
        method = JACKKNIFE
    else:
        matrix, method = sandwich(model), SANDWICH
    naive = model_based(model)
    if model.best.penalised:
        matrix, method = matrix + naive, PENALISED.format(method)
    elif (np.diag(matrix) < 1e-9 * np.diag(naive)).any():
        matrix, method = naive * (model.cells.totals.sum() / people), IDENTICAL
    return ClusterCovariance(matrix, people - 1, method, penalised)


def jackknife(model: DavidsonModel) -> tuple[FloatArray, int]:
    """(P - 1)/P times the sum of squared moves when each of P participants is left out; and penalised refits."""
    people = model.cells.counts.shape[0]
    own = np.asarray(model.cells.counts.toarray(), dtype=float).reshape(people, 3, model.cells.rows)
    values, penalised = model.refit(model.cells.totals[None] - own)
    moves = values - model.strengths_of(model.best.maximum.beta[0])
    return (people - 1) / people * moves.T @ moves, penalised


def sandwich(model: DavidsonModel) -> FloatArray:
    """Inverse information, times the spread of the participants' scores, times inverse information."""
    people, found = model.cells.counts.shape[0], model.best.maximum
    scores = np.asarray(model.cells.counts @ _score_of_each_outcome(model))
    scores -= scores.mean(axis=0)
    inverse = np.linalg.inv(found.information[0])
    spread = people / (people - 1) * inverse @ (scores.T @ scores) @ inverse
    return _in_strengths(model, spread)


def model_based(model: DavidsonModel) -> FloatArray:
    """Inverse information: right only if each judgment came from somebody else."""
    return _in_strengths(model, np.linalg.inv(model.best.maximum.information[0]))


def _score_of_each_outcome(model: DavidsonModel) -> FloatArray:
    """Derivative of the log-probability of a win, a loss and a tie in each row, shape (3 * rows, parameters + 1)."""
    half = (model.design @ model.best.maximum.beta[0]) / 2
    up, down, nu = np.exp(half), np.exp(-half), model.best.tie_parameter
    difference, tie = (up - down) / (up + down + nu), nu / (up + down + nu)
    parts = []
    for sign, tied in ((1.0, 0.0), (-1.0, 0.0), (0.0, 1.0)):
        parts.append(np.column_stack([model.design * ((sign - difference) / 2)[:, None], tied - tie]))
    return np.concatenate(parts)


def _in_strengths(model: DavidsonModel, matrix: FloatArray) -> FloatArray:
    inner = matrix[:-1, :-1]  # log nu is last, and nobody asks for its interval
    half = model.strengths_of(inner)
    return model.strengths_of(half.T)
