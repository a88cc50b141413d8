"""Which texts to ask people about next: one line per strategy in `STRATEGIES`."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from annotation.active.diversity import Features, representatives
from annotation.active.draws import draw_keys
from annotation.active.errors import ActiveLearningError
from annotation.active.uncertainty import closeness, doubt, entropy, vote_entropy

Floats = NDArray[np.floating]
Integers = NDArray[np.int64]
ItemT = TypeVar("ItemT", bound=Hashable)


@dataclass(frozen=True, slots=True, eq=False)
class Candidates(Generic[ItemT]):
    """What a strategy may look at: texts without labels and what a classifier thinks of them.

    Attributes:
        item_ids: one per text.
        probabilities: shape (n, categories).
        committee: shape (members, n, categories), for strategies that have `needs_committee`.
        features: shape (n, dimensions), rows of length 1 or 0, for strategies that have `needs_features`.
    """

    item_ids: tuple[ItemT, ...]
    probabilities: Floats
    committee: Floats | None = None
    features: Features | None = None


@dataclass(frozen=True, slots=True)
class Strategy:
    """One way to choose.

    Attributes:
        about: what it asks for, for people.
        scores: one number per candidate, highest first.
        needs_committee: `Candidates.committee` must be there.
        needs_features: `Candidates.features` must be there, and the batch is made representative.
    """

    about: str
    scores: Callable[[Candidates[Any]], Floats]
    needs_committee: bool = False
    needs_features: bool = False


def _votes_then_doubt(candidates: Candidates[Any]) -> Floats:
    """Seven votes take few values: among equal ones the committee's mean decides, too little to change their order."""
    assert candidates.committee is not None
    return vote_entropy(candidates.committee) + 1e-3 * doubt(candidates.committee.mean(axis=0))


STRATEGIES = {
    "entropy": Strategy("Queries whose category is the most open", lambda c: entropy(c.probabilities)),
    "margin": Strategy("Queries that stand between two categories", lambda c: closeness(c.probabilities)),
    "disagreement": Strategy(
        "Queries on which seven classifiers, each trained on other draws of the labels, vote most differently",
        _votes_then_doubt,
        needs_committee=True,
    ),
    "diversity": Strategy(
        "Among the queries with no likely category, those that stand for many others and not for one another",
        lambda c: doubt(c.probabilities),
        needs_features=True,
    ),
}


def pick(name: str, candidates: Candidates[ItemT], size: int, *, seed: int) -> list[ItemT]:
    """Return the `size` items most worth a label, best first; all of them where there are fewer.

    Equal scores are ordered by a key drawn from seed and item, so that runs repeat in whatever order the items come.

    Raises:
        ActiveLearningError: There is no such strategy, it lacks what it needs, or the arrays do not fit together.
    """
    strategy = strategy_named(name)
    _check(name, strategy, candidates, size)
    if not candidates.item_ids:
        return []
    ties = draw_keys(candidates.item_ids, seed=seed, purpose="ties")
    # 12 digits: what differs by rounding only, which another machine may do differently, is equal
    order = np.lexsort((ties, -np.round(strategy.scores(candidates), 12)))
    if strategy.needs_features and candidates.features is not None:
        order = representatives(order, candidates.features, size)
    return [candidates.item_ids[row] for row in order[:size]]


def strategy_named(name: str) -> Strategy:
    """Look a strategy up.

    Raises:
        ActiveLearningError: There is none of that name.
    """
    if name not in STRATEGIES:
        raise ActiveLearningError(f"There is no strategy {name!r}; use one of {', '.join(STRATEGIES)}.")
    return STRATEGIES[name]


def _check(name: str, strategy: Strategy, candidates: Candidates[ItemT], size: int) -> None:
    n, shape = len(candidates.item_ids), candidates.probabilities.shape
    if size < 0:
        raise ActiveLearningError(f"`size` must be 0 or more, got {size}.")
    if len(shape) != 2 or shape[0] != n:
        raise ActiveLearningError(f"`probabilities` has the shape {shape}; give one row for each of the {n} items.")
    if not np.isfinite(candidates.probabilities).all():
        raise ActiveLearningError("`probabilities` holds NaN or infinity; train the classifier again.")
    if strategy.needs_committee and (candidates.committee is None or candidates.committee.shape[1:] != shape):
        raise ActiveLearningError(f"The strategy {name!r} needs a committee of the shape (members, {n}, {shape[1]}).")
    if strategy.needs_features and (candidates.features is None or candidates.features.shape[0] != n):
        raise ActiveLearningError(f"The strategy {name!r} needs features with one row for each of the {n} items.")
