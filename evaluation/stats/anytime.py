"""Evidence that may be looked at after every participant, and a study that may be stopped at any look.

Each participant bets once. With s = (wins - losses) / judgments of a participant on a pair, in [-1, 1], a gambler who
stakes the share l of the purse on s has Π(1 + l s) after n participants. If nobody's preference could be foretold
(the mean of s is 0 given all who came before), no stake makes money on average, so neither does E, the mean purse over
39 stakes; by Ville's inequality it ever reaches 1/α with a chance of at most α, however often one looks.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from evaluation.stats.arrays import FloatArray, IntArray
from evaluation.stats.errors import StatisticsError
from evaluation.stats.multiplicity import holm
from evaluation.stats.tables import JudgmentTable

ALPHA = 0.05
STAKES = np.linspace(-0.95, 0.95, 39)
METHOD = (
    "mean over 39 stakes of the product of 1 + stake times (wins - losses) / judgments, each participant once, in the "
    "order in which they finished; p is 1 / the largest value so far, Holm over pairs; confidence sequence by betting "
    "against every other mean"
)
STOPPING = "You may stop at any time."
FIXED_STOPPING = "Valid only if the number of participants was fixed beforehand."
_MOST_LOOKS = 256  # at which the confidence sequence is narrowed
_LEAST_P = 1e-300
_LARGEST_LOG_E = 690.0  # exp of more may not fit a float
_NEAR_END = 1e-9


@dataclass(frozen=True)
class AnytimeTest:
    """What one sequence of participants says against "the mean of s is zero".

    Attributes:
        participants: how many bet.
        log_e: natural logarithm of E after the last participant.
        largest_log_e: of the largest E at any look, the start (E = 1) included.
        p: 1 / the largest E.
        crossed_at: participants after whom E first reached 1/α; None if it has not.
        mean: mean of s; None without participants.
        interval: confidence sequence for the mean of s, what the looks so far leave of [-1, 1]; None where they leave
            nothing (in at most α of all studies, or where the preference changed on the way).
    """

    participants: int
    log_e: float
    largest_log_e: float
    p: float
    crossed_at: int | None
    mean: float | None
    interval: tuple[float, float] | None


@dataclass(frozen=True)
class AnytimePair:
    """A pair of systems, read at any time.

    Attributes:
        participants: those who have finished and judged the pair.
        win_rate_a: mean over participants of their own win rate of `a`, ties one half; each counts once.
        win_rate_a_ci: confidence sequence of it, holds at all looks together; None as in `AnytimeTest`.
        e: E after the last participant; None where it is above 10^299, `log_e` has it then.
        p_anytime: 1 / the largest E at any look.
        p_anytime_holm: the same, Holm over the pairs of the table (e-Holm: largest E against (m - i + 1) / α).
        crossed_at: participants of this pair after whom E first reached 20, without correction for other pairs.
    """

    a: str
    b: str
    participants: int
    win_rate_a: float | None
    win_rate_a_ci: tuple[float, float] | None
    e: float | None
    log_e: float
    p_anytime: float
    p_anytime_holm: float
    crossed_at: int | None


@dataclass(frozen=True)
class Anytime:
    """All pairs, read at any time; `left_out` counts participants who may still be judging."""

    method: str
    stopping: str
    fixed_stopping: str
    alpha: float
    participants: int
    left_out: int
    pairs: tuple[AnytimePair, ...]


def anytime_pairs(table: JudgmentTable, *, complete: Collection[str] | None = None) -> Anytime:
    """Bet on every judged pair, participants in the order of their last judgment.

    A participant's judgments enter together, when that participant has finished; one who may still be judging is left
    out whole, since a bet that can grow after its outcome is seen is no bet.

    Args:
        table: judgments in time order.
        complete: names of the participants who have finished; all of them if not given.

    Raises:
        StatisticsError: `complete` names somebody who is not in the table.
    """
    number = {name: at for at, name in enumerate(table.participants)}
    done = np.ones(len(number), dtype=np.bool_)
    if complete is not None:
        if unknown := set(complete) - set(number):
            raise StatisticsError(f"There is no participant {min(unknown)!r} in the judgments, yet it is complete.")
        done[:] = False
        done[[number[name] for name in complete]] = True
    order = _finishing_order(table)
    order = order[done[order]]
    cells = table.cells(by_side=False)
    tests = []
    for row in range(cells.rows):
        counts = cells.by_everybody(row)[order]
        counts = counts[counts.sum(axis=1) > 0]
        tests.append(anytime_test((counts[:, 0] - counts[:, 1]) / counts.sum(axis=1)))
    adjusted = holm([test.p for test in tests])
    pairs = tuple(
        _pair(table.systems[int(cells.left[row])], table.systems[int(cells.right[row])], test, adjusted[row])
        for row, test in enumerate(tests)
    )
    left_out = int((~done[np.unique(table.participant)]).sum())
    return Anytime(METHOD, STOPPING, FIXED_STOPPING, ALPHA, len(order), left_out, pairs)


def anytime_test(scores: FloatArray, *, alpha: float = ALPHA) -> AnytimeTest:
    """Bet on participants one after the other.

    Against a mean m other than 0 the stakes are stretched to what a purse can bear, l/(1 + m) upwards and l/(1 - m)
    downwards. E is then convex in m, so what is left after any number of looks is an interval. All looks count for
    E and p; the confidence sequence uses up to 256 of them, the one with the largest E among them, so that it leaves
    out zero exactly when p is at most α.

    Args:
        scores: shape (participants,), (wins - losses) / judgments of each in the order in which they finished.
        alpha: one less the coverage of the confidence sequence; 1/α is what E must reach.

    Raises:
        StatisticsError: A score is outside [-1, 1], or `alpha` outside (0, 1).

    References:
        I. Waudby-Smith and A. Ramdas, "Estimating means of bounded random variables by betting", JRSS B 86(1), 2024
        (arXiv 2010.09686), theorem 1 and section 4.4 (a grid of bets); S. R. Howard et al., "Time-uniform,
        nonparametric, nonasymptotic confidence sequences", Ann. Stat. 49(2), 2021.
    """
    if not 0 < alpha < 1:
        raise StatisticsError(f"`alpha` must lie between 0 and 1, got {alpha}.")
    scores = np.asarray(scores, dtype=float)
    if len(scores) and not (np.abs(scores) <= 1).all():
        raise StatisticsError(f"A score must lie between -1 and 1, got {scores[~(np.abs(scores) <= 1)][0]}.")
    if not len(scores):
        return AnytimeTest(0, 0.0, 0.0, 1.0, None, None, (-1.0, 1.0))
    path = log_e_path(scores)
    threshold = -np.log(alpha)
    largest = max(0.0, float(path.max()))
    crossed = np.flatnonzero(path >= threshold)
    return AnytimeTest(
        participants=len(scores),
        log_e=float(path[-1]),
        largest_log_e=largest,
        p=max(float(np.exp(-largest)), _LEAST_P),
        crossed_at=int(crossed[0]) + 1 if len(crossed) else None,
        mean=float(scores.mean()),
        interval=_confidence_sequence(scores, int(path.argmax()), threshold),
    )


def log_e_path(scores: FloatArray) -> FloatArray:
    """Natural logarithm of E after each participant, shape (…, participants), of scores of the same shape."""
    values, at = np.unique(scores, return_inverse=True)
    gains = np.log1p(np.outer(STAKES, values))  # few values: counts are small
    at = at.reshape(scores.shape)
    largest = np.zeros(scores.shape)
    # Two passes over the stakes, so that no array is 39 times as large as the scores.
    for stake in range(len(STAKES)):
        np.maximum(largest, gains[stake][at].cumsum(axis=-1), out=largest)
    total = np.zeros(scores.shape)
    for stake in range(len(STAKES)):
        total += np.exp(gains[stake][at].cumsum(axis=-1) - largest)
    return np.asarray(largest + np.log(total / len(STAKES)))


def _finishing_order(table: JudgmentTable) -> IntArray:
    """Indices of the participants who judged, by their last judgment."""
    last = np.full(len(table.participants), -1, dtype=np.intp)
    np.maximum.at(last, table.participant, np.arange(len(table)))
    order = np.argsort(last, kind="stable")
    return order[last[order] >= 0]


def _confidence_sequence(scores: FloatArray, best_look: int, threshold: float) -> tuple[float, float] | None:
    values, seen = _counts_at_looks(scores, best_look)

    def left(mean: float) -> float:
        """Below zero where the mean is still in; convex in the mean."""
        gains = _log_gains(values, mean)
        purses = seen @ gains
        largest = purses.max(axis=1)
        paths = largest + np.log(np.exp(purses - largest[:, None]).mean(axis=1))
        return float(paths.max()) - threshold

    low, high = -1.0 + _NEAR_END, 1.0 - _NEAR_END
    inside = min(max(float(scores.mean()), low), high)
    if left(inside) >= 0:
        inside = _lowest(left, low, high)
        if left(inside) >= 0:
            return None
    lower = -1.0 if left(low) < 0 else _edge(left, low, inside)
    upper = 1.0 if left(high) < 0 else _edge(left, high, inside)
    return lower, upper


def _counts_at_looks(scores: FloatArray, best_look: int) -> tuple[FloatArray, FloatArray]:
    """The values that occur, and how often each had been seen at each of the looks, shape (looks, values)."""
    n = len(scores)
    looks = np.arange(n) if n <= _MOST_LOOKS else np.unique(np.geomspace(1, n, _MOST_LOOKS).round().astype(np.intp)) - 1
    looks = np.unique(np.append(looks, best_look))
    values, at = np.unique(scores, return_inverse=True)
    block = np.searchsorted(looks, np.arange(n))  # the first look that sees this participant
    seen = np.zeros((len(looks), len(values)))
    np.add.at(seen, (block, at), 1.0)
    return values, seen.cumsum(axis=0)


def _log_gains(values: FloatArray, mean: float) -> FloatArray:
    """log(1 + stake * (s - mean)) with the stakes that a mean allows, shape (values, stakes)."""
    stakes = np.where(STAKES > 0, STAKES / (1.0 + mean), STAKES / (1.0 - mean))
    return np.asarray(np.log1p((values - mean)[:, None] * stakes))


def _edge(left: Callable[[float], float], out: float, inside: float) -> float:
    """Where the excluded end meets the interior, on the excluded side: never narrower than it should be."""
    for _ in range(28):
        middle = (out + inside) / 2
        if left(middle) < 0:
            inside = middle
        else:
            out = middle
    return out


def _lowest(left: Callable[[float], float], low: float, high: float) -> float:
    """The minimum of a convex function by golden sections."""
    ratio = (np.sqrt(5.0) - 1.0) / 2.0
    first, second = high - ratio * (high - low), low + ratio * (high - low)
    at_first, at_second = left(first), left(second)
    for _ in range(45):
        if at_first < at_second:
            high, second, at_second = second, first, at_first
            first = high - ratio * (high - low)
            at_first = left(first)
        else:
            low, first, at_first = first, second, at_second
            second = low + ratio * (high - low)
            at_second = left(second)
    return float(first if at_first < at_second else second)


def _pair(a: str, b: str, test: AnytimeTest, adjusted: float) -> AnytimePair:
    interval = None if test.interval is None else ((1 + test.interval[0]) / 2, (1 + test.interval[1]) / 2)
    return AnytimePair(
        a=a,
        b=b,
        participants=test.participants,
        win_rate_a=None if test.mean is None else (1 + test.mean) / 2,
        win_rate_a_ci=interval,
        e=float(np.exp(test.log_e)) if test.log_e < _LARGEST_LOG_E else None,
        log_e=test.log_e,
        p_anytime=test.p,
        p_anytime_holm=adjusted,
        crossed_at=test.crossed_at,
    )
