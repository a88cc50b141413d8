"""A labelled sample, cut into a pool to ask about and a test."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from annotation.active.errors import ActiveLearningError
from annotation.active.features import fit_vectoriser, text_vectors
from annotation.active.ridge import check_labels

Floats = NDArray[np.floating]
Integers = NDArray[np.int64]

TEST_SHARE = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """A pool whose labels are known, and a test that no learner and no strategy sees.

    Attributes:
        labels: of the pool, shape (n,), category numbers from 0.
        features: of the pool, shape (n, n-grams); the n-grams are those of the pool.
        similarities: within the pool, shape (n, n).
        test_labels: shape (m,).
        test_similarities: test to pool, shape (m, n).
        categories: how many there are.
    """

    labels: Integers
    features: csr_array
    similarities: Floats
    test_labels: Integers
    test_similarities: Floats
    categories: int


def cut_sample(
    texts: Sequence[str], labels: Sequence[int], families: Sequence[Hashable], *, categories: int, seed: int
) -> Cut:
    """Set a quarter of the texts aside as a test, whole families only: versions of one query are never in both.

    Raises:
        ActiveLearningError: A label is outside 0 to `categories` - 1, lengths differ, or there are fewer than two
            families.
    """
    numbers = np.asarray(labels, dtype=np.int64)
    if not len(texts) == len(numbers) == len(families):
        raise ActiveLearningError(
            f"There are {len(texts)} texts, {len(numbers)} labels and {len(families)} families; give one each per text."
        )
    check_labels(numbers, categories)
    test = _test_rows(families, seed)
    pool_rows, test_rows = np.flatnonzero(~test), np.flatnonzero(test)
    pool_texts = [texts[row] for row in pool_rows.tolist()]
    vectoriser = fit_vectoriser(pool_texts)
    features = text_vectors(vectoriser, pool_texts)
    held_out = text_vectors(vectoriser, [texts[row] for row in test_rows.tolist()])
    return Cut(
        labels=numbers[pool_rows],
        features=features,
        similarities=(features @ features.T).toarray(),
        test_labels=numbers[test_rows],
        test_similarities=(held_out @ features.T).toarray(),
        categories=categories,
    )


def _test_rows(families: Sequence[Hashable], seed: int) -> NDArray[np.bool_]:
    names = list(dict.fromkeys(families))
    if len(names) < 2:
        raise ActiveLearningError(f"There are {len(names)} families; a test needs at least 2, so add other queries.")
    held_out = max(1, round(TEST_SHARE * len(names)))
    drawn = np.random.default_rng([seed, 3]).permutation(len(names))[:held_out]
    chosen = {names[place] for place in drawn.tolist()}
    return np.array([family in chosen for family in families])
