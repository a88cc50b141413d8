"""One label from many: every method by its name."""

from collections.abc import Mapping
from typing import Protocol

from annotation.aggregation.dawid_skene import dawid_skene
from annotation.aggregation.errors import AggregationError
from annotation.aggregation.mace import mace
from annotation.aggregation.majority import majority
from annotation.aggregation.result import NO_LABEL, AnnotatorQuality, Consensus
from annotation.votes import Votes

__all__ = ["AGGREGATORS", "NO_LABEL", "Aggregator", "AnnotatorQuality", "Consensus", "aggregate"]


class Aggregator(Protocol):
    """A way from votes to one label per item; its further settings have defaults."""

    def __call__(
        self, votes: Votes, *, gold: Mapping[str, str] | None, start: Consensus | None, seed: int
    ) -> Consensus: ...


AGGREGATORS: dict[str, Aggregator] = {"majority": majority, "dawid-skene": dawid_skene, "mace": mace}


def aggregate(
    votes: Votes,
    method: str,
    *,
    gold: Mapping[str, str] | None = None,
    start: Consensus | None = None,
    seed: int = 0,
) -> Consensus:
    """Infer one label per item, with its probability.

    The same votes, gold, start and seed give the same result. A fit that was still moving at its last step is
    returned with `converged` False.

    Args:
        votes: who gave which item which label.
        method: one of `AGGREGATORS`.
        gold: item id to its known label; gold of items without a place in `votes` is left aside.
        start: an earlier result of the same method and categories, to go on from after some more votes.
        seed: of the random starts, where the method has any; not negative.

    Raises:
        AggregationError: The method is not known, a gold label is none of the categories, or `start` does not fit.
    """
    if method not in AGGREGATORS:
        raise AggregationError(f"There is no method {method!r}; use one of {', '.join(AGGREGATORS)}.")
    if seed < 0:
        raise AggregationError(f"`seed` must be at least 0, got {seed}.")
    return AGGREGATORS[method](votes, gold=gold, start=start, seed=seed)
