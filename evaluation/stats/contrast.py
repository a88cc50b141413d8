"""Whether a preference differs between two groups of judgments that share participants."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from evaluation.stats.arrays import FloatArray
from evaluation.stats.bootstrap import bootstrap_rates
from evaluation.stats.draws import Draws
from evaluation.stats.intervals import Interval, Rate, cluster_rate

BOOTSTRAP_T = "difference over its error by resampling participants, t"


@dataclass(frozen=True)
class Difference:
    """The win rate in one group less the win rate in another.

    Attributes:
        interval: 95 %, held within -1 and 1.
        error: standard error of `value`.
        statistic: value / error.
        df: of t, for the interval and the test.
        p: two-sided, of no difference.
        replicates: resamples behind the error.
    """

    value: float
    interval: Interval
    error: float
    statistic: float
    df: int
    p: float
    replicates: int


def rate_difference(
    scores: FloatArray, judgments: FloatArray, draws: Draws, *, replicates: int, level: float = 0.95
) -> Difference | None:
    """Compare two win rates, ties counting one half, that may come from the same people.

    Participants are resampled, each with all their judgments in both groups, so that a taste that moves both rates of a
    person cancels as it should. The error is the standard deviation of the resampled differences; that the number drawn
    varies makes it as large as the usual n / (n - 1) would (`Draws`); the quantile is t's on n - 1; n is the
    number of participants of the group that has fewer. A group whose participants do not differ at all moves in no
    resample; what it leaves open, the reach of its Wilson interval (`cluster_rate`) in standard errors, is added. So it
    is for both groups where their difference moves in none.

    Args:
        scores: shape (participants, 2), the sum of the first system's scores (1, 1/2, 0) of each in each group.
        judgments: shape (participants, 2), how many each made there, perhaps none.
        draws: of these participants.
        replicates: how often they are drawn.
        level: coverage of the interval.

    Returns:
        The difference; None where a group has fewer than two participants, or fewer than two resamples hold both.

    References:
        B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap, 1993, chapters 6 (standard errors by drawing
        whole units) and 12 (t intervals).
    """
    people = (judgments > 0).sum(axis=0)
    fewest = int(people.min())
    if fewest < 2:
        return None
    rates = [cluster_rate(scores[:, group], judgments[:, group], level=level) for group in (0, 1)]
    drawn = bootstrap_rates(scores, judgments, draws, replicates=replicates)
    drawn = drawn[np.isfinite(drawn).all(axis=1)]
    if len(drawn) < 2:
        return None
    differences = drawn[:, 0] - drawn[:, 1]
    variance = float(differences.var(ddof=1))
    for group, rate in enumerate(rates):
        if np.ptp(drawn[:, group]) < 1e-9 or np.ptp(differences) < 1e-9:
            variance += _left_open(rate, int(people[group]), level) ** 2
    one, other = rates
    assert one is not None and other is not None  # both have participants
    value, error, df = one.value - other.value, float(np.sqrt(variance)), fewest - 1
    reach = float(student.ppf((1 + level) / 2, df)) * error
    return Difference(
        value=value,
        interval=(max(-1.0, value - reach), min(1.0, value + reach)),
        error=error,
        statistic=value / error,
        df=df,
        p=float(2 * student.sf(abs(value) / error, df)),
        replicates=len(drawn),
    )


def _left_open(rate: Rate | None, participants: int, level: float) -> float:
    """How far the rate of people who all say the same may be from it, in standard errors."""
    assert rate is not None and rate.interval is not None  # two participants at least
    low, high = rate.interval
    return max(rate.value - low, high - rate.value) / float(student.ppf((1 + level) / 2, participants - 1))
