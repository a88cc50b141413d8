"""How often the ranks given to ten systems hold all ten true ranks, and how wide they are."""

from collections.abc import Iterable

import numpy as np
from scipy.stats import t as student

from evaluation.stats.arrays import BoolArray, FloatArray
from evaluation.stats.clusters import cluster_covariance
from evaluation.stats.davidson import DavidsonModel
from evaluation.stats.multiplicity import holm
from evaluation.stats.ranks import simultaneous_ranks
from evaluation.stats.simulation.results import Column, Estimate, Progress, Row, Simulation, chosen, silent
from evaluation.stats.simulation.studies import Design, elo

RUNS = 500
TITLE = "Chance that all 10 true ranks are inside their intervals, 200 participants, 20 judgments each, 10 % ties"
LEVEL = 0.05
DRAWS = 5_000  # of the null distribution, a quarter of what an analysis draws; it moves the quantile by about 1 %
COLUMNS = (
    Column("overlap", "overlap of 95 % intervals"),
    Column("unadjusted", "unadjusted 5 % tests"),
    Column("holm", "Holm", 0.95),
    Column("max_t", "max-t", 0.95, 0.94),
    Column("holm_width", "width, Holm", digits=2),
    Column("max_t_width", "width, max-t", digits=2),
    Column("relative_width", "max-t width / Holm's", high=1.05),
)
_DESIGNS = {f"{name}-{taste}": (gap, taste) for name, gap in (("equal", 0.0), ("blocks", 60.0)) for taste in (52, 104)}
CELLS = tuple(_DESIGNS)


def simulate_ranks(
    *, runs: int = RUNS, seed: int = 0, cells: Iterable[str] | None = None, progress: Progress = silent
) -> Simulation:
    """Rank ten systems in so many studies of each design.

    In `equal-104` all systems are equal, in `blocks-104` five of them are 60 Elo above the other five; the number is
    the standard deviation of taste in Elo. Equal systems share their ranks, so a system of the upper block has the
    true ranks 1 to 5, and all of them must be inside. A width is the number of ranks inside, over all systems.

    Raises:
        CellError: A cell is unknown.
    """
    rows = []
    for name in chosen(CELLS, cells):
        gap, taste = _DESIGNS[name]
        rng = np.random.default_rng([seed, CELLS.index(name)])
        strengths = np.repeat([elo(gap / 2), -elo(gap / 2)], 5)
        design = Design(tuple(strengths), 200, 20, elo(taste), 0.1)
        truth = _true_ranks(strengths)
        held: dict[str, int] = dict.fromkeys(("overlap", "unadjusted", "holm", "max_t"), 0)
        widths: dict[str, list[float]] = {"holm": [], "max_t": []}
        for done, counts in enumerate(design.draw(rng, runs)):
            for key, ranks in _ranks(design, counts, rng).items():
                held[key] += bool(((ranks[:, 0] <= truth[:, 0]) & (ranks[:, 1] >= truth[:, 1])).all())
                if key in widths:
                    widths[key].append(float((ranks[:, 1] - ranks[:, 0] + 1).mean()))
            progress(name, done + 1, runs)
        values = {key: Estimate.rate(count, runs) for key, count in held.items()}
        values |= {f"{key}_width": Estimate.mean(width) for key, width in widths.items()}
        values["relative_width"] = _ratio(np.array(widths["max_t"]), np.array(widths["holm"]))
        words = "10 equal systems" if gap == 0 else "two blocks of 5, 60 Elo apart"
        rows.append(Row(name, f"{words}, sd {taste} Elo", runs, values))
    return Simulation("ranks", TITLE, seed, COLUMNS, tuple(rows))


def _true_ranks(strengths: FloatArray) -> FloatArray:
    above = (strengths[None, :] > strengths[:, None]).sum(axis=1)
    below = (strengths[None, :] < strengths[:, None]).sum(axis=1)
    return np.column_stack([1 + above, len(strengths) - below])


def _ranks(design: Design, counts: FloatArray, rng: np.random.Generator) -> dict[str, FloatArray]:
    """Best and worst rank of each system by each rule, shape (systems, 2)."""
    size = len(design.strengths)
    model = DavidsonModel(design.cells(counts), size)
    strengths, covariance = model.best.strengths, cluster_covariance(model)
    assert covariance is not None  # there are many participants
    left, right = design.pairs
    variances = np.diag(covariance.matrix)
    gap = strengths[left] - strengths[right]
    error = np.sqrt(variances[left] + variances[right] - 2 * covariance.matrix[left, right])
    p = 2 * student.sf(np.abs(gap) / error, covariance.df)
    reach = student.ppf(1 - LEVEL / 2, covariance.df) * covariance.standard_errors
    rules = {
        "overlap": np.abs(gap) > reach[left] + reach[right],
        "unadjusted": p <= LEVEL,
        "holm": np.array(holm(p.tolist())) <= LEVEL,
    }
    ranks = {key: _from_pairs(design, significant, gap) for key, significant in rules.items()}
    joint = simultaneous_ranks(strengths, covariance.matrix, covariance.df, rng, draws=DRAWS)
    return ranks | {"max_t": np.array(joint)}


def _from_pairs(design: Design, significant: BoolArray, gap: FloatArray) -> FloatArray:
    left, right = design.pairs
    size = len(design.strengths)
    wins, losses = significant & (gap > 0), significant & (gap < 0)
    above = np.bincount(right[wins], minlength=size) + np.bincount(left[losses], minlength=size)
    below = np.bincount(left[wins], minlength=size) + np.bincount(right[losses], minlength=size)
    return np.column_stack([1 + above, size - below])


def _ratio(over: FloatArray, under: FloatArray) -> Estimate:
    """Ratio of two means over the same studies, its error by the delta method."""
    ratio = float(over.mean() / under.mean())
    return Estimate(ratio, Estimate.mean((over - ratio * under) / under.mean()).error)
