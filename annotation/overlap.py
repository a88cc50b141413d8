"""How many labels an item wants, and how much its labels dispute. Core: no Django."""

import math
from collections import Counter
from collections.abc import Sequence


def majority(votes: Sequence[str]) -> str | None:
    """The category that more than half of the votes name, if there is one."""
    if not votes:
        return None
    category, count = Counter(votes).most_common(1)[0]
    return category if 2 * count > len(votes) else None


def labels_wanted(planned: int, votes: Sequence[str], *, third_label: bool) -> int:
    """Labels an item wants: those planned, and one more where these settle nothing.

    With two planned this is "a third label only on disagreement": the majority is that of three labels for everybody,
    for 2 + (1 - agreement) labels an item.

    Args:
        planned: labels foreseen for this item.
        votes: its labels so far, oldest first.
    """
    if not third_label or planned < 2 or len(votes) < planned:
        return planned
    return planned if majority(votes[:planned]) else planned + 1


def disagreement(votes: Sequence[str]) -> float:
    """Entropy of the votes over its largest value: 0 where all agree, 1 where no two do."""
    total = len(votes)
    if total < 2:
        return 0.0
    entropy = -sum(count / total * math.log(count / total) for count in Counter(votes).values())
    return max(0.0, entropy / math.log(total))


def dispute(votes: Sequence[str], *, wanted: int, unclear: bool, uncertainty: float | None) -> float | None:
    """Place of an item in the adjudication queue, highest first; None where nothing needs a decision.

    A decision is needed where every wanted label is there and none has a majority, or where somebody found the query
    unclear. The place is disagreement times the model's uncertainty.

    Args:
        uncertainty: entropy of the classifier's probabilities over its largest value, between 0 and 1; None where no
            classifier has seen the query.
    """
    settled = len(votes) < wanted or majority(votes) is not None
    if settled and not unclear:
        return None
    return max(disagreement(votes), 1.0 if unclear else 0.0) * (1.0 + (uncertainty or 0.0)) / 2.0
