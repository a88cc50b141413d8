"""How many participants and judgments a comparison needs, by formula.

A participant prefers system i to j by d = gap + own taste, taste normal with the standard deviation `taste_sd` between
participants (natural log-odds; 0.5 is 87 Elo). Given d a judgment follows the Davidson model, whose tie parameter is
set so that ties have the wanted share. All expectations over taste are integrals (Gauss–Hermite, 81 nodes).
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil, log2

import numpy as np
from scipy.optimize import brentq
from scipy.stats import nct, norm
from scipy.stats import t as student

from evaluation.stats.davidson import ELO_PER_LOGIT
from evaluation.stats.errors import StatisticsError

DIRECT = "direct"
BRADLEY_TERRY = "bradley-terry"
ANALYSES = {
    DIRECT: "each pair by its own judgments: test by participant, Bonferroni over pairs",
    BRADLEY_TERRY: "all pairs in one Bradley–Terry fit, if that holds: Wald over participants, Bonferroni over pairs",
}
MOST_PARTICIPANTS = 10_000_000
LARGEST_GAP = 2000.0  # Elo
_NORMAL_FROM = 2_000  # degrees of freedom from which t is as good as normal
_FAR = 30.0  # standard errors; beyond them noncentral t is not computed exactly, and the power is 1 or nearly
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(81)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


@dataclass(frozen=True)
class Plan:
    """A balanced study of some systems: everybody gives the same number of judgments, spread evenly over the pairs.

    Attributes:
        gap: the difference to detect between two systems, Elo points of a typical participant; above 0, at most 2000.
        ties: share of judgments that find the two equivalent, from 0 to below 1.
        judgments_each: judgments per participant over all pairs, at least 1; a mean need not be whole.
        taste_sd: standard deviation between participants of the log-odds of one system against another, natural units.
        systems: how many are compared, at least 2.
        power: wanted chance to detect the gap between two given systems, above `alpha` and below 1.
        alpha: chance of any false alarm over all pairs, two-sided, above 0 and below 0.5.
        analysis: `direct` or `bradley-terry`, see `ANALYSES`.
    """

    gap: float = 50.0
    ties: float = 0.15
    judgments_each: float = 10.0
    taste_sd: float = 0.5
    systems: int = 2
    power: float = 0.8
    alpha: float = 0.05
    analysis: str = DIRECT

    def __post_init__(self) -> None:
        _within("The gap", self.gap, 0 < self.gap <= LARGEST_GAP, f"above 0 and at most {LARGEST_GAP:g} Elo")
        _within("The share of ties", self.ties, 0 <= self.ties <= 0.95, "at least 0 and at most 0.95")
        each = 1 <= self.judgments_each <= 10_000
        _within("The judgments per participant", self.judgments_each, each, "at least 1 and at most 10000")
        _within("The taste SD", self.taste_sd, 0 <= self.taste_sd <= 5, "at least 0 and at most 5 (log-odds)")
        _within("The number of systems", self.systems, 2 <= self.systems <= 100, "at least 2 and at most 100")
        _within("The level", self.alpha, 1e-6 <= self.alpha < 0.5, "at least 0.000001 and below 0.5")
        _within("The power", self.power, self.alpha < self.power <= 0.999, "above the level and at most 0.999")
        if self.analysis not in ANALYSES:
            raise StatisticsError(f"The analysis must be one of {', '.join(ANALYSES)}, got {self.analysis!r}.")

    @property
    def pairs(self) -> int:
        return self.systems * (self.systems - 1) // 2

    @property
    def alpha_each(self) -> float:
        """The level of one pair's test."""
        return self.alpha / self.pairs

    @property
    def informative_each(self) -> float:
        """Judgments of the pair itself that one participant's judgments are worth.

        Directly, the pair's share of them. In a balanced Bradley–Terry fit of K systems the other pairs tell about this
        one too, and it needs 2/K of the judgments (variance of a contrast in a complete design).
        """
        direct = self.judgments_each / self.pairs
        return direct if self.analysis == DIRECT else direct * self.systems / 2


