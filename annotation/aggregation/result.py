"""One label per item, how sure it is, and how it was reached."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Setting = float | int | str | None

NO_LABEL = -1


@dataclass(frozen=True, slots=True)
class AnnotatorQuality:
    """How far one annotator's votes can be relied on.

    Attributes:
        annotator: their id.
        votes: how many items they voted on.
        compared: those of them that somebody else voted on too, or whose gold is known; the n of `accuracy`.
        accuracy: expected share of the compared votes that are right; None where nothing was compared.
        competence: MACE's probability that they answer from the item and do not guess; None for other methods.
    """

    annotator: str
    votes: int
    compared: int
    accuracy: float | None
    competence: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Consensus:
    """One label from many votes.

    Attributes:
        method: name in `AGGREGATORS`.
        categories: the columns of `probabilities`.
        item_ids: the rows of `probabilities`.
        probabilities: shape (items, categories); each row sums to 1, a gold item's row is 1 at its gold.
        best: shape (items,), index into `categories`; `NO_LABEL` (-1) for an item with neither vote nor gold. Of equal
            probabilities the first in the order of `categories` wins.
        ties: items of which several categories are equally probable.
        unlabelled: items with neither vote nor gold; their probabilities say only how common each category is.
        gold_used: items whose label was given, not inferred.
        annotator_quality: one per annotator, in the order of the votes.
        iterations: steps of the fit that was kept; 0 where nothing was iterated.
        converged: False if the fit was still moving at its last step.
        log_likelihood: natural log of the probability of votes and gold at the parameters; None for majority.
        trace: what each step of the kept fit maximised: the penalised log-likelihood, for MACE the variational bound.
        settings: what the fit was run with, and what it chose itself.
        parameters: the fitted arrays by name, for a warm start; see each method.
        annotator_ids: the first axis of annotators' parameters.
    """

    method: str
    categories: tuple[str, ...]
    item_ids: tuple[str, ...]
    probabilities: FloatArray
    best: IntArray
    ties: tuple[str, ...]
    unlabelled: tuple[str, ...]
    gold_used: int
    annotator_quality: tuple[AnnotatorQuality, ...]
    iterations: int = 0
    converged: bool = True
    log_likelihood: float | None = None
    trace: tuple[float, ...] = ()
    settings: Mapping[str, Setting] = field(default_factory=dict)
    parameters: Mapping[str, FloatArray] = field(default_factory=dict)
    annotator_ids: tuple[str, ...] = ()

    def labels(self) -> dict[str, str]:
        """Item id to its label; an item with neither vote nor gold is left out."""
        chosen = zip(self.item_ids, self.best.tolist(), strict=True)
        return {item: self.categories[label] for item, label in chosen if label != NO_LABEL}
