"""What an analysis says. The names of the fields are the keys of its JSON; those that are None have no value."""

import math
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evaluation.stats.breakdown_results import Breakdown

Bounds = tuple[float, float]


@dataclass(frozen=True)
class SystemResult:
    """One system. Rates and ratings are None where there is nothing to compute them from.

    Attributes:
        win_rate: ties count one half.
        elo: online rating in time order.
        elo_order_mean: mean of the online rating over random orders of the same judgments.
        elo_order_sd: its standard deviation over these orders: what the order alone does.
        bt: Davidson rating on the Elo scale.
        rank_ci: best and worst rank that all systems' ranks allow together.
        bt_position_adjusted: Davidson rating in the model with a position term.
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
    participants: int
    elo_order_mean: float | None
    elo_order_sd: float | None
    bt_position_adjusted: float | None
    share_first: float | None


@dataclass(frozen=True)
class MannWhitneyResult:
    """The published papers' test, in the reading that `reading` names."""

    u: float
    p: float
    p_holm: float
    cliffs_delta: float
    reading: str


@dataclass(frozen=True)
class ClusterMannWhitneyResult:
    """The same comparison with participants as clusters."""

    theta: float
    t: float | None
    df: int
    p: float | None
    p_holm: float | None


@dataclass(frozen=True)
class ParticipantTestResult:
    """The test whose unit is the participant."""

    test: str
    statistic: float
    p: float
    p_holm: float


@dataclass(frozen=True)
class PairResult:
    """Two systems that were judged against each other.

    Attributes:
        effective_judgments: judgments by as many different people that would be as informative.
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
    participants: int
    effective_judgments: float | None


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
        tie_parameter: nu; None if there is no joint fit.
        penalised: whether no finite maximum exists; None if there is no joint fit.
        interval: the method of `bt_ci`.
        components: ratings within each group of systems, where no chain of judgments connects them all.
    """

    name: str
    tie_parameter: float | None
    penalised: bool | None
    newton_steps: int | None
    interval: str | None
    all_equal: AllEqualResult | None
    components: tuple[tuple[ComponentRating, ...], ...]


@dataclass(frozen=True)
class WinMatrix:
    """`wins[i][j]` counts judgments for system i over j; `ties` is symmetric."""

    systems: tuple[str, ...]
    wins: tuple[tuple[int, ...], ...]
    ties: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Analysis:
    """Ratings and significance of a set of judgments; `breakdown` is None where none has a category."""

    judgments: int
    participants: int
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

    def as_json(self) -> dict[str, Any]:
        """Plain lists, dictionaries, strings and finite numbers; what has no value is None."""
        plain: dict[str, Any] = _plain(self)
        return plain


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value
