"""What would come out with other judgments: some left out, and what changes then."""

from dataclasses import dataclass

import numpy as np

from evaluation.stats.arrays import BoolArray, FloatArray, IntArray
from evaluation.stats.quick import QuickAnalysis, QuickPair
from evaluation.stats.tables import JudgmentTable

LEVEL = 0.05


@dataclass(frozen=True)
class Selection:
    """Which judgments are left out.

    Attributes:
        without_participants: indices into the table's participants.
        without_systems: names; every judgment of one of them goes.
        without_categories: of queries; the empty one means those without a category.
        without_languages: likewise.
        least: participants with fewer judgments than this, after all else, go too.
        since: microseconds since 1970 (UTC) of the first moment that counts; None for no bound.
        until: of the first moment that no longer counts.
    """

    without_participants: frozenset[int] = frozenset()
    without_systems: frozenset[str] = frozenset()
    without_categories: frozenset[str] = frozenset()
    without_languages: frozenset[str] = frozenset()
    least: int = 1
    since: int | None = None
    until: int | None = None


def select(table: JudgmentTable, selection: Selection) -> JudgmentTable:
    """The judgments that stay; systems and participants keep their places."""
    kept = ~np.isin(table.participant, sorted(selection.without_participants))
    gone = [at for at, name in enumerate(table.systems) if name in selection.without_systems]
    kept &= ~(np.isin(table.first, gone) | np.isin(table.second, gone))
    for label, without in (
        ("category", selection.without_categories),
        ("language", selection.without_languages),
    ):
        if without and label in table.labels:
            labels = table.labels[label]
            kept &= ~np.isin(labels.of, [at for at, name in enumerate(labels.names) if name in without])
    if table.microseconds is not None:
        if selection.since is not None:
            kept &= table.microseconds >= selection.since
        if selection.until is not None:
            kept &= table.microseconds < selection.until
    if selection.least > 1:
        left = np.bincount(table.participant[kept], minlength=len(table.participants))
        kept &= (left >= selection.least)[table.participant]
    return table if kept.all() else table.where(_mask(kept))


def _mask(values: object) -> BoolArray:
    return np.asarray(values, dtype=np.bool_)


@dataclass(frozen=True)
class ParticipantProfile:
    """How one participant judged.

    Attributes:
        participant: index into the table's participants.
        tie_share: of the judgments, those that called both equivalent.
        first_share: of the decisive judgments, those for the playlist shown first; None without a decisive one.
        agreement: the chance that a judgment of the same pair by somebody else goes the same way, ties counting one
            half, averaged over this participant's judgments that anybody else's stand beside; 1/2 is chance.
    """

    participant: int
    judgments: int
    tie_share: float
    first_share: float | None
    agreement: float | None


def participant_profiles(table: JudgmentTable) -> tuple[ParticipantProfile, ...]:
    """One profile per participant with a judgment, in the table's order. Disagreeing is taste before it is a fault."""
    people = len(table.participants)
    n = np.bincount(table.participant, minlength=people)
    ties = np.bincount(table.participant[table.score == 0.5], minlength=people)
    first = np.bincount(table.participant[table.score == 1.0], minlength=people)
    agreement = _agreement(table, people)
    decisive = n - ties
    return tuple(
        ParticipantProfile(
            participant=person,
            judgments=int(n[person]),
            tie_share=float(ties[person] / n[person]),
            first_share=float(first[person] / decisive[person]) if decisive[person] else None,
            agreement=float(agreement[person]) if np.isfinite(agreement[person]) else None,
        )
        for person in np.flatnonzero(n).tolist()
    )


