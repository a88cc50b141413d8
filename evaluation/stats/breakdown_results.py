"""What a breakdown says. The names of the fields are the keys of its JSON; those that are None have no value."""

from dataclasses import dataclass

from evaluation.stats.results import Bounds, ParticipantTestResult


@dataclass(frozen=True)
class SystemShare:
    """One system among the judgments of one group; without a rate where there are too few.

    `participants` is None, here and below, where judgments do not say who made them.
    """

    name: str
    judgments: int
    participants: int | None
    wins: int
    losses: int
    ties: int
    win_rate: float | None
    win_rate_ci: Bounds | None
    effective_judgments: float | None


@dataclass(frozen=True)
class Group:
    """The judgments with one label, or of one half.

    Attributes:
        value: the label, or the name of the half.
        half: which half the label belongs to; None where nobody said.
        note: why there are no rates; empty where there are some.
    """

    value: str
    half: str | None
    judgments: int
    participants: int | None
    ties: int
    systems: tuple[SystemShare, ...]
    note: str


@dataclass(frozen=True)
class HalfPair:
    """Two systems among the judgments of one half; without rate and test where there are too few."""

    half: str
    a: str
    b: str
    judgments: int
    participants: int | None
    wins_a: int
    wins_b: int
    ties: int
    win_rate_a: float | None
    win_rate_a_ci: Bounds | None
    by_participant: ParticipantTestResult | None
    note: str


@dataclass(frozen=True)
class Contrast:
    """Whether the preference between two systems differs between the halves.

    Attributes:
        difference: win rate of a in the first half, less the same in the second.
        judgments: in the first half and in the second; `participants` likewise.
        in_both: participants who judged the pair in both halves.
        replicates: resamples in which both halves were there.
        note: why it, or its p, cannot be told; empty where they can.
    """

    a: str
    b: str
    judgments: tuple[int, int]
    participants: tuple[int, int] | None
    in_both: int | None
    difference: float | None
    difference_ci: Bounds | None
    test: str
    statistic: float | None
    df: int | None
    p: float | None
    p_holm: float | None
    replicates: int
    note: str
    p_bonferroni: float | None
    p_bh: float | None


@dataclass(frozen=True)
class Breakdown:
    """Results by a label of the judgments.

    Attributes:
        by: the label: `category`, `language` or `tenure`.
        halves: names of the two halves, the first of a contrast first; empty where there are none.
        least_participants: fewer get no rate, and so with `least_judgments`.
        interval: method of every `win_rate_ci` and `win_rate_a_ci`.
        contrast: method of every `difference_ci`.
        tests: p-values that `p_holm` is corrected over: of all pairs in both halves and of all contrasts.
        unlabelled: judgments without the label, which nothing here counts.
        in_no_half: judgments whose label belongs to no half.
        never_asked: labels of a half that no judgment has.
    """

    by: str
    halves: tuple[str, ...]
    least_participants: int
    least_judgments: int
    interval: str
    contrast: str
    tests: int
    unlabelled: int
    in_no_half: int
    never_asked: tuple[str, ...]
    by_half: tuple[Group, ...]
    values: tuple[Group, ...]
    pairs: tuple[HalfPair, ...]
    contrasts: tuple[Contrast, ...]
    notes: tuple[str, ...]
