"""Power by simulation: draw whole studies, run the planned analysis on each, count what it finds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from evaluation.stats.arrays import BoolArray, FloatArray, IntArray
from evaluation.stats.davidson import ELO_PER_LOGIT
from evaluation.stats.errors import StatisticsError
from evaluation.stats.intervals import Interval, wilson
from evaluation.stats.many_studies import holm_rows, sign_flip_rows, wald_rows
from evaluation.stats.power import Plan, tie_parameter
from evaluation.stats.sign_flip import FLIPS

SIGN_FLIP = f"sign flips by participant ({FLIPS:,} flips; all patterns up to 12 participants), Holm over all pairs"
WALD = "Wald test of the Davidson fit over participants (CR3 by one step; CR1 from 1,000 participants), Holm"
MOST_RUNS = 100_000
_MOST_CELLS = 1_500_000  # participants x pairs x studies drawn at once
_MOST_WORK = 3_000_000_000  # participants x pairs x runs of one call: about an hour

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class StudyModel:
    """What judgments come from: Davidson strengths, a tie parameter and personal tastes.

    Attributes:
        names: of the systems, at least two.
        strengths: of a typical participant, natural log-odds.
        tie_parameter: Davidson's nu, at least 0.
        taste_sd: SD between participants of the log-odds of one system against another; each participant has an own
            normal deviation for each system, with SD `taste_sd` / √2.
    """

    names: tuple[str, ...]
    strengths: tuple[float, ...]
    tie_parameter: float
    taste_sd: float

    def __post_init__(self) -> None:
        if len(self.names) < 2 or len(self.names) != len(self.strengths):
            raise StatisticsError(
                f"A study needs two systems or more with a strength each, got {len(self.names)} and "
                f"{len(self.strengths)}."
            )
        if not (np.isfinite(self.strengths).all() and 0 <= self.tie_parameter < np.inf and 0 <= self.taste_sd <= 5):
            raise StatisticsError(
                "Strengths must be finite, the tie parameter at least 0 and the taste SD from 0 to 5, got "
                f"{self.strengths}, {self.tie_parameter} and {self.taste_sd}."
            )

    @classmethod
    def of_plan(cls, plan: Plan) -> "StudyModel":
        """One system that is better by the gap of the plan than all others, which are equal."""
        gap = plan.gap / ELO_PER_LOGIT
        names = tuple(f"system {number + 1}" for number in range(plan.systems))
        strengths = (gap, *([0.0] * (plan.systems - 1)))
        return cls(names, strengths, tie_parameter(gap, plan.ties, plan.taste_sd), plan.taste_sd)


@dataclass(frozen=True)
class PowerEstimate:
    """Share of simulated studies that found the difference, the right way round; `ci` is Wilson's 95 %."""

    power: float
    ci: Interval


@dataclass(frozen=True)
class PairPower:
    """One pair. Where `gap` is zero the "power" is the rate of false alarms, in either direction.

    Attributes:
        gap: true difference of a typical participant, Elo.
        sign_flip: the planned analysis.
        sign_flip_bonferroni: the same with Bonferroni, which is what the formula assumes.
        wald: the Bradley–Terry analysis.
    """

    a: str
    b: str
    gap: float
    sign_flip: PowerEstimate
    sign_flip_bonferroni: PowerEstimate
    wald: PowerEstimate


@dataclass(frozen=True)
class SimulatedPower:
    """What simulated studies found.

    Attributes:
        all_pairs: share of studies in which the sign flips found every difference that there is; None if there is none.
        any_false: share with a false alarm among pairs that do not differ; None if all differ.
        without_wald: studies that had no finite fit or no spread, in which Wald found nothing.
    """

    methods: tuple[str, str]
    runs: int
    seed: int
    participants: int
    judgments_each: int
    judgments: int
    alpha: float
    strengths: tuple[float, ...]
    tie_parameter: float
    taste_sd: float
    pairs: tuple[PairPower, ...]
    all_pairs: PowerEstimate | None
    any_false: PowerEstimate | None
    without_wald: int


