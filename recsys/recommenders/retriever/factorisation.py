"""Implicit-feedback factorisation of likes, dislikes, listens and skips: Hu, Koren and Volinsky 2008.

Evidence e (`recsys.data.interactions`) gives preference p = 1 where e > 0, else 0, and confidence c = 1 + alpha |e|, so
that of a pair without evidence p = 0 is known as weakly as anything is (c = 1). Factors x of listeners and y of tracks
minimise, over all pairs (eq. 3),

    sum c_ui (p_ui - x_u . y_i) ** 2 + lambda (sum |x_u| ** 2 + sum |y_i| ** 2).

With the tracks fixed, a listener's factors have a closed form (eq. 4), with Y the track factors and C the diagonal of
the listener's confidences:

    x_u = (Y'CY + lambda I)^-1 Y'C p(u) = (Y'Y + Y'(C - I)Y + lambda I)^-1 Y'C p(u).

C - I and p are 0 where there is no evidence, so that this costs as many rows of Y as the listener has events. It is the
last step for every listener that the artifact knows, and the fold-in of one that it does not: both are told alike.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recsys.core.errors import RequestError
from recsys.core.seeding import derived_seed

Factors = NDArray[np.float32]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class AlsParams:
    """Of the factorisation.

    Attributes:
        factors: numbers per listener and track.
        regularization: lambda, above 0: it also makes eq. 4 solvable for everybody.
        confidence: alpha, at least 0.
        sweeps: alternations.
    """

    factors: int = 32
    regularization: float = 1.0
    confidence: float = 1.0
    sweeps: int = 15

    def __post_init__(self) -> None:
        if not 1 <= self.factors <= 1024:
            raise RequestError(f"`factors` must be between 1 and 1024, got {self.factors}.")
        if not 0 < self.regularization <= 1e6:
            raise RequestError(f"`regularization` must be above 0 and at most 1000000, got {self.regularization}.")
        if not 0 <= self.confidence <= 1e4:
            raise RequestError(f"`confidence` must be between 0 and 10000, got {self.confidence}.")
        if not 1 <= self.sweeps <= 1000:
            raise RequestError(f"`sweeps` must be between 1 and 1000, got {self.sweeps}.")


def factorise(evidence: sp.csr_matrix, params: AlsParams, *, seed: int) -> tuple[Factors, Factors]:
    """Return the factors of listeners and tracks, for evidence of shape (listeners, tracks).

    implicit alternates with three conjugate gradient steps per sweep; the listeners are then solved exactly (eq. 4)
    against the final tracks. One thread and a derived seed make it repeatable. Without evidence for any track there is
    nothing to learn, and all factors are 0.
    """
    listeners, tracks = evidence.shape
    if not (evidence.data > 0).any():
        return np.zeros((listeners, params.factors), np.float32), np.zeros((tracks, params.factors), np.float32)
    from implicit.cpu.als import AlternatingLeastSquares
    from threadpoolctl import threadpool_limits

    weights = signed_confidence(evidence, params.confidence)
    with threadpool_limits(1, "blas"):
        model = AlternatingLeastSquares(
            factors=params.factors,
            regularization=params.regularization,
            alpha=1.0,
            iterations=params.sweeps,
            num_threads=1,
            random_state=derived_seed(seed, "als"),
        )
        model.fit(weights, show_progress=False)
        solved = model.recalculate_user(np.arange(listeners), weights)
    return np.asarray(solved, np.float32), np.asarray(model.item_factors, np.float32)


def signed_confidence(evidence: sp.csr_matrix, confidence: float) -> sp.csr_matrix:
    """Return c with the sign of the evidence: implicit reads the sign as the preference."""
    weights = evidence.astype(np.float32)
    weights.data = np.sign(weights.data) * (1 + confidence * np.abs(weights.data))
    return weights


def gram(track_factors: Factors) -> Floats:
    """Return Y'Y, shape (factors, factors)."""
    wide = track_factors.astype(np.float64)
    return wide.T @ wide


def fold_in(factors: Factors, evidence: NDArray[np.float32], whole: Floats, params: AlsParams) -> Factors:
    """Return a listener's factors from their evidence, eq. 4, the tracks staying as they are.

    Args:
        factors: of the tracks with evidence, shape (events, factors).
        evidence: of these tracks, shape (events,), no zeros.
        whole: `gram` of all tracks.
    """
    rows, more = factors.astype(np.float64), params.confidence * np.abs(evidence.astype(np.float64))
    left = whole + (rows.T * more) @ rows + params.regularization * np.eye(len(whole))
    right = rows.T @ ((1 + more) * (evidence > 0))
    return np.linalg.solve(left, right).astype(np.float32)
