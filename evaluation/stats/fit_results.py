"""What an analysis says of its own fit: whether it exists, whether it fits, and on how little it hangs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SeparationResult:
    """Where maximum likelihood has no finite answer, or hangs on one judgment.

    Attributes:
        finite: whether every connected part has finite ratings by maximum likelihood; None without a judgment.
        components: the parts that no judgment connects, one part being the usual case.
        undefeated: systems that lost no judgment.
        never_won: systems that won none.
        layers: groups of systems of which no higher one was ever beaten or tied by a lower one, the highest first, for
            each part that falls into several; empty where none does.
        bridges: pairs whose single judgment is all that connects two parts.
        resamples: how many resamples of participants were drawn in each part; 0 with fewer than two participants.
        penalised_resamples: per part, how many of them had no finite ratings, so that the penalty held them.
        penalised_resamples_share: the same as shares.
        penalised_left_out: per part, how many fits without one participant had none; None where no jackknife was made.
    """

    finite: bool | None
    components: tuple[tuple[str, ...], ...]
    undefeated: tuple[str, ...]
    never_won: tuple[str, ...]
    layers: tuple[tuple[tuple[str, ...], ...], ...]
    bridges: tuple[tuple[str, str], ...]
    resamples: int
    penalised_resamples: tuple[int | None, ...]
    penalised_resamples_share: tuple[float | None, ...]
    penalised_left_out: tuple[int | None, ...]


@dataclass(frozen=True)
class ResidualCell:
    """One outcome of one pair, observed and as the model expects it.

    Attributes:
        outcome: "a" (a won), "b" or "tie".
        residual: (observed - expected) / sqrt(expected).
        z: (observed - expected) / its standard error over participants; None where they do not tell.
    """

    a: str
    b: str
    outcome: str
    observed: float
    expected: float
    residual: float
    z: float | None


@dataclass(frozen=True)
class GoodnessOfFit:
    """Pearson's X squared over the cells pair x outcome against the fitted model.

    Attributes:
        statistic: X squared. With several judgments by one participant it is not chi-squared distributed.
        df: cells that are free, less the parameters.
        dispersion: statistic / df.
        design_effect: what dispersion is expected if the model is right, from how the participants differ.
        test: how p was reached.
        f: statistic over its expectation.
        f_df: degrees of freedom of f.
        p: of a fit as bad as this if the model is right; None with fewer than two participants.
        cells: number of cells.
        small_cells: cells with fewer than 5 expected judgments.
        worst: the cells with the largest residuals, largest first. A circle of systems that beat each other (which no
            rating can show) appears here.
    """

    statistic: float
    df: int
    dispersion: float
    design_effect: float | None
    test: str
    f: float | None
    f_df: tuple[float, float] | None
    p: float | None
    cells: int
    small_cells: int
    worst: tuple[ResidualCell, ...]


@dataclass(frozen=True)
class InfluentialParticipant:
    """Somebody, who is not named, and what the ratings would be without them.

    Attributes:
        ordinal: 1 for the one whose absence moves a rating most.
        judgments: how many they made.
        system: whose rating moves most.
        change: by how much, Elo scale, to first order.
        change_refitted: the same by fitting again without them.
        top_without: the top system then.
    """

    ordinal: int
    judgments: int
    system: str
    change: float
    change_refitted: float
    top_without: str


@dataclass(frozen=True)
class InfluenceResult:
    """What single participants do to the ratings.

    Attributes:
        top: the system with the highest rating.
        runner_up: the next one.
        gap: between the two, Elo scale.
        largest_change: the largest change of any rating that the absence of one participant makes, without its sign.
        changing_top: how many participants change the top system by their absence alone.
        top_holds_without_each: whether none does.
        refitted: participants without whom the ratings were fitted again to know that.
        most_influential: the first few.
    """

    method: str
    top: str
    runner_up: str
    gap: float
    largest_change: float
    changing_top: int
    top_holds_without_each: bool
    refitted: int
    most_influential: tuple[InfluentialParticipant, ...]


@dataclass(frozen=True)
class TurnedJudgments:
    """Judgments of one pair with one outcome that are turned into another outcome ("a", "b" or "tie")."""

    a: str
    b: str
    outcome: str
    into: str
    judgments: int


@dataclass(frozen=True)
class FlipsResult:
    """How little would have to be otherwise for another system to come out on top.

    Attributes:
        top: the system with the highest rating.
        challenger: the system that passes it with the fewest changed judgments.
        judgments: how many judgments had to be turned, so that refitted ratings put the challenger above the top; None
            if no turning does.
        share: of all judgments.
        exact: whether no fewer changed judgments of any kind put any system above the top. Otherwise the number is an
            upper bound.
        turned: which judgments.
        drop_challenger: the system that passes the top with the fewest participants dropped.
        participants: how many participants had to be dropped for it; an upper bound, but exact where it is 1. None if
            dropping those who favour the top never does, or nobody knows who made the judgments.
        participants_share: of all participants.
        method: the definition in words.
    """

    top: str
    challenger: str
    judgments: int | None
    share: float | None
    exact: bool
    turned: tuple[TurnedJudgments, ...]
    drop_challenger: str | None
    participants: int | None
    participants_share: float | None
    method: str