def simulate_power(
    model: StudyModel,
    *,
    participants: int,
    judgments_each: int,
    runs: int = 1000,
    seed: int = 0,
    alpha: float = 0.05,
    progress: Progress | None = None,
) -> SimulatedPower:
    """Draw `runs` studies from the model and count how often the planned analysis finds each difference.

    Pairs are balanced within each participant, as far as the number of judgments allows; which pairs get one more is
    drawn. Sides are left out: drawn at random they add no bias.

    Raises:
        StatisticsError: A number is out of bounds, or the work is more than a machine does in an hour.
    """
    pairs = len(model.names) * (len(model.names) - 1) // 2
    _check(participants, judgments_each, runs, seed, alpha, pairs)
    left, right = np.array(list(combinations(range(len(model.names)), 2)), dtype=np.intp).T
    rng = np.random.default_rng(seed)
    block = max(1, _MOST_CELLS // (participants * pairs))
    found: list[tuple[FloatArray, FloatArray, FloatArray]] = []
    without = 0
    for done in range(0, runs, block):
        counts = draw_studies(model, participants, judgments_each, min(block, runs - done), rng)
        flips, wald, missing = _analyse(counts, left, right, rng)
        true = np.subtract(*np.asarray(model.strengths)[[left, right]])
        holm, bonferroni = holm_rows(np.abs(flips)), np.minimum(1.0, pairs * np.abs(flips))
        right_way = (np.sign(flips) == np.sign(true)) | (true == 0)
        wald_way = (np.sign(wald) == np.sign(true)) | (true == 0)
        found.append(
            (
                (holm <= alpha) & right_way,
                (bonferroni <= alpha) & right_way,
                (holm_rows(np.abs(wald)) <= alpha) & wald_way,
            )
        )
        without += missing
        if progress is not None:
            progress("simulated studies", min(done + block, runs), runs)
    flipped, plain, walded = (np.concatenate(part) for part in zip(*found, strict=True))
    gaps = np.subtract(*np.asarray(model.strengths)[[left, right]])
    return SimulatedPower(
        methods=(SIGN_FLIP, WALD),
        runs=runs,
        seed=seed,
        participants=participants,
        judgments_each=judgments_each,
        judgments=participants * judgments_each,
        alpha=alpha,
        strengths=tuple(float(strength) for strength in model.strengths),
        tie_parameter=model.tie_parameter,
        taste_sd=model.taste_sd,
        pairs=tuple(
            PairPower(
                a=model.names[int(left[at])],
                b=model.names[int(right[at])],
                gap=float(gaps[at] * ELO_PER_LOGIT),
                sign_flip=_estimate(flipped[:, at]),
                sign_flip_bonferroni=_estimate(plain[:, at]),
                wald=_estimate(walded[:, at]),
            )
            for at in range(pairs)
        ),
        all_pairs=_estimate(np.asarray(flipped[:, gaps != 0].all(axis=1))) if (gaps != 0).any() else None,
        any_false=_estimate(np.asarray(flipped[:, gaps == 0].any(axis=1))) if (gaps == 0).any() else None,
        without_wald=without,
    )


def draw_studies(
    model: StudyModel, participants: int, judgments_each: int, studies: int, rng: np.random.Generator
) -> FloatArray:
    """Judgments of whole studies, counted: wins of the first system, losses, ties; (studies, participants, pairs, 3).

    The pairs are those of `itertools.combinations`.
    """
    size = len(model.names)
    left, right = np.array(list(combinations(range(size), 2)), dtype=np.intp).T
    shape = (studies, participants, len(left))
    every, more = divmod(judgments_each, len(left))
    n = np.full(shape, every, dtype=np.int64)
    if more:
        n += rng.random(shape).argsort(axis=2) < more  # a random permutation below `more`: that many pairs
    taste = rng.normal(0.0, model.taste_sd / np.sqrt(2), (studies, participants, size))
    own = np.asarray(model.strengths) + taste
    half = (own[..., left] - own[..., right]) / 2
    up, down = np.exp(half), np.exp(-half)
    wins = rng.binomial(n, up / (up + down + model.tie_parameter))
    losses = rng.binomial(n - wins, down / (down + model.tie_parameter))
    return np.stack([wins, losses, n - wins - losses], axis=3).astype(float)


def _analyse(
    counts: FloatArray, left: IntArray, right: IntArray, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray, int]:
    """p with the sign of the estimated difference, shape (studies, pairs), of both tests; studies without Wald."""
    n = counts.sum(axis=3)
    differences = np.divide(counts[..., 0] - counts[..., 1], 2 * n, out=np.zeros_like(n), where=n > 0)
    flips = np.stack([sign_flip_rows(differences[:, :, pair], rng) for pair in range(n.shape[2])], axis=1)
    wald = wald_rows(counts, left, right)
    return flips * _sign(differences.sum(axis=1)), wald.p * _sign(wald.gaps), int((~wald.finite).sum())


def _sign(values: FloatArray) -> FloatArray:
    return np.where(values < 0, -1.0, 1.0)


def _estimate(found: BoolArray) -> PowerEstimate:
    rate = float(found.mean())
    return PowerEstimate(rate, wilson(rate, len(found), 1.959963984540054))


def _check(participants: int, judgments_each: int, runs: int, seed: int, alpha: float, pairs: int) -> None:
    bounds: Sequence[tuple[str, float, float, float]] = (
        ("participants", participants, 2, 100_000),
        ("judgments per participant", judgments_each, 1, 10_000),
        ("runs", runs, 10, MOST_RUNS),
    )
    for what, value, low, high in bounds:
        if not low <= value <= high:
            raise StatisticsError(f"The {what} must be between {low:g} and {high:g}, got {value:g}.")
    if seed < 0:
        raise StatisticsError(f"The seed must be at least 0, got {seed}.")
    if not 0 < alpha < 0.5:
        raise StatisticsError(f"The level must lie between 0 and 0.5, got {alpha:g}.")
    if participants * pairs * runs > _MOST_WORK:
        raise StatisticsError(
            f"{runs} runs of {participants} participants and {pairs} pairs would take hours; lower --runs or the plan."
        )
