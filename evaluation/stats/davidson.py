"""The Davidson model, the default, by its own name; all of its work is in `models.py`.

With strengths t, d = t_i - t_j (+ delta where i is shown first, - delta where second, in the model with a position
term), the outcomes have P(i wins) : P(j wins) : P(tie) = exp(d/2) : exp(-d/2) : nu.
"""

from evaluation.stats.cells import Cells
from evaluation.stats.likelihoods import DAVIDSON
from evaluation.stats.models import ELO_PER_LOGIT, RatingFit, RatingModel

__all__ = ["ELO_PER_LOGIT", "DavidsonModel", "fit_davidson"]


class DavidsonModel(RatingModel):
    """`RatingModel` with Davidson's likelihood."""

    def __init__(self, cells: Cells, n_systems: int, *, position: bool = False) -> None:
        super().__init__(cells, n_systems, position=position, likelihood=DAVIDSON)


def fit_davidson(cells: Cells, n_systems: int, *, position: bool = False) -> RatingFit:
    """Fit the Davidson model; see `RatingModel` and its `best`."""
    return DavidsonModel(cells, n_systems, position=position).best
