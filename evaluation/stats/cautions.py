"""What a reader must know before quoting the numbers: rules, each of which finds one weakness of the judgments.

A weakness has one rule: what only follows from it (a bridge of one judgment is also a pair that few participants
judged, and perhaps ratings without a finite maximum) is not said again. Remarks on the methods, which hold for any
judgments, are in `notes.py`.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.stats import chisquare

from evaluation.stats.arrays import IntArray
from evaluation.stats.caution_texts import caution
from evaluation.stats.cells import Cells
from evaluation.stats.clusters import IDENTICAL
from evaluation.stats.connectivity import (
    beaten_or_tied,
    components,
    layers,
    single_judgment_bridges,
    strongly_connected,
)
from evaluation.stats.ratings import GroupRatings
from evaluation.stats.results import Caution, PairResult, PositionBiasResult, SystemResult
from evaluation.stats.sign_flip import FEWEST
from evaluation.stats.tables import JudgmentTable

FEW_PARTICIPANTS = 10  # below, a t quantile exceeds the normal one by 15 %, and one person moves everything
LARGE_SHARE = 0.3  # of one participant; the effective number of participants is then below 1 / 0.3^2 = 11
LARGE_TIMES = 1.5  # and as many times an even share: three people have a third each, which is no surprise
MOST_UNANSWERED = 0.1  # with more, a preference of the silent as strong as 3 to 1 moves a rate by over 2.5 points
MOST_GROUPS = 3  # of systems without finite ratings, named one by one
UNEQUAL_TIMES = 2.0  # the commonest pair to the rarest: the rarer one's interval is then wider by 41 %
UNEQUAL_P = 0.001  # of pairs drawn evenly; a small study is unequal by chance
SIDE_P = 0.05
FALSE_ALARMS = {2: 0.083, 3: 0.107, 4: 0.126, 5: 0.142, 10: 0.193, 20: 0.248, 50: 0.320, 100: 0.374}
"""Chance of p < 5 % at any of so many evenly spaced looks (Armitage, McPherson and Rowe, J. R. Statist. Soc. A 132,
1969)."""


@dataclass(frozen=True)
class Facts:
    """What the rules look at."""

    table: JudgmentTable
    groups: Sequence[GroupRatings]
    systems: Sequence[SystemResult]
    pairs: Sequence[PairResult]
    position: PositionBiasResult
    trials: int | None
    looks: int | None

    @cached_property
    def cells(self) -> Cells:
        return self.table.cells(by_side=False)

    @cached_property
    def bridges(self) -> frozenset[tuple[int, int]]:
        """Pairs whose one judgment holds two parts together."""
        return frozenset(single_judgment_bridges(self.cells, len(self.table.systems)))

    @cached_property
    def sturdy(self) -> Cells:
        """The cells without the bridges."""
        return without(self.cells, self.bridges)

    @cached_property
    def sturdy_pairs(self) -> list[PairResult]:
        names = {(self.table.systems[left], self.table.systems[right]) for left, right in self.bridges}
        return [pair for pair in self.pairs if (pair.a, pair.b) not in names]

    @property
    def by_participant(self) -> bool:
        return self.table.unit == "participant"


Rule = Callable[[Facts], Iterator[Caution]]


def cautions(facts: Facts) -> Iterator[Caution]:
    """What each rule finds, in the order of `RULES`."""
    if not len(facts.table):
        yield caution("no_judgments")
        return
    for rule in RULES:
        yield from rule(facts)


def unknown_participants(facts: Facts) -> Iterator[Caution]:
    if not facts.by_participant:
        yield caution("no_participants")


def few_participants(facts: Facts) -> Iterator[Caution]:
    people = len(facts.table.participants)
    if not facts.by_participant:
        return
    if people == 1:
        yield caution("one_participant")
    elif people < FEWEST:
        yield caution("too_few_participants", participants=people, needed=FEWEST)
    elif people < FEW_PARTICIPANTS:
        yield caution("few_participants", participants=people)


def few_participants_on_pair(facts: Facts) -> Iterator[Caution]:
    if not facts.by_participant or len(facts.table.participants) < FEWEST:
        return
    short = [pair for pair in facts.sturdy_pairs if pair.participants is not None and pair.participants < FEWEST]
    if short:
        named = [f"{pair.a} – {pair.b}: {pair.participants}" for pair in short]
        yield caution("few_participants_on_pair", needed=FEWEST, count=len(short), pairs=named)


def large_share(facts: Facts) -> Iterator[Caution]:
    people = len(facts.table.participants)
    share = float(np.bincount(facts.table.participant).max()) / len(facts.table)
    if facts.by_participant and people > 1 and share > max(LARGE_SHARE, LARGE_TIMES / people):
        yield caution("large_share", share=share)


def unanswered(facts: Facts) -> Iterator[Caution]:
    if facts.trials is None:
        return
    left = facts.trials - len(facts.table)
    if left > MOST_UNANSWERED * facts.trials:
        yield caution("unanswered", unanswered=left, trials=facts.trials, share=left / facts.trials)


def peeking(facts: Facts) -> Iterator[Caution]:
    if facts.looks is None or facts.looks < 2:
        return
    counted = sorted(FALSE_ALARMS)
    alarms = FALSE_ALARMS[counted[bisect_right(counted, facts.looks) - 1]]
    yield caution("peeking", looks=facts.looks, alarms=alarms)


def never_judged(facts: Facts) -> Iterator[Caution]:
    never = [system.name for system in facts.systems if not system.judgments]
    if never:
        yield caution("never_judged", systems=never)


def pairs_not_met(facts: Facts) -> Iterator[Caution]:
    """Pairs that did not meet within parts that more than one judgment holds together."""
    parts = components(facts.sturdy, len(facts.table.systems))
    within = sum(len(part) * (len(part) - 1) // 2 for part in parts)
    if len(facts.sturdy_pairs) < within:
        judged = sum(1 for system in facts.systems if system.judgments)
        yield caution("pairs_not_met", met=len(facts.pairs), possible=judged * (judged - 1) // 2)


def single_bridge(facts: Facts) -> Iterator[Caution]:
    for left, right in sorted(facts.bridges):
        yield caution("single_bridge", a=facts.table.systems[left], b=facts.table.systems[right])


def unequal_pairs(facts: Facts) -> Iterator[Caution]:
    if len(facts.sturdy_pairs) < 2:
        return
    least = min(facts.sturdy_pairs, key=lambda pair: pair.judgments)
    most = max(facts.sturdy_pairs, key=lambda pair: pair.judgments)
    if most.judgments < UNEQUAL_TIMES * least.judgments:
        return
    if chisquare([pair.judgments for pair in facts.sturdy_pairs]).pvalue < UNEQUAL_P:
        yield caution(
            "unequal_pairs",
            least=least.judgments,
            rarest=f"{least.a} – {least.b}",
            most=most.judgments,
            commonest=f"{most.a} – {most.b}",
        )


def disconnected(facts: Facts) -> Iterator[Caution]:
    if len(facts.groups) > 1:
        parts = [[facts.table.systems[system] for system in group.systems] for group in facts.groups]
        yield caution("disconnected", count=len(parts), parts=parts)


def no_finite_ratings(facts: Facts) -> Iterator[Caution]:
    """The groups without finite ratings, each by its reason, or their number where a reader would stop reading."""
    infinite = [group for group in facts.groups if group.fit.penalised and not _finite_but_for_bridges(facts, group)]
    if len(infinite) > MOST_GROUPS:
        yield caution("infinite_in_groups", count=len(infinite), groups=len(facts.groups))
        return
    for group in infinite:
        yield _separation(facts, group)


def fragile_fit(facts: Facts) -> Iterator[Caution]:
    """Participants without whom ratings were infinite, those of bridges aside."""
    known = len(_makers_of_bridges(facts)) if facts.bridges else 0
    fragile = [
        group.covariance
        for group in facts.groups
        if group.covariance is not None and group.covariance.penalised_replicates > known
    ]
    if len(fragile) > MOST_GROUPS:
        yield caution("fragile_groups", count=len(fragile), groups=len(facts.groups))
        return
    for covariance in fragile:
        if facts.by_participant:
            yield caution("fragile_fit", cases=covariance.penalised_replicates, participants=covariance.df + 1)
        else:
            yield caution("fragile_fit_by_judgment", cases=covariance.penalised_replicates, judgments=covariance.df + 1)


def identical_participants(facts: Facts) -> Iterator[Caution]:
    if any(group.covariance is not None and group.covariance.method == IDENTICAL for group in facts.groups):
        yield caution("identical_participants")


def side_bias(facts: Facts) -> Iterator[Caution]:
    """By the exact test and by the interval over participants: a few people's habit is not everybody's."""
    position = facts.position
    if position.p is None or position.p >= SIDE_P:
        return
    bounds = position.share_first_ci
    if bounds is None or not bounds[0] <= 0.5 <= bounds[1]:
        yield caution("side_bias", first=position.first, second=position.second, p=position.p)


def sides_not_varied(facts: Facts) -> Iterator[Caution]:
    if len(facts.groups) == 1 and facts.groups[0].position is None:
        yield caution("sides_not_varied")


def mixed_zones(facts: Facts) -> Iterator[Caution]:
    if 0 < facts.table.zoneless < len(facts.table):
        yield caution("mixed_zones", zoneless=facts.table.zoneless, judgments=len(facts.table))


RULES: tuple[Rule, ...] = (
    unknown_participants,
    few_participants,
    few_participants_on_pair,
    large_share,
    unanswered,
    peeking,
    never_judged,
    pairs_not_met,
    single_bridge,
    unequal_pairs,
    disconnected,
    no_finite_ratings,
    fragile_fit,
    identical_participants,
    side_bias,
    sides_not_varied,
    mixed_zones,
)


def without(cells: Cells, pairs: frozenset[tuple[int, int]]) -> Cells:
    """The cells but for some pairs; the participants stay."""
    judged = zip(cells.left.tolist(), cells.right.tolist(), strict=True)
    kept = np.array([at for at, pair in enumerate(judged) if pair not in pairs], dtype=np.intp)
    columns = np.concatenate([kept, cells.rows + kept, 2 * cells.rows + kept])
    return Cells(cells.left[kept], cells.right[kept], cells.side[kept], cells.counts[:, columns], unit=cells.unit)


def _makers_of_bridges(facts: Facts) -> IntArray:
    first, second = facts.table.first, facts.table.second
    size = len(facts.table.systems)
    code = np.minimum(first, second) * size + np.maximum(first, second)
    bridges = [left * size + right for left, right in facts.bridges]
    return np.unique(facts.table.participant[np.isin(code, bridges)])


def _finite_but_for_bridges(facts: Facts, group: GroupRatings) -> bool:
    """Whether each part that the bridges hold together has finite ratings of its own."""
    if not facts.bridges:
        return False
    n_systems = len(facts.table.systems)
    graph = beaten_or_tied(facts.sturdy, facts.sturdy.totals[None], n_systems)[0]
    parts = [part for part in components(facts.sturdy, n_systems) if set(part) <= set(group.systems)]
    return all(bool(strongly_connected(graph[np.ix_(part, part)][None])[0]) for part in parts)


def _separation(facts: Facts, group: GroupRatings) -> Caution:
    cells = facts.cells.restricted_to(group.systems)
    graph = beaten_or_tied(cells, cells.totals[None], len(group.systems))[0]
    if not cells.totals[:2].any():
        return caution("all_ties")
    if len(order := layers(graph)) > 1:
        names = [facts.table.systems[system] for system in group.systems]
        return caution("unbeaten", layers=[[names[at] for at in layer] for layer in order])
    return caution("perfect_fit")
