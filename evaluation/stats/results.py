"""What an analysis says. The names of the fields are the keys of its JSON; those that are None have no value."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from evaluation.stats.fit_results import FlipsResult, GoodnessOfFit, InfluenceResult, SeparationResult

if TYPE_CHECKING:
    from evaluation.stats.anytime import Anytime
    from evaluation.stats.breakdown_results import Breakdown
    from evaluation.stats.quality.results import Quality

from evaluation.stats.units import Unit

Bounds = tuple[float, float]


@dataclass(frozen=True)
class SystemResult:
    """One system. Rates and ratings are None where there is nothing to compute them from.

    Attributes:
        win_rate: ties count one half.
        elo: online rating in time order.
        elo_order_mean: mean of the online rating over random orders of the same judgments.
        elo_order_sd: its standard deviation over these orders: what the order alone does.
        bt: rating on the Elo scale by the model of `Analysis.model`, Davidson's unless asked otherwise.
        rank_ci: best and worst rank that all systems' ranks allow together.
        participants: None where judgments do not say who made them.
        bt_position_adjusted: the same rating in the model with a position term.
        share_first: share of the resamples of participants in which the system has the highest `bt`.
    """

    name: str
    judgments: int
    wins: int
    losses: int
    ties: int
    win_rate: float | None
    win_rate_ci: Bounds | None
    elo: float | None
    elo_ci: Bounds | None
    bt: float | None
    bt_ci: Bounds | None
    rank_ci: tuple[int, int] | None
    participants: int | None
    elo_order_mean: float | None
    elo_order_sd: float | None
    bt_position_adjusted: float | None
    share_first: float | None


@dataclass(frozen=True)
class MannWhitneyResult:
    """The published papers' test, in the reading that `reading` names; never to be shown without `by_participant`.

    Attributes:
        n_a: scores (win rates, in the reading that compares them) of the first system; `n_b` of the second.
        p_bh: for exploring only, as everywhere.
        warning: what is wrong with it.
    """

    u: float
    p: float
    p_holm: float
    cliffs_delta: float
    reading: str
    n_a: int
    n_b: int
    p_bonferroni: float
    p_bh: float
    warning: str


@dataclass(frozen=True)
class ClusterMannWhitneyResult:
    """The mirrored reading with participants as clusters.

    Attributes:
        n: participants.
        reason: why there is no p; empty where there is one.
    """

    theta: float
    t: float | None
    df: int
    p: float | None
    p_holm: float | None
    test: str
    n: int
    p_bonferroni: float | None
    p_bh: float | None
    reason: str


@dataclass(frozen=True)
class ParticipantTestResult:
    """A test whose unit is the participant.

    Attributes:
        p_holm: corrected over all pairs for which this test was made, and so with `p_bonferroni` and `p_bh`; the last
            bounds the share of false findings only, and is for exploring.
        n: participants; of the sign test, decisive judgments, at most one of each.
        reason: why there is no p; empty where there is one.
    """

    test: str
    statistic: float | None
    p: float | None
    p_holm: float | None
    n: int
    p_bonferroni: float | None = None
    p_bh: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class PairResult:
    """Two systems that were judged against each other.

    Attributes:
        participants: None where judgments do not say who made them.
        effective_judgments: judgments by as many different people that would be as informative.
        win_rate_decisive_a: share of the decisive judgments.
        tie_share: share of ties among all.
        cles: P(a's score higher) + 1/2 P(equal) over mirrored judgments; the common language effect size.
        cliffs_delta: 2 cles - 1.
        wilcoxon: signed ranks of participants' differences.
        sign_test: on decisive judgments, where no participant gave two of the pair.
        bt_gap: rating of a less rating of b; None where they have no joint rating.
        bt_gap_ci: 95 %, over participants, from the joint covariance of both.
    """

    a: str
    b: str
    judgments: int
    wins_a: int
    wins_b: int
    ties: int
    win_rate_a: float
    win_rate_a_ci: Bounds | None
    mann_whitney: MannWhitneyResult
    by_participant: ParticipantTestResult
    cluster_mann_whitney: ClusterMannWhitneyResult
    participants: int | None
    effective_judgments: float | None
    win_rate_decisive_a: float | None
    win_rate_decisive_a_ci: Bounds | None
    tie_share: float
    tie_share_ci: Bounds | None
    cles: float
    cles_ci: Bounds | None
    cliffs_delta: float
    cliffs_delta_ci: Bounds | None
    wilcoxon: ParticipantTestResult
    sign_test: ParticipantTestResult
    bt_gap: float | None = None
    bt_gap_ci: Bounds | None = None


@dataclass(frozen=True)
class PositionBiasResult:
    """Decisive judgments by side, and what the model makes of it: `delta` is in natural log-odds."""

    first: int
    second: int
    p: float | None
    test: str
    share_first: float | None
    share_first_ci: Bounds | None
    delta: float | None
    delta_ci: Bounds | None


@dataclass(frozen=True)
class ComponentRating:
    """A system's rating within its own group."""

    name: str
    bt: float
    bt_ci: Bounds | None


@dataclass(frozen=True)
class AllEqualResult:
    """The global test that all systems are equally strong."""

    test: str
    statistic: float
    p: float


@dataclass(frozen=True)
class ModelResult:
    """How `bt` was reached.

    Attributes:
        tie_parameter: nu of Davidson's model, kappa of Rao and Kupper's; None if there is no joint fit, or no such
            parameter.
        penalised: whether no finite maximum exists; None if there is no joint fit.
        interval: the method of `bt_ci`.
        components: ratings within each group of systems, where no chain of judgments connects them all.
        slug: the model as an option: davidson, rao-kupper or ties-half.
        tie_parameter_name: "nu" or "kappa"; None without such a parameter.
        interval_asked: the method asked for: auto, jackknife, sandwich or bootstrap.
    """

    name: str
    tie_parameter: float | None
    penalised: bool | None
    newton_steps: int | None
    interval: str | None
    all_equal: AllEqualResult | None
    components: tuple[tuple[ComponentRating, ...], ...]
    slug: str
    tie_parameter_name: str | None
    interval_asked: str


@dataclass(frozen=True)
class WinMatrix:
    """`wins[i][j]` counts judgments for system i over j; `ties` is symmetric."""

    systems: tuple[str, ...]
    wins: tuple[tuple[int, ...], ...]
    ties: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Caution:
    """Something about these judgments that limits what their numbers can carry.

    Attributes:
        code: which rule found it; codes stay.
        text: a full sentence, in English. It names systems, never participants.
        values: what the sentence names, by the words of its template, so that a door can say it in another language.
    """

    code: str
    text: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Note:
    """Something to know of a method, whatever the judgments; shown beside its numbers.

    Attributes:
        about: the numbers: `elo`, `mann_whitney` or `tests`; of two studies `comparison`.
    """

    code: str
    text: str
    values: Mapping[str, Any]
    about: str


@dataclass(frozen=True)
class Analysis:
    """Ratings and significance of a set of judgments.

    `goodness_of_fit`, `influence` and `flips` are None where there is no joint rating of all judged systems, or (see
    each) nothing to tell.

    Attributes:
        participants: None where judgments do not say who made them.
        warnings: the sentences of `cautions`.
        breakdown: None where no judgment has a category.
        unit: what intervals are over: participants, or judgments where nobody knows who made them.
        notes: what to know of the methods, beside their numbers.
        trials: how many were shown to participants; None where nobody said.
        looks: how often results were looked at, this time included; None where nobody said.
        methods: how intervals were made, by the name of their field.
        anytime: None, as `influence` and `quality`, where judgments do not say who made them.
        quality: reviews the participants, and holds the results with and without those it flags.
    """

    judgments: int
    participants: int | None
    ties: int
    seed: int
    replicates: int
    elo_k: float
    systems: tuple[SystemResult, ...]
    pairs: tuple[PairResult, ...]
    position_bias: PositionBiasResult
    warnings: tuple[str, ...]
    elo_start: float
    elo_orders: int
    model: ModelResult
    win_matrix: WinMatrix
    breakdown: "Breakdown | None"
    separation: SeparationResult
    goodness_of_fit: GoodnessOfFit | None
    influence: InfluenceResult | None
    flips: FlipsResult | None
    unit: Unit
    cautions: tuple[Caution, ...]
    notes: tuple[Note, ...]
    trials: int | None
    looks: int | None
    methods: Mapping[str, str]
    anytime: "Anytime | None"
    quality: "Quality | None"

    def as_json(self) -> dict[str, Any]:
        """Plain lists, dictionaries, strings and finite numbers; what has no value is None."""
        told: dict[str, Any] = plain(self)
        return told


def plain(value: Any) -> Any:
    """A result as plain lists, dictionaries, strings and finite numbers."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value
