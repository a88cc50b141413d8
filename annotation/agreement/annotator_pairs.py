"""Cohen's kappa of every two annotators."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from annotation.agreement.cohen import METHOD, cohen_kappa, kappa_and_agreement, pair_rows, share_agreeing
from annotation.agreement.figures import Basis, Figure
from annotation.agreement.resampling import Resampling
from annotation.agreement.sums import FloatArray
from annotation.agreement.undefined import same_category
from annotation.agreement.vote_pairs import VotePairs
from annotation.votes import IntArray, Votes

AGREEMENT_METHOD = "share of the common items with the same label"
MOST_PAIRS = 300
"""So many pairs are compared, those with the most common items; a crowd of 800 has 300,000."""
_BLOCK = 1


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two annotators on the items that both labelled."""

    first: str
    second: str
    kappa: Figure
    observed: Figure

    def as_json(self) -> dict[str, Any]:
        return {
            "a": self.first,
            "b": self.second,
            **self.kappa.as_json(),
            "observed": self.observed.as_json(),
        }


@dataclass(frozen=True, slots=True)
class PairwiseAgreement:
    """Pairs of annotators in the order of `Votes.annotator_ids`, and how many pairs were left out.

    Attributes:
        left_out: pairs with a common item beyond the `MOST_PAIRS` that have the most, and, where there are more
            pairs than that, all pairs without a common item.
    """

    pairs: tuple[PairAgreement, ...]
    left_out: int


def pairwise(votes: Votes, resampling: Resampling) -> PairwiseAgreement:
    """Compare every two annotators."""
    vote_pairs = VotePairs.of(votes)
    possible = len(votes.annotator_ids) * (len(votes.annotator_ids) - 1) // 2
    most = np.sort(np.argsort(-vote_pairs.sizes, kind="stable")[:MOST_PAIRS])
    found = {
        (a, b): _pair(votes, (a, b), *vote_pairs.block(block), resampling)
        for block, (a, b) in zip(most.tolist(), vote_pairs.annotators[most].tolist(), strict=True)
    }
    if possible <= MOST_PAIRS:
        found |= {pair: _strangers(votes, pair) for pair in _all(votes) if pair not in found}
    return PairwiseAgreement(tuple(found[pair] for pair in sorted(found)), possible - len(found))


def _all(votes: Votes) -> Iterator[tuple[int, int]]:
    return combinations(range(len(votes.annotator_ids)), 2)


def _pair(
    votes: Votes, pair: tuple[int, int], first: IntArray, second: IntArray, resampling: Resampling
) -> PairAgreement:
    names = votes.annotator_ids[pair[0]], votes.annotator_ids[pair[1]]
    rows = pair_rows(votes.labels[first], votes.labels[second], len(votes.categories))
    units = resampling.units(rows, votes.items[first])
    intervals = resampling.intervals(units, _statistic, _BLOCK, *pair)
    basis = Basis(len(first), 2 * len(first), "")
    with_kappa = replace(basis, undefined=same_category(*names, len(first)))
    kappa, observed = kappa_and_agreement(
        units, intervals, (METHOD, with_kappa), (AGREEMENT_METHOD, basis), resampling.method
    )
    return PairAgreement(*names, kappa, observed)


def _statistic(totals: FloatArray) -> FloatArray:
    return np.column_stack([cohen_kappa(totals), share_agreeing(totals)])


def _strangers(votes: Votes, pair: tuple[int, int]) -> PairAgreement:
    names = votes.annotator_ids[pair[0]], votes.annotator_ids[pair[1]]
    reason = same_category(*names, 0)
    kappa, observed = (Figure(None, None, None, 0, 0, method, reason) for method in (METHOD, AGREEMENT_METHOD))
    return PairAgreement(*names, kappa, observed)
