"""Whether the fitted model describes the judgments, pair by pair and outcome by outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import hstack
from scipy.stats import f as fisher

from evaluation.stats.arrays import FloatArray
from evaluation.stats.clusters import participant_scores
from evaluation.stats.fit_results import GoodnessOfFit, ResidualCell
from evaluation.stats.likelihoods import TIES_HALF
from evaluation.stats.models import RatingModel
from evaluation.stats.units import named

TEST = "Pearson, Rao–Scott second-order correction over participants, F"
WORST = 6
SMALL = 5.0  # expected judgments, the usual bound (Cochran 1954)
_BLOCK = 2_000_000  # numbers of participants x cells held at once
_MOST_SQUARE = 4_000  # side of the largest matrix of products
_MOST_HELD = 50_000_000


@dataclass(frozen=True)
class _Spread:
    """Covariance of the residuals over participants, as far as it is needed, in units of sqrt(expected)."""

    variances: FloatArray
    trace: float
    trace_of_square: float | None


def goodness_of_fit(model: RatingModel, names: Sequence[str]) -> GoodnessOfFit | None:
    """Compare the counts of every pair and outcome with what the fitted model expects.

    X squared = sum (observed - expected)^2 / expected. Were every judgment somebody else's it would be chi-squared on
    df. With several judgments by each participant it is a weighted sum of chi-squared variables on one degree of
    freedom, whose weights are the eigenvalues of the covariance V of the residuals in units of sqrt(expected), and its
    expectation is the trace of V: referred to chi-squared it would reject too often (or, were participants balanced,
    too seldom). V is estimated here from the participants: each adds their own residuals, less what their judgments
    moved the fit. X squared over the trace is referred to F on nu = trace^2 / trace(V^2) and nu (P - 1) degrees of
    freedom, so the participant is the unit. What p cannot do: many participants find a misfit of no importance, few
    find none; and where people differ in taste, the model is at best right for the average of them. Look at the cells.

    With a tie as half a win (`TIES_HALF`) the cells are the halves won and lost, since that model knows no ties.

    Args:
        model: fitted by its `best`, without a position term.
        names: of the systems.

    Returns:
        None where there is nothing to test: no finite maximum, or as many parameters as free cells. Without p where
        there are more than 4,000 cells as well as participants, for V would be too large.

    References:
        J. N. K. Rao and A. J. Scott, "On chi-squared tests for multiway contingency tables with cell proportions
        estimated from survey data", Ann. Statist. 12(1), 1984; D. R. Thomas and J. N. K. Rao, "Small-sample comparisons
        of level and power for simple goodness-of-fit statistics under cluster sampling", JASA 82(398), 1987 (F).
    """
    cells, likelihood = model.cells, model.likelihood
    totals = likelihood.recount(cells.totals)
    outcomes = 3 if totals[2].any() else 2
    df = cells.rows * (outcomes - 1) - model.design.shape[1] - (outcomes - 2)
    if model.best.penalised or df < 1:
        return None
    chances = likelihood.chances(model.differences, model.best.log_tie)[:outcomes]
    observed = totals[:outcomes].ravel()
    expected = (totals.sum(axis=0) * chances).ravel()
    residuals = (observed - expected) / np.sqrt(expected)
    statistic = float(residuals @ residuals)
    people = cells.counts.shape[0]
    spread = _spread(model, chances, expected, outcomes) if people > 1 else None
    f, f_df = None, None
    if spread is not None and spread.trace_of_square and spread.trace > 1e-9:
        nu = spread.trace**2 / spread.trace_of_square
        f, f_df = statistic / spread.trace, (nu, nu * (people - 1))
    return GoodnessOfFit(
        statistic=statistic,
        df=df,
        dispersion=statistic / df,
        design_effect=spread.trace / df if spread else None,
        test=named(TEST, cells.unit),
        f=f,
        f_df=f_df,
        p=float(fisher.sf(f, *f_df)) if f is not None and f_df is not None else None,
        cells=len(observed),
        small_cells=int((expected < SMALL).sum()),
        worst=tuple(
            _cell(model, names, int(at), observed, expected, residuals, spread)
            for at in np.argsort(-np.abs(residuals).round(9), kind="stable")[:WORST]
        ),
    )


def _cell(
    model: RatingModel,
    names: Sequence[str],
    at: int,
    observed: FloatArray,
    expected: FloatArray,
    residuals: FloatArray,
    spread: _Spread | None,
) -> ResidualCell:
    outcome, row = divmod(at, model.cells.rows)
    error = float(np.sqrt(spread.variances[at])) if spread else 0.0
    return ResidualCell(
        a=names[int(model.cells.left[row])],
        b=names[int(model.cells.right[row])],
        outcome=("a", "b", "tie")[outcome],
        observed=float(observed[at]),
        expected=float(expected[at]),
        residual=float(residuals[at]),
        z=float(residuals[at]) / error if error > 1e-6 else None,
    )


def _spread(model: RatingModel, chances: FloatArray, expected: FloatArray, outcomes: int) -> _Spread:
    counts, rows = _recounted(model), model.cells.rows
    people, width = counts.shape[0], len(expected)
    made = counts[:, :rows] + counts[:, rows : 2 * rows] + counts[:, 2 * rows :]
    slopes = expected[:, None] * model.outcome_scores[:width]  # of the expected counts, by parameter
    scores, pull = participant_scores(model), model.inverse_information @ slopes.T  # their product: what each moved
    root, mean, sums = np.sqrt(expected), np.zeros(width), np.zeros(width)
    by_cell = width <= min(_MOST_SQUARE, people)  # products of cells, or of participants, whichever are fewer
    by_person = not by_cell and people <= _MOST_SQUARE and people * width <= _MOST_HELD
    square, parts = np.zeros((width, width) if by_cell else (0, 0)), []
    block = max(1, _BLOCK // width)
    for start in range(0, people, block):
        chosen = slice(start, start + block)
        own = counts[chosen][:, :width].toarray() - np.tile(made[chosen].toarray(), outcomes) * chances.ravel()
        own = (own - scores[chosen] @ pull) / root
        mean += own.sum(axis=0)
        sums += (own**2).sum(axis=0)
        if by_cell:
            square += own.T @ own
        elif by_person:
            parts.append(own)
    mean /= people
    factor = people / (people - 1)
    variances = factor * np.maximum(sums - people * mean**2, 0.0)
    if by_cell:
        square -= people * np.outer(mean, mean)
    elif by_person:
        centred = np.concatenate(parts) - mean
        square = centred @ centred.T
    of_square = float(factor**2 * (square**2).sum()) if by_cell or by_person else None
    return _Spread(variances, float(variances.sum()), of_square)


def _recounted(model: RatingModel) -> Any:
    """Counts by participant as the model takes them, sparse, shape (participants, 3 * rows)."""
    counts, rows = model.cells.counts.tocsr(), model.cells.rows
    if model.likelihood is not TIES_HALF:
        return counts
    halves = counts[:, 2 * rows :] / 2
    return hstack([counts[:, :rows] + halves, counts[:, rows : 2 * rows] + halves, halves * 0]).tocsr()
