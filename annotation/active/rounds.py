"""One round of active learning: learn from the labels so far, choose what to ask next, put the random share between."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from annotation.active.draws import draw_items
from annotation.active.learner import assess
from annotation.active.ordering import Pick, rank_batch, split_pool
from annotation.active.strategies import pick, strategy_named

ItemT = TypeVar("ItemT", bound=Hashable)

CONSIDERED_AT_MOST = 50_000
"""Texts scored in a round; of a larger pool each round draws others."""


@dataclass(frozen=True, slots=True)
class Round(Generic[ItemT]):
    """What to ask next, and how that was found.

    Attributes:
        picks: in the order of asking.
        strategy: that chose all but the random ones.
        learned_from: labels that were learned from; those of the random part never are.
        considered: texts the strategy chose from.
    """

    picks: tuple[Pick[ItemT], ...]
    strategy: str
    random_share: float
    seed: int
    learned_from: int
    considered: int


def next_round(
    labelled: Sequence[tuple[ItemT, str, str]],
    unlabelled: Sequence[tuple[ItemT, str]],
    *,
    categories: Sequence[str],
    strategy: str,
    size: int,
    random_share: float,
    seed: int,
) -> Round[ItemT]:
    """Return the next `size` items to ask, fewer where fewer are left.

    Seed and share belong to the campaign and stay the same in all its rounds: they fix which items are the random
    part. A label of that part is not learned from, whoever passes it.

    Args:
        labelled: (item, text, category); several people's labels are settled before.
        unlabelled: (item, text).
        categories: all that can be chosen.

    Raises:
        ActiveLearningError: There is no such strategy, the share is not from 0.1 to 1, or a label is no category.
    """
    strategy_named(strategy)
    train_on = set(split_pool([item for item, _, _ in labelled], random_share=random_share, seed=seed).candidates)
    learned = [(text, category) for item, text, category in labelled if item in train_on]
    texts = dict(unlabelled)
    pool = split_pool(texts, random_share=random_share, seed=seed)
    considered = draw_items(pool.candidates, CONSIDERED_AT_MOST, seed=seed, purpose=f"round {len(labelled)}")
    candidates = assess(
        considered,
        [texts[item] for item in considered],
        labelled_texts=[text for text, _ in learned],
        labels=[category for _, category in learned],
        categories=categories,
        strategy=strategy,
        seed=seed,
    )
    picks = pick(strategy, candidates, size, seed=seed)
    ranked = rank_batch(picks, pool.reserve, strategy=strategy, random_share=random_share)[:size]
    return Round(tuple(ranked), strategy, random_share, seed, len(learned), len(considered))
