"""Ratings of systems from paired comparisons: Bradley–Terry with ties, by one of three likelihoods."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from evaluation.stats.arrays import BoolArray, FloatArray
from evaluation.stats.cells import Cells
from evaluation.stats.connectivity import beaten_or_tied, components, has_finite_maximum, strongly_connected
from evaluation.stats.elo import START
from evaluation.stats.errors import DisconnectedError, NotConvergedError, StatisticsError
from evaluation.stats.likelihoods import DAVIDSON, Likelihood
from evaluation.stats.newton import Maximum, maximise

ELO_PER_LOGIT = 400 / np.log(10)
_MOST_LINKS = 20_000_000  # entries of the graphs whose connection is checked at once
PENALTY = 0.5  # pseudo-wins and pseudo-losses of each system against the ghost


@dataclass(frozen=True)
class RatingFit:
    """Strengths and how they were reached.

    Attributes:
        strengths: shape (systems,), natural log-odds of a decisive win, mean zero.
        position: the log-odds that being shown first adds, or None in a model without it.
        log_tie: log tie parameter (nu of Davidson, kappa of Rao–Kupper); where the model has none, or nobody ever
            called a tie, that of a model without ties.
        penalised: whether no finite maximum exists, so that the ghost's penalty holds the fit.
        steps: Newton steps taken.
        maximum: the optimum in the model's own parameters.
    """

    strengths: FloatArray
    position: float | None
    log_tie: float
    penalised: bool
    steps: int
    maximum: Maximum

    @property
    def ratings(self) -> FloatArray:
        """Strengths on the Elo scale, mean 1500."""
        return np.asarray(START + ELO_PER_LOGIT * self.strengths)

    @property
    def tie_parameter(self) -> float:
        return float(np.exp(self.log_tie))


class RatingModel:
    """The likelihood of some counted judgments of systems that are all connected.

    Args:
        cells: the judgments; counted by side if there shall be a position term.
        n_systems: number of systems; each must have been judged.
        position: whether being shown first may count: + delta for the first system's difference, - delta where it was
            shown second (R. R. Davidson and R. J. Beaver, Biometrics 33(4), 1977).
        likelihood: the model of ties.
        start: where the search for the best fit begins, one of fewer judgments of the same systems perhaps.

    Raises:
        DisconnectedError: Some systems are connected to others by no chain of judgments.
        StatisticsError: The sides were never varied, so position and strength cannot be told apart.
    """

    def __init__(
        self,
        cells: Cells,
        n_systems: int,
        *,
        position: bool = False,
        likelihood: Likelihood = DAVIDSON,
        start: RatingFit | None = None,
    ) -> None:
        groups = components(cells, n_systems)
        if len(groups) != 1 or len(groups[0]) != n_systems:
            raise DisconnectedError(
                "Some systems are connected to the others by no chain of judgments; rate them apart."
            )
        self.cells, self.n_systems, self.position, self.likelihood = cells, n_systems, position, likelihood
        self._start = start
        self.basis = _sum_zero_basis(n_systems)
        contrasts = np.zeros((cells.rows, n_systems))
        contrasts[np.arange(cells.rows), cells.left] = 1.0
        contrasts[np.arange(cells.rows), cells.right] = -1.0
        self.design = contrasts @ self.basis
        ghost = self.basis  # each system against a ghost whose strength is the mean, zero
        if position:
            self.design = np.column_stack([self.design, cells.side])
            if np.linalg.matrix_rank(self.design) < self.design.shape[1]:
                raise StatisticsError("The sides were not varied, so position and strength cannot be told apart.")
            # ... and one ghost of the sides: a system against itself.
            ghost = np.block([[ghost, np.zeros((n_systems, 1))], [np.zeros((1, n_systems - 1)), np.ones((1, 1))]])
        self._penalised_design = np.concatenate([self.design, ghost])
        self._ghost_counts = np.repeat([[PENALTY], [PENALTY], [0.0]], len(ghost), axis=1)

    @cached_property
    def best(self) -> RatingFit:
        """The maximum likelihood fit; where it is not finite, the penalised one.

        Where the likelihood has no finite maximum, every system gets half a win and half a loss against a ghost of
        mean strength (and the sides likewise), the least that makes the maximum finite.

        Raises:
            NotConvergedError: Newton's method did not end although a finite maximum exists.

        References:
            H. L. Turner et al., "Modelling rankings in R: the PlackettLuce package", Comput. Stat. 35, 2020,
            section 2.3 (pseudo-rankings).
        """
        counts = self.likelihood.recount(self.cells.totals[None])
        if self._may_be_finite(counts)[0]:
            beta, log_tie = (None, None) if self._start is None else (self._start.maximum.beta[0], self._start.log_tie)
            found = maximise(self.design, counts, likelihood=self.likelihood, beta=beta, log_tie=log_tie)
            if found.finite[0]:
                return self._fit(found, penalised=False)
            if has_finite_maximum(self.design, counts[0]):
                raise NotConvergedError(f"The ratings were still moving after {found.steps} Newton steps.")
        return self._fit(self._maximise_penalised(counts), penalised=True)

    def plus(self, more: Cells) -> "RatingModel":
        """The model of these judgments and some more of the same systems; its search begins at this one's best fit."""
        cells = self.cells.plus(more)
        return RatingModel(cells, self.n_systems, position=self.position, likelihood=self.likelihood, start=self.best)

    def refit(self, counts: FloatArray) -> tuple[FloatArray, int]:
        """Fit other counts of the same cells, starting from the best fit of these.

        Args:
            counts: shape (replicates, 3, rows).

        Returns:
            Strengths and, in a model with a position term, the position, shape (replicates, systems [+ 1]); and how
            many replicates only the penalty made finite though the whole data needs none.
        """
        block = max(1, _MOST_LINKS // self.n_systems**2)
        parts = [self._refit(self.likelihood.recount(counts[at : at + block])) for at in range(0, len(counts), block)]
        return np.concatenate([values for values, _ in parts]), sum(penalised for _, penalised in parts)

    def _refit(self, counts: FloatArray) -> tuple[FloatArray, int]:
        best = self.best
        beta = np.empty((len(counts), self.design.shape[1]))
        finite = np.zeros(len(counts), dtype=np.bool_)
        if not best.penalised:
            tried = np.flatnonzero(self._may_be_finite(counts))
            if len(tried):
                start = best.maximum.beta[0]
                found = maximise(
                    self.design, counts[tried], likelihood=self.likelihood, beta=start, log_tie=best.log_tie
                )
                beta[tried] = found.beta
                finite[tried] = found.finite & self._identified(found)
        if not finite.all():
            beta[~finite] = self._maximise_penalised(counts[~finite]).beta
        return self.strengths_of(beta), 0 if best.penalised else int((~finite).sum())

    def strengths_of(self, beta: FloatArray) -> FloatArray:
        """Parameters (…, parameters) as strengths and position (…, systems [+ 1])."""
        free = self.n_systems - 1
        return np.concatenate([beta[..., :free] @ self.basis.T, beta[..., free:]], axis=-1)

    @property
    def differences(self) -> FloatArray:
        """d of each row at the best fit, shape (rows,)."""
        return np.asarray(self.design @ self.best.maximum.beta[0])

    @cached_property
    def outcome_scores(self) -> FloatArray:
        """Derivative of the log probability of each row's win, loss and tie, shape (3 * rows, parameters + 1)."""
        in_d, in_tie = self.likelihood.scores(self.differences, self.best.log_tie)
        return np.concatenate(
            [np.column_stack([self.design * in_d[outcome][:, None], in_tie[outcome]]) for outcome in range(3)]
        )

    @cached_property
    def inverse_information(self) -> FloatArray:
        """At the best fit, in the model's own parameters, the log tie parameter last."""
        return np.asarray(np.linalg.inv(self.best.maximum.information[0]))

    def _may_be_finite(self, counts: FloatArray) -> BoolArray:
        decisive = counts[:, :2].sum(axis=(1, 2)) > 0
        return np.asarray(decisive & strongly_connected(beaten_or_tied(self.cells, counts, self.n_systems)))

    def _identified(self, found: Maximum) -> BoolArray:
        if not self.position:
            return np.ones(len(found.beta), dtype=np.bool_)  # strong connection is enough
        values = np.linalg.eigvalsh(found.information)
        return np.asarray(values[:, 0] > 1e-11 * values[:, -1])

    def _maximise_penalised(self, counts: FloatArray) -> Maximum:
        ghost = np.broadcast_to(self._ghost_counts, (len(counts), *self._ghost_counts.shape))
        found = maximise(self._penalised_design, np.concatenate([counts, ghost], axis=2), likelihood=self.likelihood)
        if not found.finite.all():
            raise NotConvergedError(f"The penalised ratings were still moving after {found.steps} Newton steps.")
        return found

    def _fit(self, found: Maximum, *, penalised: bool) -> RatingFit:
        values = self.strengths_of(found.beta[0])
        return RatingFit(
            strengths=values[: self.n_systems],
            position=float(values[-1]) if self.position else None,
            log_tie=float(found.log_tie[0]),
            penalised=penalised,
            steps=found.steps,
            maximum=found,
        )


def fit_ratings(
    cells: Cells, n_systems: int, *, position: bool = False, likelihood: Likelihood = DAVIDSON
) -> RatingFit:
    """Fit the systems; see `RatingModel` and its `best`."""
    return RatingModel(cells, n_systems, position=position, likelihood=likelihood).best


def _sum_zero_basis(n: int) -> FloatArray:
    """Orthonormal columns that span the vectors of sum zero, shape (n, n - 1) (Helmert)."""
    basis = np.zeros((n, n - 1))
    for column in range(1, n):
        basis[:column, column - 1] = 1.0
        basis[column, column - 1] = -column
        basis[:, column - 1] /= np.sqrt(column * (column + 1))
    return basis
