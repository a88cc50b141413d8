"""The label that most annotators chose."""

from collections.abc import Mapping

import numpy as np

from annotation.aggregation.errors import AggregationError
from annotation.aggregation.evidence import Evidence
from annotation.aggregation.result import NO_LABEL, Consensus, FloatArray
from annotation.votes import Votes


def majority(
    votes: Votes,
    *,
    gold: Mapping[str, str] | None = None,
    start: Consensus | None = None,
    seed: int = 0,
    smoothing: float = 1.0,
) -> Consensus:
    """Count heads, everyone alike.

    The probability of category k is (n_k + s/K) / (n + s): the share of the votes, with `smoothing` = s further votes
    spread evenly over all K categories, so that one vote is not certainty. It is a smoothed share and not calibrated.
    An annotator's accuracy is their agreement with the majority of the others on the same item, a tie of m categories
    counting 1/m; their own vote has no say in it.

    Args:
        votes: who gave which item which label.
        gold: item id to its known label; those items are not counted but taken.
        start, seed: not used, there is nothing to iterate or to draw.
        smoothing: s above, in votes.

    Raises:
        AggregationError: A gold label is none of the categories, or `smoothing` is not positive.
    """
    if not smoothing > 0:
        raise AggregationError(f"`smoothing` must be above 0, got {smoothing}.")
    evidence = Evidence.of(votes, gold)
    counts = votes.counts().astype(np.float64)
    probabilities = (counts + smoothing / max(len(votes.categories), 1)) / (
        evidence.votes_per_item[:, None] + smoothing
    )
    evidence.clamp(probabilities)
    right = _agreement_with_others(evidence, counts)
    return evidence.conclude("majority", probabilities, right, settings={"smoothing": smoothing})


def _agreement_with_others(evidence: Evidence, counts: FloatArray) -> FloatArray:
    """For each vote, how far the others' majority (or the gold) is its label, shape (votes,)."""
    votes = evidence.votes
    if not len(votes):
        return np.zeros(0)
    top = counts.max(axis=1)[:, None]
    leaders = np.count_nonzero(counts == top, axis=1)[votes.items]
    runners_up = np.count_nonzero(counts == top - 1, axis=1)[votes.items]
    leads_alone = (counts[votes.items, votes.labels] == top[votes.items, 0]) & (leaders == 1)
    # Less the own vote, a sole leader ties with those that were one vote behind, or still leads where nobody was;
    # any other category then has somebody ahead of it.
    right = np.where(leads_alone, 1.0 / (runners_up + 1.0), 0.0)
    gold = evidence.gold[votes.items]
    return np.where(gold != NO_LABEL, (votes.labels == gold).astype(np.float64), right)
