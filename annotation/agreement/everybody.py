"""The figures over all annotators at once: four of agreement, three for each category."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from annotation.agreement import categories, fleiss, gwet, krippendorff, observed
from annotation.agreement.bootstrap import Units, perfect_agreement_bound
from annotation.agreement.figures import Basis, Figure
from annotation.agreement.resampling import Resampling
from annotation.agreement.sums import FloatArray, Sums
from annotation.agreement.undefined import lack_of_pairs, no_choice, one_category, unchosen
from annotation.votes import IntArray, Votes

_BLOCK = 0
_WHOLE = 4  # figures before those by category


@dataclass(frozen=True, slots=True)
class CategoryAgreement:
    """Agreement on one category.

    Attributes:
        alpha: of "this category or not".
        positive: chance that another vote on the item is for it too, given one that is.
        prevalence: share of the votes that are for it.
    """

    category: str
    alpha: Figure
    positive: Figure
    prevalence: Figure

    def as_json(self) -> dict[str, Any]:
        return {
            "category": self.category,
            **self.alpha.as_json(),
            "positive_agreement": self.positive.as_json(),
            "prevalence": self.prevalence.as_json(),
        }


@dataclass(frozen=True, slots=True)
class EverybodyAgreement:
    """Agreement over all annotators, and on each category."""

    observed: Figure
    fleiss_kappa: Figure
    krippendorff_alpha: Figure
    gwet_ac1: Figure
    categories: tuple[CategoryAgreement, ...]


def everybody(votes: Votes, resampling: Resampling) -> EverybodyAgreement:
    """Compute all figures over everybody from one set of resamples."""
    counts = votes.counts()
    found = iter(_figures(votes, counts, resampling))
    whole = {name: next(found) for name in ("observed", "fleiss_kappa", "krippendorff_alpha", "gwet_ac1")}
    by_kind = [[next(found) for _ in votes.categories] for _ in range(3)]
    rows = zip(votes.categories, *by_kind, strict=True)
    return EverybodyAgreement(**whole, categories=tuple(CategoryAgreement(*row) for row in rows))


def _figures(votes: Votes, counts: IntArray, resampling: Resampling) -> Iterator[Figure]:
    units = resampling.item_units(counts)
    intervals = resampling.intervals(units, lambda totals: _statistic(Sums.of(totals)), _BLOCK)
    perfect = _perfect(units, intervals.value, len(votes.categories))
    described = _described(votes, counts)
    numbers = zip(intervals.value, intervals.low, intervals.high, perfect, strict=True)
    for (method, basis), (value, low, high, bound) in zip(described, numbers, strict=True):
        yield basis.figure(method, resampling.method, float(value), float(low), float(high), perfect=bound)


def _statistic(sums: Sums) -> FloatArray:
    """All figures of each sample, shape (samples, 4 + 3 categories)."""
    whole = (
        observed.observed_agreement(sums),
        fleiss.fleiss_kappa(sums),
        krippendorff.krippendorff_alpha(sums),
        gwet.gwet_ac1(sums),
    )
    return np.column_stack(
        [*whole, categories.category_alpha(sums), categories.positive_agreement(sums), categories.prevalence(sums)]
    )


def _perfect(units: Units, value: FloatArray, width: int) -> list[float]:
    """Lower ends for figures without any disagreement, NaN for the others."""
    sums = Sums.of((units.times @ units.rows)[None])
    each = Sums.of(units.rows)
    showing = [int(units.times @ (each.paired > 0))] * _WHOLE + [*(units.times @ (each.votes > 0)).tolist()] * 2
    ends = [math.nan] * len(value)
    for at, shown in enumerate(showing):
        if value[at] == 1:
            ends[at] = float(_statistic(sums.with_agreement(perfect_agreement_bound(shown)))[0, at])
    return ends


def _described(votes: Votes, counts: IntArray) -> Iterator[tuple[str, Basis]]:
    """Method and basis of each figure, in the order of `_statistic`."""
    m = counts.sum(axis=1)
    paired = counts[m >= 2]
    n_items, n_votes = len(paired), int(paired.sum())
    lack = lack_of_pairs(votes)
    rated = Basis(len(counts), len(votes), lack or one_category(votes.categories, counts))
    shared = Basis(n_items, n_votes, lack or one_category(votes.categories, paired))
    yield observed.METHOD, shared
    yield fleiss.method(counts), rated
    yield krippendorff.METHOD, shared
    yield gwet.method(len(votes.categories)), Basis(len(counts), len(votes), lack or no_choice(votes.categories))
    chosen = [
        Basis(int((column > 0).sum()), int(column.sum()), lack or unchosen(name, column, n_votes))
        for name, column in zip(votes.categories, paired.T, strict=True)
    ]
    yield from ((categories.ALPHA_METHOD, basis) for basis in chosen)
    yield from ((categories.POSITIVE_METHOD, basis) for basis in chosen)
    yield from ((categories.PREVALENCE_METHOD, Basis(n_items, n_votes, lack)) for _ in chosen)
