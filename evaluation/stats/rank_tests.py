"""Mann–Whitney on a pair of systems, as published papers report it and as it should be.

"Mann–Whitney" on preferences has three readings, and papers seldom say which was meant. `mirrored` (D1): the scores of
one system against the other (1, 1/2, 0) and the other's scores in the same judgments. `all` (D2): all scores of one
system, whatever it met, and all of the other. `rates` (D3): one win rate per participant and system. In each of them a
judgment feeds both samples, and in the first two a participant gives several, so the test's independence does not hold
and it rejects too often. `cluster_mann_whitney` mends both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from scipy.stats import norm
from scipy.stats import t as student

from evaluation.stats.arrays import FloatArray
from evaluation.stats.errors import StatisticsError

Reading = Literal["mirrored", "all", "rates"]
READINGS: dict[Reading, str] = {
    "mirrored": "mirrored judgments (D1): each system's scores against the other's in the same judgments",
    "all": "all judgments (D2): each system's scores against any system",
    "rates": "win rates (D3): one per participant and system, against any system",
}
CLUSTERED = "Mann–Whitney with participants as clusters (Obuchowski), t"


@dataclass(frozen=True)
class MannWhitney:
    """Of the first system against the second.

    Attributes:
        u: number of pairs of scores in which the first system's is higher, equal ones counting one half.
        p: two-sided, asymptotic, with tie and continuity correction.
        cliffs_delta: P(higher) - P(lower), between -1 and 1.
        n_a: scores of the first system.
        n_b: scores of the second.
    """

    u: float
    p: float
    cliffs_delta: float
    n_a: int
    n_b: int


@dataclass(frozen=True)
class ClusterMannWhitney:
    """The same comparison with the variance between participants.

    Attributes:
        theta: P(first's score higher) + 1/2 P(equal); 1/2 is no difference.
        t: (theta - 1/2) over its standard error, None where the participants do not differ.
        df: participants less one.
        p: two-sided; None with fewer than two participants or where they do not differ.
        error: standard error of theta; None like p.
    """

    theta: float
    t: float | None
    df: int
    p: float | None
    error: float | None


def check_reading(reading: str) -> None:
    """Refuse a reading that there is not.

    Raises:
        StatisticsError: It is none of `mirrored`, `all`, `rates`.
    """
    if reading not in get_args(Reading):
        raise StatisticsError(f"`mann_whitney` must be one of {', '.join(get_args(Reading))}, got {reading!r}.")


def mann_whitney(wins: int, losses: int, ties: int) -> MannWhitney:
    """The mirrored test (D1) from counts; equal to scipy's `mannwhitneyu(x, 1 - x, method="asymptotic")`.

    Args:
        wins: judgments for the first system; at least one of the three is positive.
        losses: judgments for the second.
        ties: judgments for neither.

    References:
        H. B. Mann and D. R. Whitney, Ann. Math. Statist. 18(1), 1947; N. Cliff, "Dominance statistics", Psychol. Bull.
        114(3), 1993.
    """
    return mann_whitney_of_scores((wins, losses, ties), (losses, wins, ties))


def mann_whitney_of_scores(a: Sequence[int], b: Sequence[int]) -> MannWhitney:
    """The test on two samples of scores (D1 and D2), from their counts, whatever the number of judgments.

    Args:
        a: wins, losses and ties of the first system; one of them is positive.
        b: the same of the second.
    """
    return _from_counts([a[1], a[2], a[0]], [b[1], b[2], b[0]])


def mann_whitney_of_rates(a: FloatArray, b: FloatArray) -> MannWhitney:
    """The test on two samples of win rates (D3), one per participant who judged the system.

    Args:
        a: shape (participants of the first system,), not empty.
        b: shape (participants of the second,), not empty.
    """
    values, place = np.unique(np.concatenate([a, b]), return_inverse=True)
    counted = [np.bincount(part, minlength=len(values)).tolist() for part in (place[: len(a)], place[len(a) :])]
    return _from_counts(*counted)


def _from_counts(a: Sequence[int], b: Sequence[int]) -> MannWhitney:
    """Counts of the values in ascending order; whole numbers of any size, so that nothing is rounded before the end."""
    n_a, n_b = sum(a), sum(b)
    pooled = n_a + n_b
    below = twice_u = 0
    for of_a, of_b in zip(a, b, strict=True):
        twice_u += of_a * (2 * below + of_b)
        below += of_b
    tied = sum((of_a + of_b) ** 3 - (of_a + of_b) for of_a, of_b in zip(a, b, strict=True))
    variance = n_a * n_b / 12 * (pooled + 1 - tied / (pooled * (pooled - 1)))
    excess = max(twice_u, 2 * n_a * n_b - twice_u) / 2 - n_a * n_b / 2 - 0.5
    p = min(1.0, 2 * float(norm.sf(excess / np.sqrt(variance)))) if variance > 0 else 1.0
    return MannWhitney(u=twice_u / 2, p=p, cliffs_delta=twice_u / (n_a * n_b) - 1, n_a=n_a, n_b=n_b)


def cluster_mann_whitney(counts: FloatArray) -> ClusterMannWhitney:
    """The mirrored test with participants as clusters.

    With placements V(x) = P(y < x) + 1/2 P(y = x) and V'(y) = P(x > y) + 1/2 P(x = y), summed for each participant to
    X and Y over m = n judgments, var(theta) = P/(P - 1) sum ((X - m_p theta) / m + (Y - n_p theta) / n)^2, which is
    the reference's S10 / m + S01 / n + 2 S11 / (m n); t on P - 1 degrees of freedom.

    Args:
        counts: shape (participants, 3): wins, losses and ties of the first system; no participant without any.

    References:
        N. A. Obuchowski, "Nonparametric analysis of clustered ROC curve data", Biometrics 53(2), 1997.
    """
    wins, losses, ties = counts.sum(axis=0)
    people, n = len(counts), counts.sum()
    # V of a win, a loss, a tie; V' is the same, because y = 1 - x mirrors the samples into each other.
    placement = np.array([wins + ties + losses / 2, wins / 2, wins + ties / 2]) / n
    theta = float(counts.sum(axis=0) @ placement) / n
    sums = 2 * (counts @ placement - counts.sum(axis=1) * theta) / n
    if people < 2:
        return ClusterMannWhitney(theta, None, people - 1, None, None)
    error = float(np.sqrt(people / (people - 1) * (sums @ sums)))
    if error < 1e-12:
        return ClusterMannWhitney(theta, None, people - 1, None, None)
    t = (theta - 0.5) / error
    return ClusterMannWhitney(theta, t, people - 1, 2 * float(student.sf(abs(t), people - 1)), error)
