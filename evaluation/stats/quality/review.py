"""Look at how each participant judged, flag who should be looked at, and give the results with and without them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from evaluation.stats.arrays import BoolArray, FloatArray
from evaluation.stats.caution_texts import note
from evaluation.stats.clusters import IntervalMethod
from evaluation.stats.intervals import cluster_rate
from evaluation.stats.likelihoods import DAVIDSON, Likelihood
from evaluation.stats.pairs import compare_pairs
from evaluation.stats.quality.agreement import agreement
from evaluation.stats.quality.checks import Check, CheckError, tally
from evaluation.stats.quality.expectation import Expectation, compare_with_others
from evaluation.stats.quality.flags import FLAGS, QualityRules, raise_flags
from evaluation.stats.quality.results import (
    FlagCount,
    ParticipantQuality,
    Quality,
    QualityPair,
    QualityRating,
    QualityReading,
    names_ranked,
)
from evaluation.stats.quality.signals import ANSWERS, Signals, read_signals
from evaluation.stats.rank_tests import Reading
from evaluation.stats.ratings import GroupRatings, rate_groups
from evaluation.stats.results import Note, PairResult
from evaluation.stats.tables import JudgmentTable

MOST_LISTED = 1000  # participants; a longer list would be most of the report


@dataclass(frozen=True)
class Rerun:
    """The choices of an analysis, to rate and compare a part of its judgments as it did all."""

    seed: int
    replicates: int
    likelihood: Likelihood = DAVIDSON
    interval: IntervalMethod = "auto"
    reading: Reading = "mirrored"

    def groups(self, table: JudgmentTable) -> list[GroupRatings]:
        return rate_groups(
            table, seed=self.seed, replicates=self.replicates, likelihood=self.likelihood, interval=self.interval
        )

    def pairs(self, table: JudgmentTable) -> tuple[PairResult, ...]:
        return compare_pairs(table, seed=self.seed, reading=self.reading)


def review(
    table: JudgmentTable,
    groups: Sequence[GroupRatings],
    pairs: Sequence[PairResult],
    *,
    checks: Iterable[Check] = (),
    rules: QualityRules | None = None,
    again: Rerun,
) -> Quality | None:
    """Review the participants of a table; None where judgments do not say who made them.

    Args:
        table: the judgments.
        groups: everybody's ratings of this table.
        pairs: everybody's comparisons of this table.
        checks: outcomes of hidden checks.
        rules: by which flags are raised.
        again: how everybody's results came about, to get those without the flagged in the same way.

    Raises:
        CheckError: A check is of somebody without a judgment, or nobody knows who made the judgments.
        NotConvergedError: A fit did not end although its maximum exists.
    """
    rules, checks = rules or QualityRules(), list(checks)
    if table.unit != "participant":
        if checks:
            raise CheckError("The judgments do not say who made them, so checks cannot be held against them.")
        return None
    taken, failed = tally(checks, table.participants)
    signals, expected = read_signals(table), compare_with_others(table)
    raised = raise_flags(signals, expected, taken, failed, rules)
    flagged: BoolArray = np.any(raised, axis=1)
    everybody = _reading(table, len(table.participants), groups, pairs)
    without = None
    if flagged.any():
        kept = table.where(~flagged[table.participant])
        without = _reading(kept, int((~flagged).sum()), again.groups(kept), again.pairs(kept))
    every = len(flagged) <= MOST_LISTED
    listed = np.arange(len(flagged)) if every else np.flatnonzero(flagged)
    known = np.isfinite(expected.z)
    return Quality(
        rules=rules,
        flagged=int(flagged.sum()),
        flagged_by=tuple(FlagCount(flag, int(raised[:, at].sum())) for at, flag in enumerate(FLAGS)),
        checks=int(taken.sum()),
        checks_failed=int(failed.sum()),
        z_variance=float((expected.z[known] ** 2).mean()) if known.any() else None,
        agreement=agreement(table),
        listed="all" if every else "flagged",
        participants=tuple(_participant(int(at), signals, expected, taken, failed, raised) for at in listed),
        with_everybody=everybody,
        without_flagged=without,
        same_top=_same_top(everybody, without),
    )


def quality_notes(quality: Quality) -> Iterator[Note]:
    """Yield a note where somebody is flagged: how many, and what becomes of the result without them."""
    if not quality.flagged:
        return
    everybody, without = quality.with_everybody, quality.without_flagged
    code = {True: "flagged_same_top", False: "flagged_other_top", None: "flagged_no_rating"}[quality.same_top]
    judgments = everybody.judgments - (without.judgments if without else 0)
    counts = {"flagged": quality.flagged, "judgments": judgments, "total": everybody.judgments}
    yield note(code, about="participants", **counts)


def _participant(
    at: int, signals: Signals, expected: Expectation, taken: FloatArray, failed: FloatArray, raised: BoolArray
) -> ParticipantQuality:
    first, second, ties = (int(count) for count in signals.answers[at])
    judgments = first + second + ties
    return ParticipantQuality(
        participant=at + 1,
        judgments=judgments,
        decisive=first + second,
        first=first,
        side_p=float(signals.side_p[at]),
        side_q=float(signals.side_q[at]),
        most_common=ANSWERS[int(signals.common[at])] if judgments else None,
        most_common_share=_known(signals.common_share[at]),
        tie_share=ties / judgments if judgments else None,
        checks=int(taken[at]),
        checks_failed=int(failed[at]),
        z=_known(expected.z[at]),
        log_likelihood_ratio=_known(expected.log_likelihood_ratio[at]),
        median_seconds=_known(signals.seconds[at]),
        flags=tuple(flag for number, flag in enumerate(FLAGS) if raised[at, number]),
    )


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _reading(
    table: JudgmentTable, participants: int, groups: Sequence[GroupRatings], pairs: Sequence[PairResult]
) -> QualityReading:
    scores, judged = table.scores_by_participant()
    joint = groups[0] if len(groups) == 1 else None
    ratings = []
    for i, name in enumerate(table.systems):
        rate = cluster_rate(scores[:, i], judged[:, i])
        at = joint.systems.index(i) if joint and i in joint.systems else None
        ratings.append(
            QualityRating(
                name=name,
                judgments=int(judged[:, i].sum()),
                win_rate=rate.value if rate else None,
                bt=float(joint.fit.ratings[at]) if joint and at is not None else None,
                bt_ci=joint.intervals[at] if joint and joint.intervals and at is not None else None,
                rank_ci=joint.ranks[at] if joint and joint.ranks and at is not None else None,
            )
        )
    return QualityReading(participants, len(table), tuple(ratings), _top_pair(ratings, pairs))


def _top_pair(ratings: Sequence[QualityRating], pairs: Sequence[PairResult]) -> QualityPair | None:
    ranked = names_ranked(ratings)
    for pair in pairs:
        if len(ranked) > 1 and {pair.a, pair.b} == set(ranked[:2]):
            test = pair.by_participant
            turned = pair.a != ranked[0]
            interval = pair.win_rate_a_ci
            if turned and interval:
                interval = (1 - interval[1], 1 - interval[0])
            rate = 1 - pair.win_rate_a if turned else pair.win_rate_a
            return QualityPair(ranked[0], ranked[1], pair.judgments, rate, interval, test.p, test.p_holm)
    return None


def _same_top(everybody: QualityReading, without: QualityReading | None) -> bool | None:
    if without is None:
        return None
    before, after = everybody.ranked, without.ranked
    return before[0] == after[0] if before and after else None
