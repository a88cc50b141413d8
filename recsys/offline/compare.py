"""Means with intervals, and paired differences between systems with their tests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from recsys.core.seeding import stream
from recsys.offline.resampling import (
    FEWEST,
    LEVEL,
    Sums,
    bca_intervals,
    cluster_numbers,
    cluster_sums,
    resampled_means,
    sign_flip_p,
)
from recsys.offline.t_test import bonferroni, paired_t

Values = NDArray[np.float64]
PerQuery = Mapping[str, Mapping[str, Values]]
"""System to metric to one value per query."""
Interval = tuple[float, float]
ALPHA = 1 - LEVEL
REPLICATES = 2_000


@dataclass(frozen=True, slots=True)
class Chance:
    """Every use of chance and how often it is used.

    Attributes:
        replicates: resamples of each interval.
        flips: random sign patterns of each permutation test.
    """

    seed: int = 0
    replicates: int = REPLICATES
    flips: int = 20_000


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over queries and its 95 % interval; None with too few clusters."""

    value: float
    ci: Interval | None


@dataclass(frozen=True, slots=True)
class TTest:
    """Student's paired t-test; robust to clusters where a listener has several queries."""

    statistic: float
    df: int
    p: float
    p_bonferroni: float


@dataclass(frozen=True, slots=True)
class Permutation:
    """Sign flips of whole clusters."""

    p: float
    p_bonferroni: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two systems on one metric, query by query.

    Attributes:
        n, clusters: queries, and listeners or playlists behind them.
        difference: mean of a less mean of b.
        comparisons: how many the corrections are for.
        significant: whether the corrected t-test is below 0.05; None where the data cannot tell.
        note: why there is no test.
    """

    metric: str
    a: str
    b: str
    n: int
    clusters: int
    mean_a: float
    mean_b: float
    difference: float
    ci: Interval | None
    comparisons: int
    t: TTest | None
    sign_flip: Permutation | None
    significant: bool | None
    note: str = ""


def figures(
    per_query: PerQuery, clusters: Sequence[str], chance: Chance, *, label: str
) -> dict[str, dict[str, Figure]]:
    """Return the mean of each metric of each system with its interval, from the same resamples throughout.

    Args:
        clusters: of each query, see `OfflineQuery.cluster`.
        label: names this use of chance.
    """
    columns = [(system, metric) for system, values in per_query.items() for metric in values]
    matrix = np.column_stack([per_query[system][metric] for system, metric in columns])
    intervals = _intervals(_sums(matrix, clusters), chance, label)
    found: dict[str, dict[str, Figure]] = {system: {} for system in per_query}
    for (system, metric), value, interval in zip(columns, matrix.mean(axis=0), intervals, strict=True):
        found[system][metric] = Figure(float(value), interval)
    return found


def compare(
    per_query: PerQuery,
    clusters: Sequence[str],
    metrics: Sequence[str],
    chance: Chance,
    *,
    label: str,
    pairs: Sequence[tuple[str, str]] | None = None,
    comparisons: int | None = None,
) -> list[Comparison]:
    """Compare systems pairwise on each metric, corrected for all comparisons made.

    Args:
        metrics: names of the metrics tested.
        label: names this use of chance.
        pairs: which systems; None for all, see `ordered_pairs`.
        comparisons: how many are made in all, where these are a part of them; None for just these.
    """
    chosen = ordered_pairs(list(per_query)) if pairs is None else list(pairs)
    tests = [(metric, a, b) for metric in metrics for a, b in chosen]
    if not tests:
        return []
    made = len(tests) if comparisons is None else comparisons
    matrix = np.column_stack([per_query[a][metric] - per_query[b][metric] for metric, a, b in tests])
    sums = _sums(matrix, clusters)
    intervals = _intervals(sums, chance, label)
    if len(sums.sizes) < FEWEST:
        t_tests: list[TTest | None] = [None] * len(tests)
        permutations: list[Permutation | None] = [None] * len(tests)
    else:
        t_tests = _t_tests(sums, made)
        permutations = _permutations(sums, chance, label, made)
    return [
        Comparison(
            metric=metric,
            a=a,
            b=b,
            n=len(matrix),
            clusters=len(sums.sizes),
            mean_a=float(per_query[a][metric].mean()),
            mean_b=float(per_query[b][metric].mean()),
            difference=float(matrix[:, number].mean()),
            ci=intervals[number],
            comparisons=made,
            t=t_tests[number],
            sign_flip=permutations[number],
            significant=None if (test := t_tests[number]) is None else test.p_bonferroni < ALPHA,
            note=_note(matrix[:, number], len(sums.sizes)) if t_tests[number] is None else "",
        )
        for number, (metric, a, b) in enumerate(tests)
    ]


def ordered_pairs(systems: Sequence[str]) -> list[tuple[str, str]]:
    """Every pair once, the later system first: floors and baselines stand first, so a gain over them is above zero."""
    return [(later, earlier) for earlier, later in combinations(systems, 2)]


def contrast(differences: Values, first: NDArray[np.bool_], clusters: Sequence[str], chance: Chance) -> Figure:
    """How much larger a mean difference is in one half of the queries than in the other, with its interval.

    Whole clusters are drawn from all queries, so that a listener with queries in both halves is drawn with both.

    Args:
        differences: shape (queries,).
        first: whether a query is in the first half, else it is in the second; neither half is empty.
    """
    parts = np.column_stack([differences * first, first, differences * ~first, ~first]).astype(np.float64)
    sums = _sums(parts, clusters)

    def value(means: Values) -> Values:
        with np.errstate(invalid="ignore", divide="ignore"):  # a resample may hold nothing of one half
            return np.asarray(means[..., 0] / means[..., 1] - means[..., 2] / means[..., 3])

    estimate = value(sums.means)
    if min(len({c for c, f in zip(clusters, first, strict=True) if f == half}) for half in (True, False)) < FEWEST:
        return Figure(float(estimate), None)
    sampled = value(resampled_means(sums, stream(chance.seed, "contrast"), replicates=chance.replicates))
    sampled, left_out = sampled[np.isfinite(sampled)], value(sums.left_out)
    low, high = bca_intervals(estimate[None], sampled[:, None], left_out[:, None])
    return Figure(float(estimate), (float(low[0]), float(high[0])))


def _sums(matrix: Values, clusters: Sequence[str]) -> Sums:
    numbers = cluster_numbers(list(clusters))
    return cluster_sums(matrix, numbers, int(numbers.max()) + 1)


def _intervals(sums: Sums, chance: Chance, label: str) -> list[Interval | None]:
    columns = sums.totals.shape[1]
    if len(sums.sizes) < FEWEST:
        return [None] * columns
    rng = stream(chance.seed, "bootstrap", label)
    sampled = resampled_means(sums, rng, replicates=chance.replicates)
    low, high = bca_intervals(sums.means, sampled, sums.left_out)
    return [(float(low[column]), float(high[column])) for column in range(columns)]


def _t_tests(sums: Sums, comparisons: int) -> list[TTest | None]:
    found = paired_t(sums)
    p_values = [None if np.isnan(p) else float(p) for p in found.p]
    return [
        None if p is None or corrected is None else TTest(float(statistic), found.df, p, corrected)
        for statistic, p, corrected in zip(found.statistic, p_values, bonferroni(p_values, comparisons), strict=True)
    ]


def _permutations(sums: Sums, chance: Chance, label: str, comparisons: int) -> list[Permutation | None]:
    p_values = sign_flip_p(sums, stream(chance.seed, "sign flips", label), flips=chance.flips)
    return [Permutation(float(p), min(1.0, float(p) * comparisons)) for p in p_values]


def _note(differences: Values, clusters: int) -> str:
    if clusters < FEWEST:
        return f"With {clusters} listeners or playlists the data cannot tell; {FEWEST} are the least."
    if not differences.any():
        return "The two are equal on every query."
    return "The difference is the same for every query, so its spread is unknown."