@dataclass(frozen=True)
class Outlook:
    """What judgments of one pair look like, averaged over participants.

    Attributes:
        win: chance of a decisive judgment to favour the better system.
        mean: of the score difference, win +1, loss -1, tie 0.
        between: variance of it between participants.
        within: variance of one judgment about its participant's mean.
    """

    win: float
    mean: float
    between: float
    within: float

    @property
    def correlation(self) -> float:
        """Of the scores of two judgments by one participant (intraclass), rho."""
        return self.between / (self.between + self.within)


@dataclass(frozen=True)
class Need:
    """How much a plan takes.

    Attributes:
        win: chance of a decisive judgment to favour the better system.
        correlation: rho between judgments by one participant of the pair.
        design_effect: 1 + (m - 1) rho, m being the judgments per participant that the pair has (at least 1).
        judgments_per_pair: by the formula, rounded up; for a Bradley–Terry fit 2/K of the judgments a pair would need.
        judgments: the same over all pairs.
        participants: smallest number that gives so many judgments and whose `power_of` is enough: some more than the
            formula has, since a test by participant pays for its degrees of freedom and for few possible values.
        collected: the judgments that these participants give.
        power: what these participants reach.
        fewest: participants below whom no participant-level test can reach the level of a pair.
    """

    win: float
    correlation: float
    design_effect: float
    judgments_per_pair: int
    judgments: int
    participants: int
    collected: int
    power: float
    fewest: int


def outlook(plan: Plan) -> Outlook:
    """Moments of a judgment of the pair, tastes integrated out."""
    return _outlook(plan.gap / ELO_PER_LOGIT, plan.ties, plan.taste_sd)


def tie_parameter(gap: float, ties: float, taste_sd: float) -> float:
    """Davidson's nu with which a share `ties` of judgments ties, at a gap in natural log-odds."""
    if ties == 0:
        return 0.0
    widths = 2 * np.cosh((gap + taste_sd * _NODES) / 2)

    def short(log_nu: float) -> float:
        nu = np.exp(log_nu)
        return float(_WEIGHTS @ (nu / (widths + nu))) - ties

    return float(np.exp(brentq(short, -40.0, 40.0, xtol=1e-12)))


def design_effect(judgments: float, correlation: float) -> float:
    """1 + (m - 1) rho: what m judgments of each cost, compared with as many by different people.

    References:
        L. Kish, Survey Sampling, 1965, section 5.4.
    """
    return 1 + (max(judgments, 1.0) - 1) * correlation


def judgments_by_formula(plan: Plan) -> float:
    """Judgments of one pair, by the normal approximation of a two-sided test of win rate 1/2.

    n = ((z_{α/2}·½ + z_β·√(p(1 - p))) / (p - ½))² / (1 - ties) · deff, p being the chance that a decisive judgment
    favours the better system, α the level of one pair. Times 2/K for a Bradley–Terry fit.

    References:
        J. L. Fleiss, B. Levin and M. C. Paik, Statistical Methods for Rates and Proportions, 3rd ed., 2003, sec. 2.5;
        L. Kish, Survey Sampling, 1965 (deff).
    """
    seen = outlook(plan)
    reach = norm.isf(plan.alpha_each / 2) / 2 + norm.ppf(plan.power) * np.sqrt(seen.win * (1 - seen.win))
    independent = (reach / (seen.win - 0.5)) ** 2 / (1 - plan.ties)
    share = 1.0 if plan.analysis == DIRECT else 2 / plan.systems
    return float(independent * design_effect(plan.informative_each, seen.correlation) * share)


def power_of(plan: Plan, participants: int) -> float:
    """Chance that so many participants detect the gap of the plan between two given systems.

    The participants' mean score differences are tested with t on n - 1 degrees of freedom, whose power is noncentral t;
    the sign-flip test and the Wald test over participants follow it closely. Sign flips move the sum of scores by steps
    of 2/m, so that on average half a step is lost before p falls below the level; the correction is 1/m. Where a
    participant has less than one judgment of the pair, only that share of participants counts. Wald divides log-odds
    by their own error, so its signal is the log-odds times the slope of the mean score there, which is below the mean.

    Raises:
        StatisticsError: `participants` is out of bounds.
    """
    if not 1 <= participants <= MOST_PARTICIPANTS:
        raise StatisticsError(f"The participants must be between 1 and {MOST_PARTICIPANTS}, got {participants}.")
    return _power(plan, float(participants))


