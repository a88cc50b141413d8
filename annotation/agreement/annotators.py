"""Each annotator against the rest: kappa, leaning towards categories, drift."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from annotation.agreement.bootstrap import Intervals
from annotation.agreement.cohen import cohen_kappa, comparison_rows, kappa_and_agreement, share_agreeing
from annotation.agreement.drift import Drift, drift
from annotation.agreement.figures import Basis, Figure
from annotation.agreement.resampling import Resampling
from annotation.agreement.sums import FloatArray, divide
from annotation.agreement.undefined import alone, always_the_same
from annotation.votes import IntArray, Votes

KAPPA_METHOD = "Cohen 1960 against the shares of all others on the same items"
AGREEMENT_METHOD = "mean over items of the share of the others' votes that say the same"
BIAS_METHOD = "own share minus the others' mean share on the same items"
_BLOCK = 2

Times = Mapping[tuple[str, str], float]
"""When (item, annotator) was labelled, in any unit."""


@dataclass(frozen=True, slots=True)
class AnnotatorAgreement:
    """One annotator against the rest, on the items that somebody else labelled too.

    Attributes:
        n_votes: all votes of this annotator.
        kappa: chance being own share times the others' share of each category.
        agreement: the same before chance is taken off.
        bias: by category that the annotator or the rest chose; above 0 where the annotator chooses it more often.
            There are many, so one in twenty intervals misses 0 by chance.
        drift: agreement with the rest in the annotator's own order.
    """

    annotator: str
    n_votes: int
    kappa: Figure
    agreement: Figure
    bias: dict[str, Figure]
    drift: Drift

    def as_json(self) -> dict[str, Any]:
        return {
            "annotator": self.annotator,
            "votes": self.n_votes,
            "kappa": self.kappa.as_json(),
            "agreement": self.agreement.as_json(),
            "bias": [{"category": name, **figure.as_json()} for name, figure in self.bias.items()],
            "drift": self.drift.as_json(),
        }


def against_the_rest(
    votes: Votes, resampling: Resampling, *, times: Times | None = None
) -> tuple[AnnotatorAgreement, ...]:
    """Compare every annotator with all others, in the order of `votes.annotator_ids`.

    Args:
        times: the order of an annotator's votes; without it, items are taken in order of first appearance.
    """
    counts = votes.counts()
    by_annotator = np.argsort(votes.annotators, kind="stable")
    ends = np.searchsorted(votes.annotators[by_annotator], np.arange(len(votes.annotator_ids) + 1))
    return tuple(
        _one(votes, counts, by_annotator[ends[number] : ends[number + 1]], number, resampling, times)
        for number in range(len(votes.annotator_ids))
    )


def _one(
    votes: Votes, counts: IntArray, own: IntArray, number: int, resampling: Resampling, times: Times | None
) -> AnnotatorAgreement:
    name = votes.annotator_ids[number]
    shared = _in_order(votes, own[counts[votes.items[own]].sum(axis=1) >= 2], name, times)
    items = votes.items[shared]
    rows = _rows(votes.labels[shared], counts[items])
    units = resampling.units(rows, items)
    intervals = resampling.intervals(units, _statistic, _BLOCK, number)
    basis = Basis(len(items), int(counts[items].sum()), alone(name))
    with_kappa = replace(basis, undefined=always_the_same(name)) if len(items) else basis
    kappa, agreement = kappa_and_agreement(
        units, intervals, (KAPPA_METHOD, with_kappa), (AGREEMENT_METHOD, basis), resampling.method
    )
    bias = _bias(votes.categories, rows, intervals, basis, resampling.method)
    return AnnotatorAgreement(name, len(own), kappa, agreement, bias, drift(rows[:, -2]))


def _in_order(votes: Votes, places: IntArray, name: str, times: Times | None) -> IntArray:
    if times is None:
        return places
    when = [times[votes.item_ids[item], name] for item in votes.items[places].tolist()]
    return places[np.argsort(when, kind="stable")]


def _rows(labels: IntArray, counts: IntArray) -> FloatArray:
    """Own labels beside the shares of the others on the same items, as `cohen_kappa` takes them."""
    own = np.eye(counts.shape[1])[labels]
    others = counts - own
    return comparison_rows(own, others / others.sum(axis=1, keepdims=True))


def _statistic(totals: FloatArray) -> FloatArray:
    """Kappa, agreement and the leaning towards each category, shape (samples, 2 + categories)."""
    width = (totals.shape[1] - 2) // 2
    items = np.broadcast_to(totals[:, -1:], (len(totals), width))
    leaning = divide(totals[:, :width] - totals[:, width : 2 * width], items)
    return np.column_stack([cohen_kappa(totals), share_agreeing(totals), leaning])


def _bias(
    categories: Sequence[str], rows: FloatArray, intervals: Intervals, basis: Basis, interval: str
) -> dict[str, Figure]:
    chosen = rows[:, : 2 * len(categories)].sum(axis=0).reshape(2, -1).any(axis=0)
    return {
        categories[at]: basis.figure(
            BIAS_METHOD,
            interval,
            float(intervals.value[2 + at]),
            float(intervals.low[2 + at]),
            float(intervals.high[2 + at]),
        )
        for at in np.flatnonzero(chosen).tolist()
    }
