"""Why a figure has no value, in words."""

from collections.abc import Sequence

import numpy as np

from annotation.votes import IntArray, Votes


def lack_of_pairs(votes: Votes) -> str:
    """Why no two votes can be compared; empty if some can."""
    if not len(votes):
        return "There are no votes yet."
    if len(votes.annotator_ids) == 1:
        return f"All votes are by {votes.annotator_ids[0]}; a second annotator has to label some of the same items."
    if np.all(np.diff(votes.items) != 0):
        return "No item has votes of two annotators; give some items to two of them."
    return ""


def one_category(categories: Sequence[str], counts: IntArray) -> str:
    """Why chance cannot be told from agreement: one category only was chosen; empty otherwise."""
    used = np.flatnonzero(counts.sum(axis=0))
    if len(used) != 1:
        return ""
    return f"Every vote is for {categories[used[0]]}, so chance alone would agree as well; read the observed agreement."


def no_choice(categories: Sequence[str]) -> str:
    """Why AC1 has no value although votes can be compared."""
    if not categories:
        return "There is no category to choose."
    return f"{categories[0]} is the only category, so chance alone would agree as well; read the observed agreement."


def unchosen(category: str, votes: IntArray, n_votes: int) -> str:
    """Why agreement on one category has no value, from its votes on items with two or more."""
    if not votes.sum():
        return f"Nobody chose {category} on an item with two votes."
    if votes.sum() == n_votes:
        return f"Every vote is for {category}, so chance alone would agree as well; read the observed agreement."
    return ""


def same_category(first: str, second: str, items: int) -> str:
    """Why the kappa of two annotators has no value."""
    if not items:
        return f"{first} and {second} labelled no item in common."
    return f"{first} and {second} chose one and the same category on all {items} common items; chance would too."


def alone(annotator: str) -> str:
    """Why somebody cannot be compared with the rest."""
    return f"Nobody else labelled an item of {annotator}."


def always_the_same(annotator: str) -> str:
    """Why somebody's kappa against the rest has no value."""
    return f"{annotator} and the rest chose one and the same category on all common items; chance would too."
