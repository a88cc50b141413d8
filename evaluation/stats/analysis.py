"""The whole analysis of a set of judgments."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from evaluation.stats import breakdown
from evaluation.stats.anytime import anytime_pairs
from evaluation.stats.breakdown import break_down
from evaluation.stats.cautions import Facts, cautions
from evaluation.stats.clusters import IntervalMethod, check_interval
from evaluation.stats.elo import START
from evaluation.stats.errors import StatisticsError
from evaluation.stats.flips import flips
from evaluation.stats.gaps import with_gaps
from evaluation.stats.goodness import goodness_of_fit
from evaluation.stats.influence import influence
from evaluation.stats.judgments import Judgment
from evaluation.stats.likelihoods import Likelihood, ModelName, likelihood_named
from evaluation.stats.notes import notes
from evaluation.stats.pairs import compare_pairs
from evaluation.stats.position import BINOMIAL, position_bias
from evaluation.stats.quality.checks import Check
from evaluation.stats.quality.flags import QualityRules
from evaluation.stats.quality.review import Rerun, quality_notes, review
from evaluation.stats.rank_tests import Reading, check_reading
from evaluation.stats.ratings import GroupRatings, all_equal_test, rate_groups
from evaluation.stats.results import (
    AllEqualResult,
    Analysis,
    ComponentRating,
    ModelResult,
    PositionBiasResult,
)
from evaluation.stats.separation import separation
from evaluation.stats.standings import ELO_ORDERS, rate_online, system_results, win_matrix
from evaluation.stats.tables import JudgmentTable
from evaluation.stats.units import Unit, named

ALL_EQUAL = "Hotelling's T squared over participants, as F"
MOST_REPLICATES = 100_000
OBUCHOWSKI = "t times the error by Obuchowski's variance; the participant is the unit"
ELO_INTERVAL = "t times the spread over resampled participants, at their own times"


def analyze(
    judgments: Iterable[Judgment] | JudgmentTable,
    *,
    seed: int = 0,
    replicates: int = 1000,
    elo_k: float = 32.0,
    systems: Sequence[str] | None = None,
    halves: Mapping[str, str] | None = None,
    model: ModelName = "davidson",
    interval: IntervalMethod = "auto",
    mann_whitney: Reading = "mirrored",
    trials: int | None = None,
    looks: int | None = None,
    complete: Collection[str] | None = None,
    checks: Iterable[Check] = (),
    rules: QualityRules | None = None,
) -> Analysis:
    """Rate the systems, compare them, and say what the numbers cannot carry.

    The same judgments and seed give the same analysis; the order in the file matters to `elo` alone, and there only
    among judgments of equal time.

    Args:
        judgments: in file order, or a table of them; none at all is allowed and gives an empty analysis with a warning.
        seed: of all random draws, at least 0.
        replicates: resamples of participants behind `elo_ci` and `share_first`.
        elo_k: K of the online rating.
        systems: the registered names, in the order wanted; those never judged appear with None. The names in the
            judgments, sorted, if not given; a table has its own.
        halves: category to half ("personalised" or not, say), for the breakdown by category; none if not given.
        model: of ties, behind `bt`; see `likelihoods`.
        interval: behind `bt_ci` and the ranks: "jackknife", "sandwich" or "bootstrap"; "auto" takes the jackknife below
            1,000 participants and the sandwich beyond.
        mann_whitney: which reading of the published test: "mirrored" judgments, "all" judgments of either system, or
            win "rates" of participants.
        trials: how many were shown to participants, answered or not; not known if not given.
        looks: how often results were looked at while judgments came in, this time included; not known if not given.
        complete: names of the participants who judge no more, for `anytime`; all if not given, as in a finished file.
        checks: outcomes of the checks hidden among participants' trials.
        rules: by which participants are flagged; the usual ones if not given.

    Raises:
        JudgmentError: A judgment names a system that is not among `systems`.
        CheckError: A check is of somebody without a judgment, or nobody knows who made the judgments.
        NotConvergedError: A fit did not end although its maximum exists.
        StatisticsError: `seed`, `replicates`, `elo_k`, `trials` or `looks` is out of bounds, `halves` are not two,
            `model` or `interval` is none of those above, or there is no such reading of Mann–Whitney here.
    """
    if seed < 0:
        raise StatisticsError(f"The seed must be at least 0, got {seed}.")
    if not 2 <= replicates <= MOST_REPLICATES:
        raise StatisticsError(f"The replicates must be between 2 and {MOST_REPLICATES}, got {replicates}.")
    likelihood = likelihood_named(model)
    check_interval(interval)
    table = judgments if isinstance(judgments, JudgmentTable) else JudgmentTable.of(judgments, systems)
    _check(table, mann_whitney, trials, looks)
    elo = rate_online(table, seed=seed, replicates=replicates, k=elo_k)
    groups = rate_groups(table, seed=seed, replicates=replicates, likelihood=likelihood, interval=interval)
    results = system_results(table, elo, groups)
    pairs = with_gaps(compare_pairs(table, seed=seed, reading=mann_whitney), table, groups)
    wins = win_matrix(table)
    joint = groups[0] if len(groups) == 1 else None
    names = [table.systems[system] for system in joint.systems] if joint else []
    position = _position_result(table, groups)
    again = Rerun(seed, replicates, likelihood, interval, mann_whitney)
    quality = review(table, groups, pairs, checks=checks, rules=rules, again=again)
    found = tuple(cautions(Facts(table, groups, results, pairs, position, trials, looks)))
    return Analysis(
        judgments=len(table),
        participants=table.people(len(table.participants)),
        ties=int((table.score == 0.5).sum()),
        seed=seed,
        replicates=replicates,
        elo_k=float(elo_k),
        systems=results,
        pairs=pairs,
        position_bias=position,
        warnings=tuple(caution.text for caution in found),
        elo_start=START,
        elo_orders=ELO_ORDERS,
        model=_model_result(table, groups, likelihood, interval),
        win_matrix=wins,
        breakdown=break_down(table, by="category", halves=halves or {}, seed=seed, replicates=replicates),
        separation=separation(table, groups, wins, replicates=replicates),
        goodness_of_fit=goodness_of_fit(joint.model, names) if joint else None,
        influence=influence(joint.model, names) if joint and table.unit == "participant" else None,
        flips=flips(joint.model, names) if joint else None,
        unit=table.unit,
        cautions=found,
        notes=(
            *notes(table, results, reading=mann_whitney, replicates=replicates),
            *(quality_notes(quality) if quality else ()),
        ),
        trials=trials,
        looks=looks,
        methods=_methods(table.unit),
        anytime=anytime_pairs(table, complete=complete) if table.unit == "participant" else None,
        quality=quality,
    )


def _check(table: JudgmentTable, reading: str, trials: int | None, looks: int | None) -> None:
    check_reading(reading)
    if reading == "rates" and table.unit == "judgment":
        raise StatisticsError(
            "`mann_whitney` cannot be 'rates', as the judgments do not say who made them; choose mirrored or all."
        )
    if trials is not None and trials < len(table):
        raise StatisticsError(
            f"The trials must be at least as many as the judgments ({len(table)}), got {trials}; count those that were "
            "answered too."
        )
    if looks is not None and looks < 0:
        raise StatisticsError(f"The looks must be at least 0, got {looks}.")


def _methods(unit: Unit) -> dict[str, str]:
    rates = ("win_rate_ci", "win_rate_a_ci", "win_rate_decisive_a_ci", "tie_share_ci", "share_first_ci")
    effects = ("cles_ci", "cliffs_delta_ci")
    return {
        **dict.fromkeys(rates, named(breakdown.WILSON, unit)),
        **dict.fromkeys(effects, named(OBUCHOWSKI, unit)),
        "elo_ci": named(ELO_INTERVAL, unit),
    }


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


def _model_result(
    table: JudgmentTable, groups: list[GroupRatings], likelihood: Likelihood, interval: IntervalMethod
) -> ModelResult:
    joint = groups[0] if len(groups) == 1 else None
    covariance = joint.covariance if joint else None
    tested = all_equal_test(joint.fit, covariance) if joint and covariance else None
    named = likelihood.tie_parameter_name
    return ModelResult(
        name=likelihood.name,
        tie_parameter=joint.fit.tie_parameter if joint and named else None,
        penalised=joint.fit.penalised if joint else None,
        newton_steps=joint.fit.steps if joint else None,
        interval=covariance.method if covariance else None,
        all_equal=AllEqualResult(ALL_EQUAL, *tested) if tested else None,
        components=() if joint else tuple(_component(table, group) for group in groups),
        slug=likelihood.slug,
        tie_parameter_name=named,
        interval_asked=interval,
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
