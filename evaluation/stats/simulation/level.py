"""Type I error of the tests of a pair: how often two equal systems are called different at 5 %."""

from collections.abc import Iterable

import numpy as np
from scipy.stats import binom, mannwhitneyu, norm, wilcoxon
from scipy.stats import t as student

from evaluation.stats.arrays import FloatArray, IntArray
from evaluation.stats.rank_tests import cluster_mann_whitney, mann_whitney
from evaluation.stats.sign_flip import sign_flip_test
from evaluation.stats.simulation.results import Column, Estimate, Progress, Row, Simulation, chosen, silent
from evaluation.stats.simulation.studies import draw_pair

RUNS = 4000
TITLE = "Rejections of two equal systems at 5 %, 7.5 % ties"
LEVEL = 0.05
COLUMNS = (
    Column("mann_whitney_d1", "Mann-Whitney D1", LEVEL),
    Column("mann_whitney_d2", "Mann-Whitney D2", LEVEL),
    Column("sign_judgments", "sign test, judgments", LEVEL),
    Column("mann_whitney_d3", "Mann-Whitney D3", LEVEL),
    Column("wilcoxon", "Wilcoxon, participants", LEVEL),
    Column("sign_flip", "sign-flip", LEVEL, 0.035, 0.065),
    Column("t", "t, participants", LEVEL),
    Column("cluster_mann_whitney", "cluster Mann-Whitney", LEVEL, 0.035, 0.065),
)
_PAIRS = {
    f"{people}x{each}-{taste:g}": (people, each, taste)
    for people, each, taste in (
        (20, 4, 0.0),
        (20, 4, 1.0),
        (20, 13, 0.0),
        (20, 13, 0.5),
        (20, 13, 1.0),
        (100, 10, 0.5),
        (100, 10, 1.0),
        (1000, 20, 1.0),
    )
}
_THREE = {f"three-{taste:g}": taste for taste in (0.0, 0.5, 1.0)}
CELLS = (*_PAIRS, *_THREE)


def simulate_level(
    *, runs: int = RUNS, seed: int = 0, cells: Iterable[str] | None = None, progress: Progress = silent
) -> Simulation:
    """Test two equal systems in so many studies of each design.

    A cell `20x13-0.5` has 20 participants with 13 judgments each, whose log-odds for the first system have standard
    deviation 0.5. In `three-0.5` three equal systems meet in 254 judgments of 20 participants, and Mann–Whitney
    compares all scores of one with all scores of another (D2). The cell of 1,000 participants is simulated an eighth
    as often.

    Raises:
        CellError: A cell is unknown.
    """
    rows = []
    for name in chosen(CELLS, cells):
        rng = np.random.default_rng([seed, CELLS.index(name)])
        if name in _THREE:
            rows.append(_three(name, _THREE[name], runs, rng, progress))
        else:
            rows.append(_pair(name, *_PAIRS[name], runs, rng, progress))
    return Simulation("level", TITLE, seed, COLUMNS, tuple(rows))


