"""How far ratings would move with other participants: covariances that respect who made which judgment."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from evaluation.stats.arrays import FloatArray
from evaluation.stats.errors import StatisticsError
from evaluation.stats.models import RatingModel
from evaluation.stats.units import named

IntervalMethod = Literal["auto", "jackknife", "sandwich", "bootstrap"]
MOST_REFITS = 1000  # participants from which the sandwich replaces one refit per participant
JACKKNIFE = "jackknife over participants (CR3), t"
SANDWICH = "sandwich over participants (CR1), t"
BOOTSTRAP = "bootstrap of participants, each resample refitted, t"
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
        one_each: what the matrix would be by inverse information if each participant's judgments counted as one.
        left_out: how many leave-one-out fits were made: one per participant by the jackknife, else none.
    """

    matrix: FloatArray
    df: int
    method: str
    penalised_replicates: int
    one_each: FloatArray
    left_out: int = 0

    @property
    def standard_errors(self) -> FloatArray:
        return np.asarray(np.sqrt(np.diag(self.matrix)))

    def gap_error(self, i: int, j: int) -> float:
        """Standard error of strength i less strength j, never zero: if nobody differs about it, by `one_each`."""
        own, least = (m[i, i] + m[j, j] - 2 * m[i, j] for m in (self.matrix, self.one_each))
        return float(np.sqrt(own if own > 1e-9 * least else least))


def check_interval(interval: str) -> None:
    """Refuse a name that is no method.

    Raises:
        StatisticsError: `interval` is none of auto, jackknife, sandwich and bootstrap.
    """
    if interval not in get_args(IntervalMethod):
        raise StatisticsError(f"The interval must be one of {', '.join(get_args(IntervalMethod))}, got {interval!r}.")


def cluster_covariance(
    model: RatingModel,
    *,
    interval: IntervalMethod = "auto",
    most_refits: int | None = None,
    resampled: tuple[FloatArray, int] | None = None,
) -> ClusterCovariance | None:
    """Covariance of the model's best fit; None with a single participant.

    Unless asked otherwise, below `most_refits` participants the jackknife, which also holds with few and uneven
    participants; the sandwich beyond, where the two agree and one refit for each would take long. Two cases know less
    than these would say: a penalised fit, in which no participant's absence can bring the missing losses (or wins),
    gets the variance of independent judgments added; participants who do not differ at all count as one judgment each,
    as in `cluster_rate`.

    Args:
        model: of a connected group of systems.
        interval: the method; "auto" chooses as above.
        most_refits: participants from which the sandwich is chosen; 1,000 if not given.
        resampled: what `bootstrap_strengths` gave for this model; needed by "bootstrap", left aside by the others.

    Raises:
        StatisticsError: `interval` is not a method, or "bootstrap" without `resampled`.

    References:
        R. M. Bell and D. F. McCaffrey, "Bias reduction in standard errors for linear regression with multi-stage
        samples", Survey Methodology 28(2), 2002 (CR3); K.-Y. Liang and S. L. Zeger, "Longitudinal data analysis using
        generalized linear models", Biometrika 73(1), 1986 (sandwich); B. Efron and R. J. Tibshirani, An Introduction to
        the Bootstrap, 1993, chapter 6 (whole participants are drawn; `Draws` understates nothing).
    """
    check_interval(interval)
    people = model.cells.counts.shape[0]
    if people < 2:
        return None
    if interval == "auto":
        interval = "jackknife" if people < (MOST_REFITS if most_refits is None else most_refits) else "sandwich"
    penalised = 0
    if interval == "jackknife":
        matrix, penalised = jackknife(model)
        method = JACKKNIFE
    elif interval == "sandwich":
        matrix, method = sandwich(model), SANDWICH
    else:
        if resampled is None:
            raise StatisticsError("The bootstrap needs resampled strengths; draw them with `bootstrap_strengths`.")
        matrix, method = np.cov(resampled[0], rowvar=False), BOOTSTRAP
    naive = model_based(model)
    one_each = naive * (model.cells.totals.sum() / people)
    if model.best.penalised:
        matrix, method = matrix + naive, PENALISED.format(method)
    elif (np.diag(matrix) < 1e-9 * np.diag(naive)).any():
        matrix, method = one_each, IDENTICAL
    left_out = people if interval == "jackknife" else 0
    return ClusterCovariance(matrix, people - 1, named(method, model.cells.unit), penalised, one_each, left_out)


def jackknife(model: RatingModel) -> tuple[FloatArray, int]:
    """(P - 1)/P times the sum of squared moves when each of P participants is left out; and penalised refits."""
    people = model.cells.counts.shape[0]
    own = np.asarray(model.cells.counts.toarray(), dtype=float).reshape(people, 3, model.cells.rows)
    values, penalised = model.refit(model.cells.totals[None] - own)
    moves = values - model.strengths_of(model.best.maximum.beta[0])
    return (people - 1) / people * moves.T @ moves, penalised


def sandwich(model: RatingModel) -> FloatArray:
    """Inverse information, times the spread of the participants' scores, times inverse information."""
    people, inverse = model.cells.counts.shape[0], model.inverse_information
    scores = participant_scores(model)
    scores -= scores.mean(axis=0)
    spread = people / (people - 1) * inverse @ (scores.T @ scores) @ inverse
    return _in_strengths(model, spread)


def participant_scores(model: RatingModel) -> FloatArray:
    """Derivative of each participant's log likelihood at the best fit, shape (participants, parameters + 1)."""
    return np.asarray(model.cells.counts @ model.outcome_scores)


def model_based(model: RatingModel) -> FloatArray:
    """Inverse information: right only if each judgment came from somebody else."""
    return _in_strengths(model, model.inverse_information)


def _in_strengths(model: RatingModel, matrix: FloatArray) -> FloatArray:
    inner = matrix[:-1, :-1]  # the log tie parameter is last, and nobody asks for its interval
    half = model.strengths_of(inner)
    return model.strengths_of(half.T)
