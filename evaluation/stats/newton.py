"""Newton's method for the likelihood of paired comparisons, many data sets at once."""

from dataclasses import dataclass

import numpy as np

from evaluation.stats.arrays import BoolArray, FloatArray
from evaluation.stats.likelihoods import DAVIDSON, Likelihood, Point, Tally

_LONGEST = 5.0  # no step may change a log-odds by more than this
_FAR = 30.0  # log-odds beyond which a fit is on its way to infinity: 1 in 10^13
_TO_THE_BOUND = 0.9  # of the way to the least tie parameter that a step may go
_BLOCK_BYTES = 64_000_000
_MOST_SQUARES = 20_000_000  # numbers; 190 pairs of 20 systems make 70,000


@dataclass(frozen=True)
class Maximum:
    """Where Newton's method ended for each data set.

    Attributes:
        beta: shape (replicates, parameters).
        log_tie: shape (replicates,), the log tie parameter; what it is without ties where there is no tie.
        information: shape (replicates, parameters + 1, parameters + 1), minus the Hessian, the log tie parameter last.
        finite: shape (replicates,), whether it stands still at a finite point.
        steps: the steps that the slowest took.
    """

    beta: FloatArray
    log_tie: FloatArray
    information: FloatArray
    finite: BoolArray
    steps: int


@dataclass(frozen=True)
class _Problem:
    likelihood: Likelihood
    design: FloatArray
    squares: FloatArray | None
    tally: Tally

    def at(self, theta: FloatArray) -> tuple[FloatArray, Point]:
        d = theta[:, :-1] @ self.design.T
        return d, self.likelihood.at(self.tally, d, theta[:, -1])

    def gradient(self, point: Point) -> FloatArray:
        return np.column_stack([point.slope @ self.design, np.where(self.tally.tied, point.tie_slope, 0.0)])

    def information(self, point: Point) -> FloatArray:
        replicates, width = len(point.slope), self.design.shape[1]
        information = np.empty((replicates, width + 1, width + 1))
        if self.squares is None:
            for at in range(replicates):
                information[at, :width, :width] = (self.design * point.curvature[at, :, None]).T @ self.design
        else:
            information[:, :width, :width] = (point.curvature @ self.squares).reshape(replicates, width, width)
        tied = self.tally.tied
        cross = np.where(tied[:, None], point.cross @ self.design, 0.0)
        information[:, :width, width] = information[:, width, :width] = cross
        information[:, width, width] = np.where(tied, point.tie_curvature, 1.0)
        return information


def maximise(
    design: FloatArray,
    counts: FloatArray,
    *,
    likelihood: Likelihood = DAVIDSON,
    beta: FloatArray | None = None,
    log_tie: float | None = None,
    tolerance: float = 1e-10,
    most_steps: int = 60,
) -> Maximum:
    """Maximise the likelihood of each data set.

    The log likelihood is concave in (beta, log tie parameter), so Newton steps that are halved until it does not fall
    reach the maximum where there is one.

    Args:
        design: shape (rows, parameters); the difference of a row is design @ beta.
        counts: shape (replicates, 3, rows): wins, losses, ties, as `Likelihood.recount` gives them.
        likelihood: the model of ties.
        beta: where to start, shape (parameters,); zero if not given.
        log_tie: where to start; from the share of ties if not given.
        tolerance: largest change of any parameter that counts as still.
        most_steps: after these, a data set still moving is not finite.
    """
    rows, width = design.shape
    squares = None  # of hundreds of systems they would not fit, and the data sets are done one by one
    if rows * width * width <= _MOST_SQUARES:
        squares = (design[:, :, None] * design[:, None, :]).reshape(rows, width * width)
    block = max(1, _BLOCK_BYTES // (8 * (10 * max(rows, 1) + 2 * (width + 1) ** 2)))
    start = np.zeros(width) if beta is None else beta
    parts = []
    for at in range(0, len(counts), block):
        problem = _Problem(likelihood, design, squares, Tally.of(counts[at : at + block]))
        parts.append(_climb(problem, start, log_tie, tolerance, most_steps))
    return Maximum(
        beta=np.concatenate([part.beta for part in parts]),
        log_tie=np.concatenate([part.log_tie for part in parts]),
        information=np.concatenate([part.information for part in parts]),
        finite=np.concatenate([part.finite for part in parts]),
        steps=max(part.steps for part in parts),
    )


def _climb(problem: _Problem, start: FloatArray, log_tie: float | None, tolerance: float, most_steps: int) -> Maximum:
    design, tally, least = problem.design, problem.tally, problem.likelihood.without_ties
    replicates, width = len(tally.n), design.shape[1]
    first = problem.likelihood.start(tally)
    if log_tie is not None and np.isfinite(log_tie) and log_tie > least:
        first = np.where(tally.tied, log_tie, first)
    theta = np.column_stack([np.broadcast_to(start, (replicates, width)), first])
    d, point = problem.at(theta)
    still = np.zeros(replicates, dtype=np.bool_)
    steps = 0
    while not still.all() and steps < most_steps:
        steps += 1
        step = _solve(problem.information(point), problem.gradient(point))
        reach = np.maximum(np.abs(step[:, :width] @ design.T).max(axis=1, initial=0.0), np.abs(step[:, width]))
        step *= np.minimum(1.0, _LONGEST / np.maximum(reach, _LONGEST))[:, None]
        if np.isfinite(least):
            room, fall = _TO_THE_BOUND * (theta[:, width] - least), -step[:, width]
            step *= np.divide(room, fall, out=np.ones(replicates), where=tally.tied & (fall > room))[:, None]
        step[still] = 0.0
        d, moved = problem.at(theta + step)
        for _ in range(30):
            worse = moved.value < point.value - 1e-9 * np.abs(point.value) - 1e-12
            if not worse.any():
                break
            step[worse] /= 2
            d, moved = problem.at(theta + step)
        theta, point = theta + step, moved
        still |= np.abs(step).max(axis=1, initial=0.0) < tolerance
    log_tie_found = theta[:, width]
    near = np.abs(d).max(axis=1, initial=0.0) < _FAR
    near &= ~tally.tied | (np.abs(log_tie_found) < _FAR)
    return Maximum(theta[:, :width], log_tie_found, problem.information(point), still & near, steps)


def _solve(information: FloatArray, gradient: FloatArray) -> FloatArray:
    # A ridge of one part in 10^13 keeps a singular matrix solvable and leaves the maximum where it is.
    ridge = 1e-13 * np.trace(information, axis1=1, axis2=2) + 1e-30
    eye = np.eye(information.shape[1])
    solution: FloatArray = np.linalg.solve(information + ridge[:, None, None] * eye, gradient[:, :, None])[:, :, 0]
    return solution
