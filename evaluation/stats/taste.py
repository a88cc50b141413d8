"""How much participants differ in taste, from a study that is there."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize

from evaluation.stats.arrays import FloatArray
from evaluation.stats.connectivity import components
from evaluation.stats.davidson import DavidsonModel
from evaluation.stats.errors import DisconnectedError, StatisticsError
from evaluation.stats.power_simulation import StudyModel
from evaluation.stats.tables import JudgmentTable

METHOD = (
    "maximum composite likelihood of the Davidson model with a normal taste for each participant and pair, integrated "
    "by Gauss–Hermite with 41 nodes"
)
FEWEST_REPEATS = 10  # times that somebody judged a pair for at least the second time
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(41)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()
_LARGEST_SD = 5.0


@dataclass(frozen=True)
class TasteEstimate:
    """A fitted model with tastes.

    Attributes:
        taste_sd: SD between participants of the log-odds of one system against another, natural units.
        strengths: shape (systems,), of a typical participant, mean zero; wider apart than in a fit without tastes.
        tie_parameter: Davidson's nu.
        repeats: judgments by somebody who had judged the pair before; they alone tell about tastes.
        at_bound: whether the likelihood is highest at no difference at all, or at the largest SD allowed (5).
        method: how.
    """

    taste_sd: float
    strengths: FloatArray
    tie_parameter: float
    repeats: int
    at_bound: bool
    method: str


def estimate_taste(table: JudgmentTable) -> TasteEstimate:
    """Fit the Davidson model with a normal taste of each participant on each pair.

    A participant's judgments of one pair share a deviation u ~ N(0, sd²) of d; those of different pairs are taken as
    independent, although they share a system's. The estimate is consistent all the same (a composite likelihood).

    Args:
        table: every system judged and connected to the others.

    Raises:
        DisconnectedError: A system is connected to the others by no chain of judgments.
        StatisticsError: Fewer than ten judgments repeat a participant and pair, or nobody preferred anything.

    References:
        C. Varin, N. Reid and D. Firth, "An overview of composite likelihood methods", Statistica Sinica 21, 2011;
        U. Böckenholt, "Hierarchical modeling of paired comparison data", Psychological Methods 6(1), 2001 (tastes).
    """
    cells = table.cells(by_side=False)
    size = len(table.systems)
    if not len(table) or len(components(cells, size)) != 1 or len(components(cells, size)[0]) != size:
        raise DisconnectedError("Not every system is connected to the others by judgments, so there is no joint model.")
    counts, rows = _grouped(cells.counts, cells.rows)
    repeats = int((counts.sum(axis=1) - 1).sum())
    if repeats < FEWEST_REPEATS:
        raise StatisticsError(
            f"Only {repeats} judgments are by somebody who had judged the same pair before, so how much tastes differ "
            f"cannot be told (at least {FEWEST_REPEATS} are needed); give the SD instead."
        )
    groups, weights = np.unique(np.column_stack([rows, counts]), axis=0, return_counts=True)
    model = DavidsonModel(cells, size)
    fit = model.best
    design = model.design[groups[:, 0].astype(np.intp)]
    tied = bool(groups[:, 3].any())
    likelihood = _Likelihood(design, groups[:, 1:], weights.astype(float), tied=tied)
    start = np.concatenate([fit.maximum.beta[0], [fit.log_tie] if tied else [], [0.5]])
    bounds = [(-30.0, 30.0)] * (len(start) - 1) + [(0.0, _LARGEST_SD)]
    found = minimize(likelihood, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
    if not np.isfinite(found.fun):
        raise StatisticsError("The likelihood of the tastes has no finite value; give the SD instead.")
    width = design.shape[1]
    sd = float(found.x[-1])
    return TasteEstimate(
        taste_sd=sd,
        strengths=model.strengths_of(found.x[:width]),
        tie_parameter=float(np.exp(found.x[width])) if tied else 0.0,
        repeats=repeats,
        at_bound=sd < 1e-3 or sd > _LARGEST_SD - 1e-3,
        method=METHOD,
    )


def fitted_model(table: JudgmentTable, *, taste_sd: float | None = None) -> StudyModel:
    """The model from which to simulate studies like this one; `taste_sd` in place of the estimate where given.

    Raises:
        As `estimate_taste`, but that repeats are not needed where `taste_sd` is given.
    """
    if taste_sd is None:
        estimate = estimate_taste(table)
        strengths, nu, sd = estimate.strengths, estimate.tie_parameter, estimate.taste_sd
    else:
        fit = DavidsonModel(table.cells(by_side=False), len(table.systems)).best
        strengths, nu, sd = fit.strengths, fit.tie_parameter, taste_sd
    return StudyModel(table.systems, tuple(float(value) for value in strengths), nu, sd)


class _Likelihood:
    """Minus the log likelihood per judgment, and its gradient."""

    def __init__(self, design: FloatArray, counts: FloatArray, weights: FloatArray, *, tied: bool) -> None:
        self.design, self.counts, self.weights, self.tied = design, counts, weights, tied
        self.n = counts.sum(axis=1)
        self.total = float((weights * self.n).sum())

    def __call__(self, theta: FloatArray) -> tuple[float, FloatArray]:
        width = self.design.shape[1]
        nu = np.exp(theta[width]) if self.tied else 0.0
        d = (self.design @ theta[:width])[:, None] + theta[-1] * _NODES
        half = np.abs(d) / 2
        # exp(half) is taken out of the sum of the three outcomes, so that nothing overflows
        down = np.exp(-2 * half)
        scaled = 1.0 + down + nu * np.exp(-half)
        log_total = half + np.log(scaled)
        wins, losses, ties = self.counts.T
        logs = (wins - losses)[:, None] * d / 2 - self.n[:, None] * log_total
        if self.tied:
            logs = logs + (ties * theta[width])[:, None]
        largest = logs.max(axis=1, keepdims=True)
        parts = _WEIGHTS * np.exp(logs - largest)
        inner = parts.sum(axis=1)
        value = float(self.weights @ (np.log(inner) + largest[:, 0]))
        posterior = parts / inner[:, None] * self.weights[:, None]
        difference = np.sign(d) * (1.0 - down) / scaled
        slope = (wins - losses)[:, None] / 2 - self.n[:, None] * difference / 2
        by_group = (posterior * slope).sum(axis=1)
        gradient = np.zeros(len(theta))
        gradient[:width] = by_group @ self.design
        if self.tied:
            tie = nu * np.exp(-half) / scaled
            gradient[width] = float((posterior * (ties[:, None] - self.n[:, None] * tie)).sum())
        gradient[-1] = float((posterior * slope * _NODES).sum())
        return -value / self.total, -gradient / self.total


def _grouped(counts: Any, rows: int) -> tuple[FloatArray, FloatArray]:
    """Wins, losses, ties of each participant and row that met, shape (groups, 3); and their rows."""
    sparse = counts.tocoo()
    outcome, row = np.divmod(sparse.coords[1], rows)
    keys, at = np.unique(sparse.coords[0] * rows + row, return_inverse=True)
    dense = np.zeros((len(keys), 3))
    np.add.at(dense, (at, outcome), sparse.data)
    return dense, np.asarray(keys % rows, dtype=float)
