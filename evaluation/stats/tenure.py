"""Do people judge differently once they have judged some?

Each judgment is labelled by its number in its participant's own sequence, in classes.
"""

from dataclasses import replace

import numpy as np

from evaluation.stats.arrays import IntArray
from evaluation.stats.tables import JudgmentTable, Labels

FIRST, LATER = "first", "later"
CLASSES = ((5, "1-5"), (10, "6-10"), (20, "11-20"))
"""The last judgment of a class and its name; everything after is the last class."""
REST = "21+"
HALVES = {"1-5": FIRST, "6-10": LATER, "11-20": LATER, "21+": LATER}
"""Class to half, for `break_down`: a participant's first five judgments against all later ones."""


def judgment_numbers(table: JudgmentTable) -> IntArray:
    """Which judgment of its participant each is, from 1, in the table's order; shape (judgments,)."""
    order = np.argsort(table.participant, kind="stable")
    people = table.participant[order]
    starts = np.flatnonzero(np.concatenate([[True], people[1:] != people[:-1]])) if len(people) else people
    lengths = np.diff(np.concatenate([starts, [len(people)]]))
    numbers = np.empty(len(people), dtype=np.intp)
    numbers[order] = np.arange(len(people)) - np.repeat(starts, lengths) + 1
    return numbers


def with_tenure(table: JudgmentTable) -> JudgmentTable:
    """The table with the label `tenure`."""
    numbers = judgment_numbers(table)
    classes = np.searchsorted([last for last, _ in CLASSES], numbers)
    names = np.array([*(name for _, name in CLASSES), REST], dtype=object)
    return replace(table, labels={**table.labels, "tenure": Labels.from_texts(names[classes].tolist())})
