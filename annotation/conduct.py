"""What an annotator's last labels look like: pace, haste, streaks, gold score. Something to look at, not a verdict.

Core: no Django.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from annotation.intervals import wilson

HASTY = 0.4  # seconds; nobody reads a query in less
HASTY_SHARE = 0.05
FEWEST_LABELS = 20
RARE = 0.001
IDLE = 60.0  # seconds; who takes longer has looked away


@dataclass(frozen=True, slots=True)
class Conduct:
    """What the last labels of one annotator show.

    Attributes:
        labels: how many were looked at.
        median_seconds: per label, idle time over a minute cut; None where none was timed.
        hasty: labels given in under 0.4 s.
        streak: the longest run of one category, 0 without labels.
        streak_category: which.
        look: `haste` and `streak`, where they are worth a look.
    """

    labels: int
    median_seconds: float | None
    hasty: int
    streak: int
    streak_category: str
    look: tuple[str, ...]


def conduct(labels: Sequence[tuple[str, float | None]], *, shares: Mapping[str, float]) -> Conduct:
    """Describe labels, as (category, seconds) in the order they were given.

    A streak is worth a look where chance would make one as long less than once in a thousand times.

    Args:
        shares: how frequent each category is among everybody's labels.
    """
    timed = [seconds for _, seconds in labels if seconds is not None]
    hasty = sum(seconds < HASTY for seconds in timed)
    runs = [(len(list(run)), category) for category, run in groupby(category for category, _ in labels)]
    streak, category = max(runs, key=lambda run: run[0], default=(0, ""))
    look = []
    if len(timed) >= FEWEST_LABELS and hasty > HASTY_SHARE * len(timed):
        look.append("haste")
    if len(labels) >= FEWEST_LABELS and chance_of_run(streak, len(labels), shares.get(category, 0.0)) < RARE:
        look.append("streak")
    return Conduct(
        labels=len(labels),
        median_seconds=median(min(seconds, IDLE) for seconds in timed) if timed else None,
        hasty=hasty,
        streak=streak,
        streak_category=category,
        look=tuple(look),
    )


def chance_of_run(length: int, labels: int, share: float) -> float:
    """At most how likely a run of `length` or more of a category of this share is in so many independent labels.

    Boole's bound over the places where the run can start (Feller, An Introduction to Probability Theory, I, XIII.7).
    """
    if length <= 0:
        return 1.0
    starts = 1 + max(0, labels - length) * (1 - share)
    return min(1.0, starts * share**length)


def category_shares(
    samples: Sequence[Sequence[tuple[str, float | None]]], categories: Sequence[str]
) -> dict[str, float]:
    """How frequent each category is: every annotator weighs the same, and so does an even share of all categories.

    So no single annotator sets the norm, and a category that nobody has chosen yet is no miracle.
    """
    total = {category: 1 / len(categories) for category in categories}
    given = [labels for labels in samples if labels]
    for labels in given:
        for category, count in Counter(category for category, _ in labels).items():
            total[category] = total.get(category, 0.0) + count / len(labels)
    return {category: weight / (len(given) + 1) for category, weight in total.items()}


@dataclass(frozen=True, slots=True)
class Score:
    """Right answers to gold questions, with Wilson's 95 % interval."""

    right: int
    seen: int
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.right / self.seen


def gold_score(right: int, seen: int) -> Score | None:
    """The share of right answers with Wilson's interval; None before the first question."""
    if not seen:
        return None
    low, high = wilson(right, seen)
    return Score(right=right, seen=seen, low=low, high=high)