def need(plan: Plan) -> Need:
    """The smallest number of participants whose power is enough, and what else the plan takes.

    Raises:
        StatisticsError: Not even ten million participants would be enough.
    """
    seen = outlook(plan)
    if _power(plan, MOST_PARTICIPANTS) < plan.power:
        raise StatisticsError(
            f"A gap of {plan.gap:g} Elo would need more than {MOST_PARTICIPANTS:,} participants; plan for a larger gap."
        )
    low, high = 0, 1
    while _power(plan, high) < plan.power:
        low, high = high, min(2 * high, MOST_PARTICIPANTS)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _power(plan, middle) >= plan.power else (middle, high)
    formula = ceil(judgments_by_formula(plan) - 1e-6)
    participants = max(high, ceil(formula * plan.pairs / plan.judgments_each - 1e-9))
    return Need(
        win=seen.win,
        correlation=seen.correlation,
        design_effect=design_effect(plan.informative_each, seen.correlation),
        judgments_per_pair=formula,
        judgments=formula * plan.pairs,
        participants=participants,
        collected=ceil(participants * plan.judgments_each - 1e-9),
        power=_power(plan, participants),
        fewest=fewest_participants(plan),
    )


def smallest_gap(plan: Plan, participants: int) -> float | None:
    """The smallest gap in Elo that so many participants detect with the wanted power; None if there is none up to 2000.

    Raises:
        StatisticsError: `participants` is out of bounds.
    """
    power_of(plan, participants)

    def short(gap: float) -> float:
        return _power(replace(plan, gap=gap), float(participants)) - plan.power

    if short(LARGEST_GAP) < 0:
        return None
    return float(brentq(short, 1e-3, LARGEST_GAP, xtol=1e-3)) if short(1e-3) < 0 else 1e-3


def fewest_participants(plan: Plan) -> int:
    """Participants with whom sign flips can reach a pair's level at all (2/2^n must not be above it); else two."""
    if plan.analysis != DIRECT:
        return 2
    on_pair = ceil(log2(2 / plan.alpha_each) - 1e-9)
    return ceil(on_pair / min(1.0, plan.informative_each) - 1e-9)


def _power(plan: Plan, participants: float) -> float:
    seen = outlook(plan)
    each = plan.informative_each
    n = participants * min(1.0, each)
    if n < 2 or participants < fewest_participants(plan):
        return 0.0
    error = np.sqrt((seen.between + seen.within / max(1.0, each)) / n)
    if plan.analysis == DIRECT:
        shift = (seen.mean - 1 / (max(1.0, each) * n)) / error
    else:
        shift = _wald_mean(seen.win, plan.ties) / error
    df = (n if plan.analysis == DIRECT else participants) - 1
    # A significant difference the wrong way round is no detection, so the other tail does not count.
    if df >= _NORMAL_FROM:
        return float(norm.sf(norm.isf(plan.alpha_each / 2) - shift))
    return float(nct.sf(student.isf(plan.alpha_each / 2, df), df, min(shift, _FAR)))


def _wald_mean(win: float, ties: float) -> float:
    """The marginal log-odds times the slope of the Davidson mean score at them, in units of the score difference."""
    log_odds = float(np.log(win / (1 - win)))
    cosh = float(np.cosh(log_odds / 2))
    nu = 2 * cosh * ties / (1 - ties)
    return log_odds * (2 + nu * cosh) / (2 * cosh + nu) ** 2


@lru_cache(maxsize=4096)
def _outlook(gap: float, ties: float, taste_sd: float) -> Outlook:
    nu = tie_parameter(gap, ties, taste_sd)
    half = (gap + taste_sd * _NODES) / 2
    up, down = np.exp(half), np.exp(-half)
    total = up + down + nu
    win, loss = float(_WEIGHTS @ (up / total)), float(_WEIGHTS @ (down / total))
    means = (up - down) / total
    mean = float(_WEIGHTS @ means)
    between = max(0.0, float(_WEIGHTS @ means**2) - mean**2) if taste_sd > 0 else 0.0
    return Outlook(win=win / (win + loss), mean=mean, between=between, within=win + loss - mean**2 - between)


def _within(what: str, value: float, holds: bool, bounds: str) -> None:
    if not holds:
        raise StatisticsError(f"{what} must be {bounds}, got {value:g}.")
