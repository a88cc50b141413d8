"""What a strategy would have saved: play the labelling of queries whose labels are known already."""

from collections.abc import Callable, Sequence

import numpy as np

from annotation.active.curves import Point, measure
from annotation.active.cut import Cut
from annotation.active.draws import draw_keys
from annotation.active.errors import ActiveLearningError
from annotation.active.learner import COMMITTEE
from annotation.active.ordering import RANDOM, rank_batch, split_pool
from annotation.active.ridge import Ridge, fit_committee, fit_ridge
from annotation.active.strategies import STRATEGIES, Candidates, pick


def simulate(
    cut: Cut,
    strategy: str,
    *,
    budget: int,
    batch: int,
    random_share: float,
    seed: int,
    groups: Sequence[int] | None = None,
    report: Callable[[Point], None] | None = None,
) -> list[Point]:
    """Label `budget` texts of the pool, `batch` after `batch`, as a strategy asks, and measure after each.

    Labels of the random part count, but are not learned from, as in `rounds.next_round`; the same holds for the
    strategy "random", which needs a test as well.

    Args:
        cut: of `cut_sample`.
        strategy: a key of `STRATEGIES`, or "random".
        budget: labels in all, no more than the pool has.
        batch: labels between two rounds of learning.
        random_share: as `rank_batch` takes it.
        seed: of all that is drawn.
        groups: the group of each category, for `Point.grouped_f1`.
        report: called with every point as soon as it is known.

    Raises:
        ActiveLearningError: There is no such strategy, or a number is out of its range.
    """
    _check(cut, strategy, budget, batch)
    pool = split_pool(range(len(cut.labels)), random_share=random_share, seed=seed)
    candidates, reserve = list(pool.candidates), list(pool.reserve)
    learned: list[int] = []
    ridge = _fit(cut, learned, seed)
    points: list[Point] = []
    given = 0
    while given < budget:
        size = min(batch, budget - given)
        picks = _picks(cut, ridge, learned, candidates, strategy, size, seed)
        # the baseline's own picks are random as well, yet learned from: "chosen" keeps them apart from the random part
        ranked = rank_batch(picks, reserve, strategy="chosen", random_share=random_share)[:size]
        chosen = {place.item for place in ranked if place.origin != RANDOM}
        candidates = [row for row in candidates if row not in chosen]
        reserve = reserve[len(ranked) - len(chosen) :]
        learned += sorted(chosen)
        given += len(ranked)
        ridge = _fit(cut, learned, seed)
        probabilities = ridge.probabilities(cut.test_similarities[:, learned] @ ridge.dual)
        points.append(measure(cut.test_labels, probabilities, given, groups))
        if report:
            report(points[-1])
    return points


def _fit(cut: Cut, learned: list[int], seed: int) -> Ridge:
    return fit_ridge(cut.similarities[np.ix_(learned, learned)], cut.labels[learned], cut.categories, seed=seed)


def _picks(
    cut: Cut, ridge: Ridge, learned: list[int], candidates: list[int], strategy: str, size: int, seed: int
) -> list[int]:
    if strategy == RANDOM:
        keys = draw_keys(candidates, seed=seed, purpose="baseline")
        return [candidates[row] for row in np.argsort(keys, kind="stable")[:size].tolist()]
    to_learned = cut.similarities[np.ix_(candidates, learned)]
    committee = None
    if STRATEGIES[strategy].needs_committee:
        within = cut.similarities[np.ix_(learned, learned)]
        members = fit_committee(
            within, cut.labels[learned], cut.categories, members=COMMITTEE, sharpness=ridge.sharpness, seed=seed
        )
        committee = np.stack([member.probabilities(to_learned @ member.dual) for member in members])
    probabilities = ridge.probabilities(to_learned @ ridge.dual)
    return pick(
        strategy, Candidates(tuple(candidates), probabilities, committee, cut.features[candidates]), size, seed=seed
    )


def _check(cut: Cut, strategy: str, budget: int, batch: int) -> None:
    if strategy != RANDOM and strategy not in STRATEGIES:
        raise ActiveLearningError(f"There is no strategy {strategy!r}; use {RANDOM} or one of {', '.join(STRATEGIES)}.")
    if not 1 <= budget <= len(cut.labels):
        raise ActiveLearningError(f"`budget` must be between 1 and {len(cut.labels)}, the pool's size, got {budget}.")
    if not 1 <= batch <= budget:
        raise ActiveLearningError(f"`batch` must be between 1 and {budget}, the budget, got {batch}.")
