"""What the labels so far say about the texts that have none, for the categories of any taxonomy."""

from collections.abc import Hashable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from annotation.active.errors import ActiveLearningError
from annotation.active.features import fit_vectoriser, text_vectors
from annotation.active.ridge import Ridge, fit_committee, fit_ridge
from annotation.active.strategies import Candidates, strategy_named

Floats = NDArray[np.floating]
Integers = NDArray[np.int64]
ItemT = TypeVar("ItemT", bound=Hashable)

COMMITTEE = 7
LABELS_AT_MOST = 5_000
"""Time grows with the cube of the labels: of more, a part is learned from that favours rare categories."""


def assess(
    item_ids: Sequence[ItemT],
    texts: Sequence[str],
    *,
    labelled_texts: Sequence[str],
    labels: Sequence[str],
    categories: Sequence[str],
    strategy: str,
    seed: int,
) -> Candidates[ItemT]:
    """Learn from the labelled texts and say what a strategy needs to know about the others.

    Works from no label at all; a category nobody has chosen yet keeps a small probability. 5,000 labels and 50,000
    short texts take about half a minute of one core.

    Args:
        item_ids: one per text.
        texts: without labels.
        labelled_texts: with labels.
        labels: one per labelled text, each of `categories`.
        categories: all that can be chosen.
        strategy: decides whether a committee is trained.
        seed: of all that is drawn.

    Raises:
        ActiveLearningError: There is no such strategy, a label is no category, or lengths differ.
    """
    needs_committee = strategy_named(strategy).needs_committee
    _check_lengths(len(item_ids), len(texts), len(labelled_texts), len(labels))
    numbers = category_numbers(labels, categories)
    kept = _balanced(numbers, seed)
    vectoriser = fit_vectoriser([*labelled_texts, *texts])
    known = text_vectors(vectoriser, [labelled_texts[row] for row in kept.tolist()])
    features = text_vectors(vectoriser, texts)
    similarities = (known @ known.T).toarray()
    ridge = fit_ridge(similarities, numbers[kept], len(categories), seed=seed)
    committee = None
    if needs_committee:
        members = fit_committee(
            similarities, numbers[kept], len(categories), members=COMMITTEE, sharpness=ridge.sharpness, seed=seed
        )
        committee = np.stack([_probabilities(member, known, features) for member in members])
    return Candidates(tuple(item_ids), _probabilities(ridge, known, features), committee, features)


def category_numbers(labels: Sequence[str], categories: Sequence[str]) -> Integers:
    """Return each label's place among the categories.

    Raises:
        ActiveLearningError: A label is none of them, or there are none.
    """
    places = {category: place for place, category in enumerate(categories)}
    if not places:
        raise ActiveLearningError("`categories` is empty; give the categories of the taxonomy.")
    for label in labels:
        if label not in places:
            raise ActiveLearningError(f"The label {label!r} is no category; use one of {', '.join(categories)}.")
    return np.array([places[label] for label in labels], dtype=np.int64)


def _probabilities(ridge: Ridge, known: csr_array, features: csr_array) -> Floats:
    # through the n-grams' weights: the similarities of 50,000 to 5,000 texts would take a gigabyte
    return ridge.probabilities(features @ (known.T @ ridge.dual))


def _balanced(numbers: Integers, seed: int) -> Integers:
    """Return up to `LABELS_AT_MOST` rows, ascending, drawn so that the rarest categories lose least."""
    if len(numbers) <= LABELS_AT_MOST:
        return np.arange(len(numbers))
    drawn = np.random.default_rng([seed, 2]).permutation(len(numbers))
    place = np.empty(len(numbers), dtype=np.int64)
    for category in np.unique(numbers):
        rows = drawn[numbers[drawn] == category]
        place[rows] = np.arange(len(rows))
    return np.sort(drawn[np.argsort(place[drawn], kind="stable")][:LABELS_AT_MOST])


def _check_lengths(items: int, texts: int, labelled: int, labels: int) -> None:
    if items != texts:
        raise ActiveLearningError(f"There are {items} items and {texts} texts; give one text per item.")
    if labelled != labels:
        raise ActiveLearningError(f"There are {labelled} labelled texts and {labels} labels; give one label per text.")
