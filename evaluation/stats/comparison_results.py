"""What a comparison of two studies says. The names of the fields are the keys of its JSON."""

from dataclasses import dataclass
from typing import Any, Literal

from evaluation.stats.results import Bounds, Note, plain

Relation = Literal["agree", "contradict", "only_first", "only_second", "neither"]


@dataclass(frozen=True)
class StudySummary:
    """One of the two; `systems` counts those that were judged, `participants` is None where nobody knows who judged."""

    label: str
    judgments: int
    participants: int | None
    ties: int
    systems: int


@dataclass(frozen=True)
class CommonSystem:
    """A system of both; ratings are on the Elo scale with mean 1500 over the common systems, first study first."""

    name: str
    judgments: tuple[int, int]
    bt: tuple[float, float]
    bt_ci: tuple[Bounds | None, Bounds | None]


@dataclass(frozen=True)
class GapComparison:
    """The rating of `a` less that of `b` in both studies, in Elo points.

    Attributes:
        judgments: of the two against each other.
        gap_p_holm: of no gap, by each study alone, corrected over the common pairs.
        difference: the first study's gap less the second's; its interval, statistic, df and p are Welch's.
        p_holm: corrected over the common pairs.
        relation: `agree` and `contradict` where both studies show a gap at 5 %, `only_first` and `only_second` where
            one does, else `neither`. That only one shows it is no proof that the two differ: read `p_holm` for that.
    """

    a: str
    b: str
    judgments: tuple[int, int]
    gap: tuple[float, float]
    gap_ci: tuple[Bounds | None, Bounds | None]
    gap_p_holm: tuple[float | None, float | None]
    difference: float
    difference_ci: Bounds | None
    statistic: float | None
    df: float | None
    p: float | None
    p_holm: float | None
    relation: Relation


@dataclass(frozen=True)
class Homogeneity:
    """The test that all gaps are the same in both; F on `df_1` and `df_2`."""

    test: str
    statistic: float
    df_1: int
    df_2: float
    p: float


@dataclass(frozen=True)
class Comparison:
    """Two studies; None are `homogeneity` with too few participants, `shared_participants` where nobody knows them."""

    first: StudySummary
    second: StudySummary
    shared_participants: int | None
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    systems: tuple[CommonSystem, ...]
    gaps: tuple[GapComparison, ...]
    homogeneity: Homogeneity | None
    method: str | None
    notes: tuple[Note, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain lists, dictionaries, strings and finite numbers; what has no value is None."""
        told: dict[str, Any] = plain(self)
        return told
