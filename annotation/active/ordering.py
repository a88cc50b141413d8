"""The queue of items to label: chosen ones, and among them a random share that says how good the choosing is.

A score measured on items that a strategy chose says how good the classifier is on odd queries. So a part of the pool is
drawn at random once and for all, no strategy ever sees it, and its items come up at fixed intervals: whatever has been
labelled of it is at any time a simple random sample of the pool.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Generic, TypeVar

from annotation.active.draws import SPAN, draw_key
from annotation.active.errors import ActiveLearningError

ItemT = TypeVar("ItemT", bound=Hashable)

RANDOM = "random"
"""Origin of the items from which alone scores come."""
LEAST_RANDOM_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Pick(Generic[ItemT]):
    """An item's place in the queue.

    Attributes:
        rank: from 1.
        origin: "random", or the strategy that chose it.
    """

    item: ItemT
    rank: int
    origin: str


@dataclass(frozen=True, slots=True)
class Pool(Generic[ItemT]):
    """A pool cut in two.

    Attributes:
        candidates: what a strategy may choose from, in the order given.
        reserve: the random part, in the order in which it is to be labelled.
    """

    candidates: tuple[ItemT, ...]
    reserve: tuple[ItemT, ...]


def split_pool(item_ids: Iterable[ItemT], *, random_share: float, seed: int) -> Pool[ItemT]:
    """Set the random part of a pool aside.

    Where an item goes depends on seed, share and item alone: it stays there when others come, go or are labelled.

    Raises:
        ActiveLearningError: The share is not from 0.1 to 1.
    """
    bound = int(_checked(random_share) * SPAN)
    candidates, reserve = [], []
    for item in item_ids:
        key = draw_key(item, seed=seed, purpose="reserve")
        if key < bound:
            reserve.append((key, str(item), item))
        else:
            candidates.append(item)
    return Pool(tuple(candidates), tuple(item for *_, item in sorted(reserve, key=lambda entry: entry[:2])))


def rank_batch(
    picks: Sequence[ItemT], reserve: Sequence[ItemT], *, strategy: str, random_share: float
) -> list[Pick[ItemT]]:
    """Interleave a strategy's picks with items of the random part, each in its own order.

    Of the first n places, n times the share are random, rounded up, for every n while the reserve lasts. The batch ends
    with the last pick; without picks it is the reserve.

    Args:
        picks: what the strategy chose, best first.
        reserve: `Pool.reserve` without what is labelled.
        strategy: origin to mark the picks with.
        random_share: of the places, 0.1 to 1.

    Raises:
        ActiveLearningError: The share is not from 0.1 to 1, or an item stands in both or twice.
    """
    share = _checked(random_share)
    if len({*picks, *reserve}) < len(picks) + len(reserve):
        raise ActiveLearningError("An item stands among picks and reserve twice; choose from `Pool.candidates`.")
    if not picks:
        return [Pick(item, rank, RANDOM) for rank, item in enumerate(reserve, start=1)]
    ranked: list[Pick[ItemT]] = []
    drawn = 0
    while len(ranked) - drawn < len(picks):
        rank = len(ranked) + 1
        if drawn < min(ceil(rank * share), len(reserve)):
            ranked.append(Pick(reserve[drawn], rank, RANDOM))
            drawn += 1
        else:
            ranked.append(Pick(picks[len(ranked) - drawn], rank, strategy))
    return ranked


def _checked(random_share: float) -> Fraction:
    """Return the share as the fraction that was meant: 0.1 as a float is a little more than a tenth."""
    if not LEAST_RANDOM_SHARE <= random_share <= 1:
        raise ActiveLearningError(
            f"The random share must be between {LEAST_RANDOM_SHARE} and 1, got {random_share}; "
            "scores come from the random items alone, and with fewer there would be none to trust."
        )
    return Fraction(random_share).limit_denominator(10_000)
