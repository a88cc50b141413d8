"""What each participant's own answers look like: sides, one answer over and over, pace."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

from evaluation.stats.arrays import FloatArray, IntArray
from evaluation.stats.multiplicity import benjamini_hochberg
from evaluation.stats.tables import JudgmentTable

ANSWERS = ("first", "second", "tie")


@dataclass(frozen=True)
class Signals:
    """Per participant, shape (participants,) where not said otherwise.

    Attributes:
        answers: shape (participants, 3): judgments for the side shown first, for the second, for neither.
        side_p: two-sided exact binomial of first among decisive judgments; 1 without any.
        side_q: the same by Benjamini and Hochberg over participants with a decisive judgment.
        common: index of the most frequent answer in `ANSWERS`.
        common_share: its share of the judgments; nan without any.
        common_q: one-sided exact binomial that the answer is more frequent than among the others, by Benjamini and
            Hochberg.
        seconds: median seconds between successive judgments; nan where times are not known or there is but one.
        gaps: how many of these there are.
    """

    answers: FloatArray
    side_p: FloatArray
    side_q: FloatArray
    common: IntArray
    common_share: FloatArray
    common_q: FloatArray
    seconds: FloatArray
    gaps: IntArray

    @property
    def judgments(self) -> FloatArray:
        return np.asarray(self.answers.sum(axis=1))


def read_signals(table: JudgmentTable) -> Signals:
    """Count each participant's answers and time them.

    References:
        C. J. Clopper and E. S. Pearson, Biometrika 26(4), 1934 (the exact test); Y. Benjamini and Y. Hochberg,
        "Controlling the false discovery rate", J. R. Statist. Soc. B 57(1), 1995.
    """
    people = len(table.participants)
    answer = np.where(table.score == 1.0, 0, np.where(table.score == 0.0, 1, 2))
    answers = np.bincount(table.participant * 3 + answer, minlength=3 * people).reshape(people, 3).astype(float)
    decisive = answers[:, :2].sum(axis=1)
    # with p = 1/2 the exact test is twice the smaller tail
    side_p = np.minimum(1.0, 2 * binom.cdf(answers[:, :2].min(axis=1), decisive, 0.5))
    judged = answers.sum(axis=1)
    common = answers.argmax(axis=1)
    seen = answers[np.arange(people), common]
    rest, of_rest = len(table) - judged, answers.sum(axis=0)[common] - seen
    # one more answer of each kind among the others, lest an answer nobody else gave have chance zero
    chance = (of_rest + 1) / (rest + 3)
    common_p = np.where(judged > 0, binom.sf(seen - 1, judged, chance), 1.0)
    share = np.divide(seen, judged, out=np.full(people, np.nan), where=judged > 0)
    seconds, gaps = _pace(table)
    return Signals(
        answers=answers,
        side_p=side_p,
        side_q=_adjusted(side_p, decisive > 0),
        common=common,
        common_share=share,
        common_q=_adjusted(common_p, judged > 0),
        seconds=seconds,
        gaps=gaps,
    )


def _adjusted(values: FloatArray, tested: FloatArray) -> FloatArray:
    adjusted = np.ones_like(values)
    if tested.any():
        adjusted[tested] = benjamini_hochberg(values[tested].tolist())
    return adjusted


def _pace(table: JudgmentTable) -> tuple[FloatArray, IntArray]:
    people = len(table.participants)
    seconds, gaps = np.full(people, np.nan), np.zeros(people, dtype=np.intp)
    if table.microseconds is None or len(table) < 2:
        return seconds, gaps
    order = np.argsort(table.participant, kind="stable")  # in time within each participant
    person, time = table.participant[order], table.microseconds[order]
    same = person[1:] == person[:-1]
    person, gap = person[1:][same], np.diff(time)[same] / 1e6
    order = np.lexsort((gap, person))
    person, gap = person[order], gap[order]
    gaps = np.bincount(person, minlength=people)
    known = np.flatnonzero(gaps)
    start = np.concatenate([[0], np.cumsum(gaps)])[known]
    low, high = start + (gaps[known] - 1) // 2, start + gaps[known] // 2
    seconds[known] = (gap[low] + gap[high]) / 2
    return seconds, gaps
