"""How each system fared when it was shown first, and when second."""

from dataclasses import dataclass

import numpy as np

from evaluation.stats.arrays import FloatArray
from evaluation.stats.breakdown import WILSON
from evaluation.stats.halves import LEAST_JUDGMENTS, LEAST_PARTICIPANTS, enough
from evaluation.stats.intervals import cluster_rate
from evaluation.stats.results import Bounds
from evaluation.stats.tables import JudgmentTable
from evaluation.stats.units import named


@dataclass(frozen=True)
class SideRate:
    """A system on one side; without a rate where there are too few judgments."""

    judgments: int
    participants: int | None
    win_rate: float | None
    win_rate_ci: Bounds | None


@dataclass(frozen=True)
class SystemSides:
    name: str
    first: SideRate
    second: SideRate


@dataclass(frozen=True)
class RatesBySide:
    """Win rates by side; opponents differ between systems, sides of one system hardly do."""

    method: str
    least_judgments: int
    least_participants: int
    systems: tuple[SystemSides, ...]


def rates_by_side(table: JudgmentTable) -> RatesBySide | None:
    """Rate each system on either side, ties one half; None without judgments."""
    if not len(table):
        return None
    systems = tuple(
        SystemSides(
            name,
            first=_rate(table, table.first == number, table.score),
            second=_rate(table, table.second == number, 1.0 - table.score),
        )
        for number, name in enumerate(table.systems)
    )
    return RatesBySide(named(WILSON, table.unit), LEAST_JUDGMENTS, LEAST_PARTICIPANTS, systems)


def _rate(table: JudgmentTable, shown: FloatArray, scores: FloatArray) -> SideRate:
    people = len(table.participants)
    judged = np.bincount(table.participant[shown], minlength=people).astype(float)
    won = np.asarray(np.bincount(table.participant[shown], scores[shown], minlength=people), dtype=float)
    total, asked = int(judged.sum()), int((judged > 0).sum())
    rate = cluster_rate(won, judged) if enough(total, asked) else None
    return SideRate(total, table.people(asked), rate.value if rate else None, rate.interval if rate else None)
