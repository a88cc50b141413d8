"""The loops of online Elo, compiled: each step needs the ratings that the one before has left.

Importing this module loads numba (0.4 s, 60 MiB), so `elo.py` does it only for loops that take longer than that.
Ratings are in half log-odds, where the expectation of the first system is E = 1 / (1 + exp(-2 (R_a - R_b))), so that
2E - 1 = tanh(R_a - R_b).
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evaluation.stats.arrays import FloatArray

SystemArray = NDArray[np.int32]
PackedArray = NDArray[np.int64]
_F = TypeVar("_F", bound=Callable[..., Any])

# exp(x) = 2^n exp(y), |y| <= log(2) / 2, with log 2 in two parts (Cody and Waite) and Taylor's series to y^13, whose
# rest is below 10^-16 of the sum. Unlike the exp of the C library it can take several replicates in one instruction.
_LOG2_E = 1.4426950408889634
_LOG2_HIGH, _LOG2_LOW = 0.693147180369123816490, 1.90821492927058770002e-10
_ROUND = 6755399441055744.0  # 1.5 * 2^52: a small number added to it is rounded to a whole one in its lowest bits
_FURTHEST = 700.0  # exp of more overflows; E is 0 or 1 long before
_BITS = 24  # of a packed judgment, for each of its systems
_SYSTEM = (1 << _BITS) - 1


def _compiled(function: _F) -> _F:
    try:
        return _with(function, cache=True)
    except RuntimeError:  # there is no folder to keep compiled code in, so each process compiles for itself
        return _with(function, cache=False)


def _with(function: _F, *, cache: bool) -> _F:
    made = njit(cache=cache, nogil=True, fastmath={"contract", "arcp", "nsz"}, error_model="numpy")(function)
    return cast(_F, made)


@_compiled
def _tanh_half(x: float) -> float:
    """(exp(x) - 1) / (exp(x) + 1) to 10^-15."""
    x = min(max(x, -_FURTHEST), _FURTHEST)
    shifted = np.float64(x * _LOG2_E + _ROUND)
    power = shifted.view(np.int64)
    n = shifted - _ROUND
    y = (x - n * _LOG2_HIGH) - n * _LOG2_LOW
    series = 1.0 / 6227020800.0
    series = series * y + 1.0 / 479001600.0
    series = series * y + 1.0 / 39916800.0
    series = series * y + 1.0 / 3628800.0
    series = series * y + 1.0 / 362880.0
    series = series * y + 1.0 / 40320.0
    series = series * y + 1.0 / 5040.0
    series = series * y + 1.0 / 720.0
    series = series * y + 1.0 / 120.0
    series = series * y + 1.0 / 24.0
    series = series * y + 1.0 / 6.0
    series = series * y + 0.5
    series = series * y + 1.0
    series = series * y + 1.0
    scale = np.int64((power + 1023) << 52).view(np.float64)  # the bits of 2^n
    return 1.0 - 2.0 / (1.0 + series * scale)


@_compiled
def play(first: SystemArray, second: SystemArray, outcome: FloatArray, step: float, ratings: FloatArray) -> None:
    """Move `ratings` by each judgment in turn.

    Args:
        first: shape (judgments,), the system shown first.
        second: the other.
        outcome: 1 where the first won, -1 where it lost, 0 for a tie.
        step: half of K, in half log-odds.
        ratings: shape (systems,).
    """
    for at in range(len(first)):
        a, b = first[at], second[at]
        change = step * (outcome[at] - _tanh_half(2.0 * (ratings[a] - ratings[b])))
        ratings[a] += change
        ratings[b] -= change


@_compiled
def play_weighted(
    person: SystemArray,
    first: SystemArray,
    second: SystemArray,
    outcome: FloatArray,
    steps: FloatArray,
    ratings: FloatArray,
) -> None:
    """The same for several replicates at once: `steps[person]`, shape (participants, replicates), is theirs.

    `ratings` has shape (systems, replicates).
    """
    for at in range(len(first)):
        of_a, of_b, step, result = ratings[first[at]], ratings[second[at]], steps[person[at]], outcome[at]
        for r in range(ratings.shape[1]):
            change = step[r] * (result - _tanh_half(2.0 * (of_a[r] - of_b[r])))
            of_a[r] += change
            of_b[r] -= change


@_compiled
def play_packed(judgments: PackedArray, step: float, ratings: FloatArray) -> None:
    """`play` with each judgment in one number, so that a shuffled array is read from one end to the other."""
    for judgment in judgments:
        a, b = judgment & _SYSTEM, (judgment >> _BITS) & _SYSTEM
        change = step * ((judgment >> 2 * _BITS) - 1.0 - _tanh_half(2.0 * (ratings[a] - ratings[b])))
        ratings[a] += change
        ratings[b] -= change


def packed(first: SystemArray, second: SystemArray, outcome: FloatArray) -> PackedArray:
    """The columns of `play` as one number per judgment."""
    wide = (outcome + 1.0).astype(np.int64) << 2 * _BITS
    return np.asarray(wide | second.astype(np.int64) << _BITS | first.astype(np.int64))
