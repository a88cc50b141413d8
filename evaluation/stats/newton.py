"""Newton's method for the Davidson likelihood, many data sets at once."""

from dataclasses import dataclass

import numpy as np

from evaluation.stats.arrays import BoolArray, FloatArray

_LONGEST = 5.0  # no step may change a log-odds by more than this
_FAR = 30.0  # log-odds beyond which a fit is on its way to infinity: 1 in 10^13
_BLOCK_BYTES = 64_000_000
_MOST_SQUARES = 20_000_000  # numbers; 190 pairs of 20 systems make 70,000


@dataclass(frozen=True)
class Maximum:
    """Where Newton's method ended for each data set.

    Attributes:
        beta: shape (replicates, parameters).
        log_nu: shape (replicates,), the log tie parameter; -inf where there is no tie.
        information: shape (replicates, parameters + 1, parameters + 1), minus the Hessian, log nu last.
        finite: shape (replicates,), whether it stands still at a finite point.
        steps: the steps that the slowest took.
    """

    beta: FloatArray
    log_nu: FloatArray
    information: FloatArray
    finite: BoolArray
    steps: int


@dataclass
class _State:
    """Likelihood, its gradient's and Hessian's ingredients at a point; shape (replicates, rows) each."""

    d: FloatArray
    win_minus_loss: FloatArray  # P(win) - P(loss)
    tie: FloatArray  # P(tie)
    likelihood: FloatArray


def maximise(
    design: FloatArray,
    counts: FloatArray,
    *,
    beta: FloatArray | None = None,
    log_nu: float | None = None,
    tolerance: float = 1e-10,
    most_steps: int = 60,
) -> Maximum:
    """Maximise the Davidson likelihood of each data set.

    With d = design @ beta, P(win) : P(loss) : P(tie) = exp(d/2) : exp(-d/2) : nu. The log likelihood is concave in
    (beta, log nu), so Newton steps that are halved until it does not fall reach the maximum where there is one.

    Args:
        design: shape (rows, parameters).
        counts: shape (replicates, 3, rows): wins, losses, ties.
        beta: where to start, shape (parameters,); zero if not given.
        log_nu: where to start; from the share of ties if not given.
        tolerance: largest change of any parameter that counts as still.
        most_steps: after these, a data set still moving is not finite.

    References:
        R. R. Davidson, "On extending the Bradley–Terry model to accommodate ties in paired comparison experiments",
        JASA 65(329), 1970, eq. (2.5).
    """
    rows, width = design.shape
    squares = None  # of hundreds of systems they would not fit, and the data sets are done one by one
    if rows * width * width <= _MOST_SQUARES:
        squares = (design[:, :, None] * design[:, None, :]).reshape(rows, width * width)
    block = max(1, _BLOCK_BYTES // (8 * (10 * max(rows, 1) + 2 * (width + 1) ** 2)))
    start = np.zeros(width) if beta is None else beta
    parts = [
        _one_block(design, squares, counts[at : at + block], start, log_nu, tolerance, most_steps)
        for at in range(0, len(counts), block)
    ]
    return Maximum(
        beta=np.concatenate([part.beta for part in parts]),
        log_nu=np.concatenate([part.log_nu for part in parts]),
        information=np.concatenate([part.information for part in parts]),
        finite=np.concatenate([part.finite for part in parts]),
        steps=max(part.steps for part in parts),
    )


def _one_block(
    design: FloatArray,
    squares: FloatArray | None,
    counts: FloatArray,
    start: FloatArray,
    log_nu: float | None,
    tolerance: float,
    most_steps: int,
) -> Maximum:
    replicates, width = len(counts), design.shape[1]
    half = (counts[:, 0] - counts[:, 1]) / 2
    ties, n = counts[:, 2].sum(axis=1), counts.sum(axis=1)
    tied = ties > 0
    decisive = np.maximum(n.sum(axis=1) - ties, 0.5)
    mean_nu = np.log(2 * np.where(tied, ties, 1.0) / decisive)
    theta = np.column_stack(
        [
            np.broadcast_to(start, (replicates, width)),
            np.where(tied, mean_nu if log_nu is None or not np.isfinite(log_nu) else log_nu, 0.0),
        ]
    )
    state = _state(design, theta, tied, half, ties, n)
    still = np.zeros(replicates, dtype=np.bool_)
    steps = 0
    while not still.all() and steps < most_steps:
        steps += 1
        gradient, information = _derivatives(design, squares, state, tied, half, ties, n)
        step = _solve(information, gradient)
        reach = np.maximum(np.abs(step[:, :width] @ design.T).max(axis=1, initial=0.0), np.abs(step[:, width]))
        step *= np.minimum(1.0, _LONGEST / np.maximum(reach, _LONGEST))[:, None]
        step[still] = 0.0
        moved = _state(design, theta + step, tied, half, ties, n)
        for _ in range(30):
            worse = moved.likelihood < state.likelihood - 1e-9 * np.abs(state.likelihood) - 1e-12
            if not worse.any():
                break
            step[worse] /= 2
            moved = _state(design, theta + step, tied, half, ties, n)
        theta, state = theta + step, moved
        still |= np.abs(step).max(axis=1, initial=0.0) < tolerance
    _, information = _derivatives(design, squares, state, tied, half, ties, n)
    near = (np.abs(state.d).max(axis=1, initial=0.0) < _FAR) & (np.abs(theta[:, width]) < _FAR)
    return Maximum(theta[:, :width], np.where(tied, theta[:, width], -np.inf), information, still & near, steps)


def _state(
    design: FloatArray, theta: FloatArray, tied: BoolArray, half: FloatArray, ties: FloatArray, n: FloatArray
) -> _State:
    d = theta[:, :-1] @ design.T
    up = np.exp(d / 2)
    down = 1.0 / up
    nu = np.where(tied, np.exp(theta[:, -1]), 0.0)[:, None]
    total = up + down + nu
    likelihood = (half * d).sum(axis=1) + ties * theta[:, -1] - (n * np.log(total)).sum(axis=1)
    return _State(d, (up - down) / total, nu / total, likelihood)


def _derivatives(
    design: FloatArray,
    squares: FloatArray | None,
    state: _State,
    tied: BoolArray,
    half: FloatArray,
    ties: FloatArray,
    n: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    replicates, width = len(n), design.shape[1]
    difference, tie = state.win_minus_loss, state.tie
    gradient = np.empty((replicates, width + 1))
    gradient[:, :width] = (half - n * difference / 2) @ design
    gradient[:, width] = ties - (n * tie).sum(axis=1)
    information = np.empty((replicates, width + 1, width + 1))
    curvature = n * (1.0 - tie - difference**2) / 4
    if squares is None:
        for at in range(replicates):
            information[at, :width, :width] = (design * curvature[at, :, None]).T @ design
    else:
        information[:, :width, :width] = (curvature @ squares).reshape(replicates, width, width)
    information[:, :width, width] = information[:, width, :width] = (-n * difference * tie / 2) @ design
    information[:, width, width] = np.where(tied, (n * tie * (1.0 - tie)).sum(axis=1), 1.0)
    return gradient, information


def _solve(information: FloatArray, gradient: FloatArray) -> FloatArray:
    # A ridge of one part in 10^13 keeps a singular matrix solvable and leaves the maximum where it is.
    ridge = 1e-13 * np.trace(information, axis1=1, axis2=2) + 1e-30
    eye = np.eye(information.shape[1])
    solution: FloatArray = np.linalg.solve(information + ridge[:, None, None] * eye, gradient[:, :, None])[:, :, 0]
    return solution
