"""Which systems and judgments keep maximum likelihood from a finite answer, by name."""

from collections.abc import Sequence

from evaluation.stats.connectivity import beaten_or_tied, layers, single_judgment_bridges
from evaluation.stats.fit_results import SeparationResult
from evaluation.stats.ratings import GroupRatings
from evaluation.stats.results import WinMatrix
from evaluation.stats.tables import JudgmentTable


def separation(
    table: JudgmentTable, groups: Sequence[GroupRatings], wins: WinMatrix, *, replicates: int
) -> SeparationResult:
    """Name the undefeated, the never-winning, the unconnected and the bridges; count the replicates without an answer.

    References:
        L. R. Ford, Amer. Math. Monthly 64(8), 1957 (layers); see `connectivity` and `RatingModel.best`.
    """
    names = table.systems
    size = range(len(names))
    judged = {system for group in groups for system in group.systems}
    people = len(table.participants)
    counts = tuple(group.penalised_resamples for group in groups)
    return SeparationResult(
        finite=not any(group.fit.penalised for group in groups) if groups else None,
        components=tuple(tuple(names[system] for system in group.systems) for group in groups),
        undefeated=tuple(names[i] for i in size if i in judged and not any(wins.wins[j][i] for j in size)),
        never_won=tuple(names[i] for i in size if i in judged and not any(wins.wins[i])),
        layers=tuple(found for group in groups if len(found := _layers(group, names)) > 1),
        bridges=tuple(
            (names[left], names[right])
            for left, right in single_judgment_bridges(table.cells(by_side=False), len(names))
        ),
        resamples=replicates if people > 1 else 0,
        penalised_resamples=counts,
        penalised_resamples_share=tuple(None if count is None else count / replicates for count in counts),
        penalised_left_out=tuple(_left_out(group) for group in groups),
    )


def _layers(group: GroupRatings, names: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    cells = group.model.cells
    graph = beaten_or_tied(cells, cells.totals[None], len(group.systems))[0]
    return tuple(tuple(names[group.systems[at]] for at in layer) for layer in layers(graph))


def _left_out(group: GroupRatings) -> int | None:
    covariance = group.covariance
    if covariance is None or not covariance.left_out:
        return None
    return covariance.left_out if group.fit.penalised else covariance.penalised_replicates
