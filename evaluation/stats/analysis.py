"""The whole analysis of a set of judgments."""

from collections.abc import Iterable, Mapping, Sequence

from evaluation.stats.breakdown import break_down
from evaluation.stats.cautions import cautions
from evaluation.stats.elo import START
from evaluation.stats.errors import StatisticsError
from evaluation.stats.judgments import Judgment
from evaluation.stats.pairs import compare_pairs
from evaluation.stats.position import BINOMIAL, position_bias
from evaluation.stats.ratings import GroupRatings, all_equal_test, rate_groups
from evaluation.stats.results import (
    AllEqualResult,
    Analysis,
    ComponentRating,
    ModelResult,
    PositionBiasResult,
)
from evaluation.stats.standings import ELO_ORDERS, rate_online, system_results, win_matrix
from evaluation.stats.tables import JudgmentTable

MODEL = "Davidson: Bradley–Terry with ties, maximum likelihood"
ALL_EQUAL = "Hotelling's T squared over participants, as F"
MOST_REPLICATES = 100_000


def analyze(
    judgments: Iterable[Judgment],
    *,
    seed: int = 0,
    replicates: int = 1000,
    elo_k: float = 32.0,
    systems: Sequence[str] | None = None,
    halves: Mapping[str, str] | None = None,
) -> Analysis:
    """Rate the systems, compare them, and say what the numbers cannot carry.

    The same judgments and seed give the same analysis; the order in the file matters to `elo` alone, and there only
    among judgments of equal time.

    Args:
        judgments: in file order; none at all is allowed and gives an empty analysis with a warning.
        seed: of all random draws, at least 0.
        replicates: resamples of participants behind `elo_ci` and `share_first`.
        elo_k: K of the online rating.
        systems: the registered names, in the order wanted; those never judged appear with None. The names in the
            judgments, sorted, if not given.
        halves: category to half ("personalised" or not, say), for the breakdown by category; none if not given.

    Raises:
        JudgmentError: A judgment names a system that is not among `systems`.
        NotConvergedError: A fit did not end although its maximum exists.
        StatisticsError: `seed`, `replicates` or `elo_k` is out of bounds, or `halves` are not two.
    """
    if seed < 0:
        raise StatisticsError(f"The seed must be at least 0, got {seed}.")
    if not 2 <= replicates <= MOST_REPLICATES:
        raise StatisticsError(f"The replicates must be between 2 and {MOST_REPLICATES}, got {replicates}.")
    judgments = list(judgments)
    table = JudgmentTable.of(judgments, systems)
    elo = rate_online(table, seed=seed, replicates=replicates, k=elo_k)
    groups = rate_groups(table, seed=seed, replicates=replicates)
    results = system_results(table, elo, groups)
    pairs = compare_pairs(table, seed=seed)
    position = _position_result(table, groups)
    return Analysis(
        judgments=len(table),
        participants=len(table.participants),
        ties=int((table.score == 0.5).sum()),
        seed=seed,
        replicates=replicates,
        elo_k=float(elo_k),
        systems=results,
        pairs=pairs,
        position_bias=position,
        warnings=tuple(cautions(judgments, table, groups, results, pairs, position, replicates)),
        elo_start=START,
        elo_orders=ELO_ORDERS,
        model=_model_result(table, groups),
        win_matrix=win_matrix(table),
        breakdown=break_down(judgments, table, by="category", halves=halves or {}, seed=seed, replicates=replicates),
    )


def _position_result(table: JudgmentTable, groups: list[GroupRatings]) -> PositionBiasResult:
    counted = position_bias(table)
    term = groups[0].position if len(groups) == 1 else None
    return PositionBiasResult(
        first=counted.first,
        second=counted.second,
        p=counted.p,
        test=BINOMIAL,
        share_first=counted.share_first,
        share_first_ci=counted.share_first_interval,
        delta=term.delta if term else None,
        delta_ci=term.delta_interval if term else None,
    )


def _model_result(table: JudgmentTable, groups: list[GroupRatings]) -> ModelResult:
    if len(groups) != 1:
        return ModelResult(MODEL, None, None, None, None, None, tuple(_component(table, group) for group in groups))
    fit, covariance = groups[0].fit, groups[0].covariance
    tested = all_equal_test(fit, covariance) if covariance else None
    return ModelResult(
        name=MODEL,
        tie_parameter=fit.tie_parameter,
        penalised=fit.penalised,
        newton_steps=fit.steps,
        interval=covariance.method if covariance else None,
        all_equal=AllEqualResult(ALL_EQUAL, *tested) if tested else None,
        components=(),
    )


def _component(table: JudgmentTable, group: GroupRatings) -> tuple[ComponentRating, ...]:
    return tuple(
        ComponentRating(
            name=table.systems[system],
            bt=float(group.fit.ratings[at]),
            bt_ci=group.intervals[at] if group.intervals else None,
        )
        for at, system in enumerate(group.systems)
    )
