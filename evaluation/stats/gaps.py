"""The distance of each pair in rating, with its interval."""

from collections.abc import Sequence
from dataclasses import replace

from evaluation.stats.intervals import student_interval
from evaluation.stats.models import ELO_PER_LOGIT
from evaluation.stats.ratings import GroupRatings
from evaluation.stats.results import PairResult
from evaluation.stats.tables import JudgmentTable


def with_gaps(
    pairs: Sequence[PairResult], table: JudgmentTable, groups: Sequence[GroupRatings]
) -> tuple[PairResult, ...]:
    """The pairs with `bt_gap` (rating of a less rating of b) and `bt_gap_ci` filled in.

    The interval is of the gap itself, from the joint covariance of both ratings, and may lie clear of zero where the
    two ratings' own intervals overlap: these share what moves both. Both are None where the systems have no joint
    rating.
    """
    if len(groups) != 1:
        return tuple(pairs)
    group = groups[0]
    place = {table.systems[system]: at for at, system in enumerate(group.systems)}
    return tuple(_with_gap(pair, group, place[pair.a], place[pair.b]) for pair in pairs)


def _with_gap(pair: PairResult, group: GroupRatings, a: int, b: int) -> PairResult:
    gap = float(group.fit.ratings[a] - group.fit.ratings[b])
    if group.covariance is None:
        return replace(pair, bt_gap=gap)
    error = float(ELO_PER_LOGIT * group.covariance.gap_error(a, b))
    return replace(pair, bt_gap=gap, bt_gap_ci=student_interval(gap, error, group.covariance.df))
