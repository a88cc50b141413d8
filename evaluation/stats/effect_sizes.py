"""How large the preference within a pair is, in the scales of papers, each with its interval over participants."""

from dataclasses import dataclass

from scipy.stats import t as student

from evaluation.stats.arrays import FloatArray
from evaluation.stats.intervals import Interval, Rate, cluster_rate, student_interval, wilson
from evaluation.stats.rank_tests import ClusterMannWhitney


@dataclass(frozen=True)
class EffectSizes:
    """Of the first system of a pair against the second.

    Attributes:
        win_rate: share of judgments, ties one half.
        decisive: share of decisive judgments; None where there is none.
        ties: share of ties.
        cles: common language effect size: P(first's score higher) + 1/2 P(equal) over mirrored judgments.
        cles_interval: 95 %, None with fewer than two participants.
        cliffs_delta: 2 cles - 1.
        cliffs_delta_interval: likewise.
    """

    win_rate: Rate
    decisive: Rate | None
    ties: Rate
    cles: float
    cles_interval: Interval | None
    cliffs_delta: float
    cliffs_delta_interval: Interval | None


def effect_sizes(counts: FloatArray, clustered: ClusterMannWhitney) -> EffectSizes:
    """Effect sizes of one pair.

    Rates have Wilson's interval on the effective number of judgments (n / deff; see `cluster_rate`), `cles` has t times
    its error by Obuchowski's variance, held within 0 and 1.

    Args:
        counts: shape (participants, 3): wins, losses and ties of the first system; no participant without any.
        clustered: the test of the same counts.

    References:
        K. O. McGraw and S. P. Wong, "A common language effect size statistic", Psychol. Bull. 111(2), 1992; N. Cliff,
        "Dominance statistics", Psychol. Bull. 114(3), 1993.
    """
    judged = counts.sum(axis=1)
    win_rate, ties = cluster_rate(counts[:, 0] + counts[:, 2] / 2, judged), cluster_rate(counts[:, 2], judged)
    assert win_rate is not None and ties is not None  # every participant has a judgment
    interval = _cles_interval(clustered, len(counts))
    return EffectSizes(
        win_rate=win_rate,
        decisive=cluster_rate(counts[:, 0], counts[:, :2].sum(axis=1)),
        ties=ties,
        cles=clustered.theta,
        cles_interval=interval,
        cliffs_delta=2 * clustered.theta - 1,
        cliffs_delta_interval=None if interval is None else (2 * interval[0] - 1, 2 * interval[1] - 1),
    )


def _cles_interval(clustered: ClusterMannWhitney, people: int) -> Interval | None:
    if people < 2:
        return None
    theta, error = clustered.theta, clustered.error
    if error is None:
        # Participants who do not differ at all count as one judgment each, as in `cluster_rate`.
        return wilson(theta, people, float(student.ppf(0.975, people - 1)))
    low, high = student_interval(theta, error, clustered.df)
    return max(0.0, low), min(1.0, high)