def _pair(
    name: str, people: int, each: int, taste: float, runs: int, rng: np.random.Generator, progress: Progress
) -> Row:
    runs = max(1, runs // 8) if people >= 1000 else runs
    rejected = dict.fromkeys((column.key for column in COLUMNS if column.key != "mann_whitney_d2"), 0)
    for run in range(runs):
        counts = draw_pair(rng, (1, people), each, taste=taste)[0]
        for key, p in _p_values(counts, rng).items():
            rejected[key] += p <= LEVEL
        progress(name, run + 1, runs)
    design = f"{people:,} participants, {each} judgments, sd {taste:g}"
    return Row(name, design, runs, {key: Estimate.rate(count, runs) for key, count in rejected.items()})


def _p_values(counts: FloatArray, rng: np.random.Generator) -> dict[str, float]:
    wins, losses, ties = (int(total) for total in counts.sum(axis=0))
    difference = (counts[:, 0] - counts[:, 1]) / 2 / counts.sum(axis=1)
    rate = difference + 0.5
    clustered = cluster_mann_whitney(counts).p
    return {
        "mann_whitney_d1": mann_whitney(wins, losses, ties).p,
        "sign_judgments": min(1.0, 2 * float(binom.cdf(min(wins, losses), wins + losses, 0.5))),
        "mann_whitney_d3": _rates_p(rate),
        "wilcoxon": _wilcoxon_p(difference),
        "sign_flip": sign_flip_test(difference, rng).p,
        "t": t_test(difference),
        "cluster_mann_whitney": 1.0 if clustered is None else clustered,
    }


def _rates_p(rate: FloatArray) -> float:
    """Mann–Whitney of win rates, one per participant and system."""
    if np.ptp(np.concatenate([rate, 1 - rate])) == 0:
        return 1.0
    return float(mannwhitneyu(rate, 1 - rate, method="asymptotic").pvalue)


def _wilcoxon_p(difference: FloatArray) -> float:
    """Wilcoxon's signed ranks with zeros split, asymptotic because of ties."""
    if not difference.any():
        return 1.0
    return float(wilcoxon(difference, zero_method="zsplit", method="asymptotic").pvalue)


def t_test(difference: FloatArray) -> float:
    """Student's t of one mean against 0, two-sided; 1 where nothing varies."""
    error = float(difference.std(ddof=1)) / np.sqrt(len(difference))
    if error == 0:
        return 1.0
    return 2 * float(student.sf(abs(float(difference.mean())) / error, len(difference) - 1))


def _three(name: str, taste: float, runs: int, rng: np.random.Generator, progress: Progress) -> Row:
    """Three equal systems: each participant's strengths vary so that log-odds of a pair have the given deviation."""
    people, judgments = 20, 254
    naive = flipped = 0
    person = np.arange(judgments) % people
    for run in range(runs):
        own = rng.normal(0.0, taste / np.sqrt(2), (people, 3))
        i = rng.integers(0, 3, judgments)
        j = (i + rng.integers(1, 3, judgments)) % 3
        up = np.exp((own[person, i] - own[person, j]) / 2)
        draw = rng.random(judgments) * (up + 1 / up + 2 * 0.075 / 0.925)
        score = np.where(draw < up, 1.0, np.where(draw < up + 1 / up, 0.0, 0.5))
        first = np.concatenate([score[i == 0], 1 - score[j == 0]])
        second = np.concatenate([score[i == 1], 1 - score[j == 1]])
        naive += two_sample_p(_tabulated(first), _tabulated(second)) <= LEVEL
        flipped += sign_flip_test(_rate_differences(i, j, score, person, people), rng).p <= LEVEL
        progress(name, run + 1, runs)
    values = {"mann_whitney_d2": Estimate.rate(naive, runs), "sign_flip": Estimate.rate(flipped, runs)}
    return Row(name, f"3 systems, {people} participants, {judgments} judgments, sd {taste:g}", runs, values)


def _tabulated(scores: FloatArray) -> FloatArray:
    """How many scores are 0, 1/2 and 1."""
    return np.bincount((2 * scores).astype(np.intp), minlength=3).astype(float)


def two_sample_p(x: FloatArray, y: FloatArray) -> float:
    """Mann–Whitney of two samples of three values, asymptotic, as scipy computes it.

    Args:
        x: how often each value occurs, in ascending order, shape (3,).
        y: the same of the other sample.
    """
    m, n = float(x.sum()), float(y.sum())
    u = float(x[1] * y[0] + x[2] * (y[0] + y[1]) + (x * y).sum() / 2)
    both = x + y
    variance = m * n / 12 * (m + n + 1 - float((both**3 - both).sum()) / ((m + n) * (m + n - 1)))
    if variance <= 0:
        return 1.0
    return min(1.0, 2 * float(norm.sf((max(u, m * n - u) - m * n / 2 - 0.5) / np.sqrt(variance))))


def _rate_differences(i: IntArray, j: IntArray, score: FloatArray, person: IntArray, people: int) -> FloatArray:
    """Each participant's win rate of the first system less that of the second; only where there are both."""
    rates = []
    for system in (0, 1):
        scored = np.bincount(person, np.where(i == system, score, np.where(j == system, 1 - score, 0.0)), people)
        judged = np.bincount(person, (i == system) | (j == system), people)
        rates.append(np.divide(scored, judged, out=np.full(people, np.nan), where=judged > 0))
    difference = rates[0] - rates[1]
    return np.asarray(difference[np.isfinite(difference)])
