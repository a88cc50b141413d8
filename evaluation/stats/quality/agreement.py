"""Whether participants who judged the same query and pair say the same."""

from dataclasses import dataclass

import numpy as np

from evaluation.stats.tables import JudgmentTable

METHOD = "Krippendorff's alpha, nominal; items are a query with a pair, categories the two systems and the tie"


@dataclass(frozen=True)
class Agreement:
    """Agreement over items that two participants or more judged.

    Attributes:
        alpha: 1 is perfect, 0 what chance gives; None where there is no such item or one answer only.
        items: how many such items there are.
        judgments: of them; a participant's first one of each.
        method: how alpha was computed.
    """

    alpha: float | None
    items: int
    judgments: int
    method: str = METHOD


def agreement(table: JudgmentTable) -> Agreement | None:
    """Krippendorff's alpha over repeated items; None if the table does not know its queries.

    A participant who judged an item again counts with the first judgment.

    References:
        K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011, section C:
        alpha = 1 - (n - 1) (n - sum o_cc) / (n^2 - sum n_c^2), o_cc summing r (r - 1) / (m - 1) over items.
    """
    if table.query is None:
        return None
    low, high = np.minimum(table.first, table.second), np.maximum(table.first, table.second)
    item = np.unique(np.column_stack([table.query, low, high]), axis=0, return_inverse=True)[1].ravel()
    _, first = np.unique(np.column_stack([item, table.participant]), axis=0, return_index=True)
    item = item[first]
    score = np.where(table.first < table.second, table.score, 1.0 - table.score)[first]
    answer = np.where(score == 1.0, 0, np.where(score == 0.0, 1, 2))
    size = int(item.max(initial=-1)) + 1
    counts = np.bincount(item * 3 + answer, minlength=3 * size).reshape(size, 3).astype(float)
    counts = counts[counts.sum(axis=1) >= 2]
    judged = counts.sum(axis=1)
    n = float(judged.sum())
    matched = float((counts * (counts - 1)).sum(axis=1) @ (1 / (judged - 1)))
    chance = n**2 - float((counts.sum(axis=0) ** 2).sum())
    alpha = 1 - (n - 1) * (n - matched) / chance if chance > 0 else None
    return Agreement(alpha, len(counts), int(n))
