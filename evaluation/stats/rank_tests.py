"""Mann–Whitney on a pair of systems, as published papers report it and as it should be.

Of the possible readings of "Mann–Whitney" on preferences this is the mirrored one (D1): the scores of one system
against the other (1, 1/2, 0) are compared with the other's scores in the same judgments. One judgment feeds both
samples, and one participant gives several, so the test's independence does not hold: at 5 % it rejects about 17 % of
true null hypotheses even with one judgment per participant, more with more. `cluster_mann_whitney` mends both.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm
from scipy.stats import t as student

from evaluation.stats.arrays import FloatArray


@dataclass(frozen=True)
class MannWhitney:
    """Of the first system against the second.

    Attributes:
        u: number of pairs of scores in which the first system's is higher, equal ones counting one half.
        p: two-sided, asymptotic, with tie and continuity correction.
        cliffs_delta: P(higher) - P(lower), between -1 and 1.
    """

    u: float
    p: float
    cliffs_delta: float


@dataclass(frozen=True)
class ClusterMannWhitney:
    """The same comparison with the variance between participants.

    Attributes:
        theta: P(first's score higher) + 1/2 P(equal); 1/2 is no difference.
        t: (theta - 1/2) over its standard error, None where the participants do not differ.
        df: participants less one.
        p: two-sided; None with fewer than two participants or where they do not differ.
    """

    theta: float
    t: float | None
    df: int
    p: float | None


def mann_whitney(wins: int, losses: int, ties: int) -> MannWhitney:
    """The mirrored test from counts; equal to scipy's `mannwhitneyu(x, 1 - x, method="asymptotic")`.

    Args:
        wins: judgments for the first system; at least one of the three is positive.
        losses: judgments for the second.
        ties: judgments for neither.

    References:
        H. B. Mann and D. R. Whitney, Ann. Math. Statist. 18(1), 1947; N. Cliff, "Dominance statistics", Psychol. Bull.
        114(3), 1993.
    """
    n = wins + losses + ties
    u = wins * wins + 2 * wins * ties + (ties * ties + 2 * wins * losses) / 2
    decisive, halves, pooled = wins + losses, 2 * ties, 2 * n
    correction = (2 * (decisive**3 - decisive) + halves**3 - halves) / (pooled * (pooled - 1))
    variance = n * n / 12 * (pooled + 1 - correction)
    excess = max(u, n * n - u) - n * n / 2 - 0.5
    p = min(1.0, 2 * float(norm.sf(excess / np.sqrt(variance)))) if variance > 0 else 1.0
    return MannWhitney(u=u, p=p, cliffs_delta=2 * u / (n * n) - 1)


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
        return ClusterMannWhitney(theta, None, people - 1, None)
    error = float(np.sqrt(people / (people - 1) * (sums @ sums)))
    if error < 1e-12:
        return ClusterMannWhitney(theta, None, people - 1, None)
    t = (theta - 0.5) / error
    return ClusterMannWhitney(theta, t, people - 1, 2 * float(student.sf(abs(t), people - 1)))
