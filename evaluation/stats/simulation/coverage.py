"""How often 95 % intervals of ratings, and of gaps between ratings, hold the truth."""

from collections.abc import Iterable

import numpy as np
from scipy.sparse import csr_array
from scipy.stats import norm
from scipy.stats import t as student

from evaluation.stats.arrays import BoolArray, FloatArray
from evaluation.stats.bootstrap import bootstrap_strengths
from evaluation.stats.clusters import cluster_covariance, sandwich
from evaluation.stats.davidson import DavidsonModel
from evaluation.stats.simulation.results import Column, Estimate, Progress, Row, Simulation, chosen, silent
from evaluation.stats.simulation.studies import Design, elo

RUNS = 1000
REPLICATES = 400
TITLE = "Coverage of 95 % intervals of ratings and of gaps between them, 5 systems over 200 Elo, 10 % ties"
NOMINAL = 0.95
_METHODS = {
    "default": ("default (CR3, t)", 0.93, 0.97),
    "sandwich": ("sandwich (CR1, t)", None, None),
    "bootstrap": ("participant bootstrap", None, None),
    "judgments": ("judgment sandwich", None, None),
}
COLUMNS = tuple(
    Column(f"{key}_{what}", f"{label}, {what}", NOMINAL, low, high)
    for key, (label, low, high) in _METHODS.items()
    for what in ("rating", "gap")
)
SKEW = 1.0  # sigma of the lognormal shares of judgments
_DESIGNS = {
    f"{people}x{each}-{'skewed' if skew else 'equal'}-{taste}": (people, each, skew, taste)
    for people, each, skew, taste in (
        (20, 13, 0.0, 0),
        (20, 13, 0.0, 104),
        (20, 13, SKEW, 52),
        (20, 13, SKEW, 104),
        (60, 20, SKEW, 52),
        (60, 20, SKEW, 104),
        (200, 20, SKEW, 52),
        (200, 20, SKEW, 104),
    )
}
CELLS = tuple(_DESIGNS)


def simulate_coverage(
    *, runs: int = RUNS, seed: int = 0, cells: Iterable[str] | None = None, progress: Progress = silent
) -> Simulation:
    """Rate so many studies of each design and see whose intervals hold the truth.

    A cell `20x13-skewed-52` has 20 participants with 13 judgments each on average, in lognormal shares, whose tastes
    have a standard deviation of 52 Elo per system. The truth is what endlessly many participants would give
    (`Design.truth`). Errors are over studies, as intervals of one study hold or fail together.

    Raises:
        CellError: A cell is unknown.
    """
    rows = []
    for name in chosen(CELLS, cells):
        people, each, skew, taste = _DESIGNS[name]
        rng = np.random.default_rng([seed, CELLS.index(name)])
        design = Design(tuple(np.linspace(elo(100), elo(-100), 5)), people, each, elo(taste), 0.1, skew)
        held: dict[str, list[float]] = {column.key: [] for column in COLUMNS}
        for done, counts in enumerate(design.draw(rng, runs)):
            for key, share in _shares_held(design, counts, rng).items():
                held[key].append(share)
            progress(name, done + 1, runs)
        words = f"{people} participants, {each} judgments {'skewed' if skew else 'each'}, sd {taste} Elo"
        rows.append(Row(name, words, runs, {key: Estimate.mean(shares) for key, shares in held.items()}))
    return Simulation("coverage", TITLE, seed, COLUMNS, tuple(rows))


def _shares_held(design: Design, counts: FloatArray, rng: np.random.Generator) -> dict[str, float]:
    """The share of ratings and of gaps whose interval holds the truth, by method."""
    size, df = len(design.strengths), design.participants - 1
    model = DavidsonModel(design.cells(counts), size)
    contrasts = np.concatenate([np.eye(size), np.eye(size)[design.pairs[0]] - np.eye(size)[design.pairs[1]]])
    values, truth = contrasts @ model.best.strengths, contrasts @ design.truth
    covariance = cluster_covariance(model)
    assert covariance is not None  # there are several participants
    quantile = float(student.ppf((1 + NOMINAL) / 2, df))
    held: dict[str, BoolArray] = {}
    for key, matrix, reach in (
        ("default", covariance.matrix, quantile),
        ("sandwich", sandwich(model), quantile),
        ("judgments", sandwich(_judgment_by_judgment(model)), float(norm.ppf((1 + NOMINAL) / 2))),
    ):
        errors = np.sqrt(np.einsum("ci,ij,cj->c", contrasts, matrix, contrasts))
        held[key] = np.abs(values - truth) <= reach * errors
    drawn = bootstrap_strengths(model, seed=int(rng.integers(2**31)), replicates=REPLICATES)[0] @ contrasts.T
    low, high = np.quantile(drawn, [(1 - NOMINAL) / 2, (1 + NOMINAL) / 2], axis=0)
    held["bootstrap"] = (low <= truth) & (truth <= high)
    return {
        f"{key}_{what}": float(within[part].mean())
        for key, within in held.items()
        for what, part in (("rating", slice(None, size)), ("gap", slice(size, None)))
    }


def _judgment_by_judgment(model: DavidsonModel) -> DavidsonModel:
    """The same judgments as if each came from somebody else."""
    cells = model.cells
    column = np.repeat(np.arange(3 * cells.rows), cells.totals.ravel().astype(np.intp))
    shape = (len(column), 3 * cells.rows)
    counts = csr_array((np.ones(len(column)), (np.arange(len(column)), column)), shape=shape)
    return DavidsonModel(type(cells)(cells.left, cells.right, cells.side, counts), model.n_systems)