def _agreement(table: JudgmentTable, people: int) -> FloatArray:
    """Of everyone: mean of s m + (1 - s)(1 - m), with m the others' mean score on the pair; nan with no others."""
    forward = table.first < table.second
    size = max(len(table.systems), 1)
    pair: IntArray = np.where(forward, table.first * size + table.second, table.second * size + table.first)
    score = np.where(forward, table.score, 1 - table.score)
    codes, row = np.unique(pair, return_inverse=True)
    own, place = np.unique(table.participant * max(len(codes), 1) + row, return_inverse=True)
    mine, my_score = np.bincount(place, minlength=len(own)), np.bincount(place, score, len(own))
    total, total_score = np.bincount(row, minlength=len(codes)), np.bincount(row, score, len(codes))
    others = (total[row] - mine[place]).astype(float)
    known = others > 0
    mean = (total_score[row] - my_score[place])[known] / others[known]
    same = score[known] * mean + (1 - score[known]) * (1 - mean)
    counted = np.bincount(table.participant[known], minlength=people)
    summed = np.bincount(table.participant[known], same, people)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(counted > 0, summed / np.maximum(counted, 1), np.nan), dtype=float)


@dataclass(frozen=True)
class Changes:
    """What differs between an analysis and the same with something else in it.

    Attributes:
        leader_before: the system with the highest rating; None where there are no joint ratings.
        leader_after: likewise.
        compared: pairs that were tested in both.
        significant_before: of all pairs tested before, those below 5 % (Holm).
        kept: of these, the pairs that still are, in the same direction.
        lost: of these, the pairs that were tested and no longer are.
        untested: of these, the pairs that are not tested any more.
        gained: pairs tested in both that are significant only now.
        turned: of those significant before, the pairs significant in the other direction now.
        largest_move: system and the points by which its rating moved most; None where none is rated in both.
        order_kept: whether the systems rated in both stand in the same order.
    """

    leader_before: str | None
    leader_after: str | None
    compared: int
    significant_before: int
    kept: tuple[tuple[str, str], ...]
    lost: tuple[tuple[str, str], ...]
    untested: tuple[tuple[str, str], ...]
    gained: tuple[tuple[str, str], ...]
    turned: tuple[tuple[str, str], ...]
    largest_move: tuple[str, float] | None
    order_kept: bool | None


def changes(before: QuickAnalysis, after: QuickAnalysis) -> Changes:
    """Put two analyses of the same systems beside each other."""
    was = {(pair.a, pair.b): pair for pair in before.pairs if pair.p_holm is not None}
    now = {(pair.a, pair.b): pair for pair in after.pairs if pair.p_holm is not None}
    shown = [names for names, pair in was.items() if _direction(pair)]
    both = [names for names in was if names in now]
    old, new = _ratings(before), _ratings(after)
    moves = [(name, new[name] - old[name]) for name in old if name in new]
    common = {name for name, _ in moves}
    return Changes(
        leader_before=max(old, key=lambda name: old[name], default=None),
        leader_after=max(new, key=lambda name: new[name], default=None),
        compared=len(both),
        significant_before=len(shown),
        kept=tuple(names for names in shown if names in now and _direction(now[names]) == _direction(was[names])),
        lost=tuple(names for names in shown if names in now and not _direction(now[names])),
        untested=tuple(names for names in shown if names not in now),
        gained=tuple(names for names in both if _direction(now[names]) and not _direction(was[names])),
        turned=tuple(names for names in shown if names in now and _direction(now[names]) == -_direction(was[names])),
        largest_move=max(moves, key=lambda move: abs(move[1])) if moves else None,
        order_kept=_order(old, common) == _order(new, common) if len(common) > 1 else None,
    )


def _ratings(analysis: QuickAnalysis) -> dict[str, float]:
    return {system.name: system.bt for system in analysis.systems if system.bt is not None}


def _order(ratings: dict[str, float], names: set[str]) -> list[str]:
    return sorted(names, key=lambda name: (-ratings[name], name))


def _direction(pair: QuickPair) -> int:
    """1 where the first system is shown to be preferred, -1 where the second is, 0 where neither is."""
    if pair.p_holm is None or pair.p_holm >= LEVEL:
        return 0
    return 1 if pair.win_rate_a > 0.5 else -1
