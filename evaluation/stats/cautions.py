"""What a reader must know before quoting the numbers, in full sentences. No participant is named."""

from collections.abc import Iterator, Sequence

import numpy as np

from evaluation.stats.clusters import IDENTICAL
from evaluation.stats.connectivity import beaten_or_tied, layers, single_judgment_bridges
from evaluation.stats.judgments import Judgment
from evaluation.stats.ratings import GroupRatings
from evaluation.stats.results import PairResult, PositionBiasResult, SystemResult
from evaluation.stats.sign_flip import FEWEST
from evaluation.stats.tables import JudgmentTable

FEW_PARTICIPANTS = 10
LARGE_SHARE = 0.3
FEW_REPLICATES = 100
LONGEST_LIST = 300  # characters


def cautions(
    judgments: Sequence[Judgment],
    table: JudgmentTable,
    groups: Sequence[GroupRatings],
    systems: Sequence[SystemResult],
    pairs: Sequence[PairResult],
    position: PositionBiasResult,
    replicates: int,
) -> Iterator[str]:
    """Yield a sentence for each thing that limits what the analysis can say."""
    if not judgments:
        yield "There are no judgments yet, so there is nothing to compute."
        return
    yield from _of_participants(table, pairs)
    yield from _of_design(table, systems, pairs)
    yield from _of_ratings(table, groups)
    yield from _of_position(position, groups)
    yield from _of_times(judgments)
    yield from _of_methods(systems, replicates)


def _of_participants(table: JudgmentTable, pairs: Sequence[PairResult]) -> Iterator[str]:
    people = len(table.participants)
    if people == 1:
        yield "All judgments come from one participant, so there are no intervals and no test can be significant."
    elif people < FEW_PARTICIPANTS:
        yield f"Only {people} participants judged; intervals and tests from so few people are rough."
    short = [pair for pair in pairs if pair.participants < FEWEST]
    if short:
        named = ", ".join(f"{pair.a} – {pair.b} ({pair.participants})" for pair in short[:5])
        more = f" and {len(short) - 5} more" if len(short) > 5 else ""
        yield (
            f"With fewer than {FEWEST} participants no participant-level test can reach 5 %, because p is at least "
            f"2/2^P; this holds for {named}{more}."
        )
    share = np.bincount(table.participant).max() / len(table)
    if people > 1 and share > LARGE_SHARE:
        yield f"One participant gave {share:.0%} of the judgments; the results lean on that person's taste."


def _of_design(table: JudgmentTable, systems: Sequence[SystemResult], pairs: Sequence[PairResult]) -> Iterator[str]:
    never = [system.name for system in systems if not system.judgments]
    if never:
        yield f"Nobody has judged {', '.join(never)} yet, so there are no numbers for it."
    judged = len(systems) - len(never)
    possible = judged * (judged - 1) // 2
    if len(pairs) < possible:
        yield (
            f"Only {len(pairs)} of the {possible} pairs of judged systems met directly; "
            "the others are compared through third systems alone."
        )
    for left, right in single_judgment_bridges(table.cells(by_side=False), len(table.systems)):
        yield (
            f"A single judgment between {table.systems[left]} and {table.systems[right]} is all that holds two parts "
            "of the systems on one scale; the ratings across them hang on it."
        )


def _of_ratings(table: JudgmentTable, groups: Sequence[GroupRatings]) -> Iterator[str]:
    if len(groups) > 1:
        parts = " | ".join(", ".join(table.systems[system] for system in group.systems) for group in groups)
        named = f" ({parts})" if len(parts) < LONGEST_LIST else ""
        yield (
            f"The systems fall into {len(groups)} parts that no judgment connects{named}, so there is no joint "
            "Bradley–Terry rating or ranking, and Elo ratings must not be compared across the parts."
        )
    for group in groups:
        if group.fit.penalised:
            yield _separation(table, group)
        covariance = group.covariance
        if covariance is not None and covariance.penalised_replicates:
            yield (
                f"In {covariance.penalised_replicates} of the {covariance.df + 1} cases in which one participant is "
                "left out no finite Bradley–Terry ratings exist; a penalty held these, so their intervals are rough."
            )
        if covariance is not None and covariance.method == IDENTICAL:
            yield (
                "The participants do not differ from each other at all, so the intervals count each of them as a "
                "single judgment."
            )


def _separation(table: JudgmentTable, group: GroupRatings) -> str:
    cells = table.cells(by_side=False).restricted_to(group.systems)
    graph = beaten_or_tied(cells, cells.totals[None], len(group.systems))[0]
    names = [table.systems[system] for system in group.systems]
    if not cells.totals[:2].any():
        reason = "every judgment is a tie"
    elif len(order := layers(graph)) > 1:
        lists = " above ".join("{" + ", ".join(names[at] for at in layer) + "}" for layer in order)
        reason = f"no system of a higher group was ever beaten or tied by one of a lower: {lists}"
    else:
        reason = "the few ties and wins fit together perfectly"
    return (
        f"No finite maximum-likelihood Bradley–Terry ratings exist, since {reason}; they are held finite by a penalty "
        "of half a win and half a loss of each system against an average one; trust the order, not the distances."
    )


def _of_position(position: PositionBiasResult, groups: Sequence[GroupRatings]) -> Iterator[str]:
    if position.p is not None and position.p < 0.05:
        side = "first" if position.first > position.second else "second"
        mend = "; compare each rating with the one adjusted for position" if position.delta is not None else ""
        yield (
            f"The playlist shown {side} won more often than chance allows (first {position.first}, second "
            f"{position.second}, p = {position.p:.2g}){mend}."
        )
    if len(groups) == 1 and groups[0].position is None:
        yield "The sides were not varied enough to tell a preference for a side from one for a system."


def _of_times(judgments: Sequence[Judgment]) -> Iterator[str]:
    naive = sum(judgment.created_at.utcoffset() is None for judgment in judgments)
    if 0 < naive < len(judgments):
        yield f"{naive} of {len(judgments)} times have no zone and were read as UTC beside others that have one."
    shared = len(judgments) - len({judgment.instant for judgment in judgments})
    if shared:
        yield f"Judgments with the time of an earlier one: {shared}; Elo took those of equal time in file order."


def _of_methods(systems: Sequence[SystemResult], replicates: int) -> Iterator[str]:
    if replicates < FEW_REPLICATES:
        yield f"Only {replicates} resamples were drawn, so the Elo intervals and the shares of first places are rough."
    spread = max((system.elo_order_sd for system in systems if system.elo_order_sd is not None), default=0.0)
    yield (
        f"Elo depends on K, which nobody can read from the data, and on the order of the judgments: over random orders "
        f"of these it varies by up to {spread:.1f} points (standard deviation). Rank by Bradley–Terry."
    )
    yield (
        "Mann–Whitney takes judgments as independent and here counts each one on both sides, so its p-values are too "
        "small (about 17 % false alarms at 5 %, more the more a participant judges); rely on the test by participant."
    )
