"""How each participant's judgments stand to what all others would lead one to expect."""

from dataclasses import dataclass

import numpy as np

from evaluation.stats.arrays import FloatArray, IntArray
from evaluation.stats.cells import Cells
from evaluation.stats.clusters import MOST_REFITS, participant_scores
from evaluation.stats.connectivity import components
from evaluation.stats.davidson import DavidsonModel
from evaluation.stats.tables import JudgmentTable


@dataclass(frozen=True)
class Expectation:
    """Per participant, shape (participants,); nan where there are no others to compare with.

    Attributes:
        z: sum of scores of the system that the others put higher, less the expected one, in standard deviations of
            independent judgments. Its variance is above 1 where participants differ in taste. Below zero:
            against the others.
        log_likelihood_ratio: of the others' ratings against coin flips (all systems equal, as many ties). Below zero:
            coin flips explain the judgments better.
    """

    z: FloatArray
    log_likelihood_ratio: FloatArray


def compare_with_others(table: JudgmentTable) -> Expectation:
    """Hold each participant's judgments against the Davidson ratings that all others give.

    Systems that no chain of judgments connects are rated apart, and a participant's sums run over the parts. The tie
    parameter is everybody's: it is about how people use "equivalent", and one participant hardly moves it.

    Raises:
        NotConvergedError: A fit did not end although its maximum exists.
    """
    people = len(table.participants)
    cells = table.cells(by_side=False)
    residual, variance, ratio = np.zeros(people), np.zeros(people), np.zeros(people)
    for group in components(cells, len(table.systems)):
        inside = cells.restricted_to(group)
        who = _who_judged(cells, group)
        if len(who) < 2:
            continue
        model = DavidsonModel(inside, len(group))
        for total, part in zip((residual, variance, ratio), _sums(model, _others_strengths(model)), strict=True):
            total[who] += part
    known = variance > 0
    z = np.divide(residual, np.sqrt(variance), out=np.full(people, np.nan), where=known)
    return Expectation(z, np.where(known, ratio, np.nan))


def _who_judged(cells: Cells, group: list[int]) -> IntArray:
    """The participants that `cells.restricted_to(group)` keeps, in its order."""
    kept = np.flatnonzero(np.isin(cells.left, group) & np.isin(cells.right, group))
    columns = np.concatenate([kept, cells.rows + kept, 2 * cells.rows + kept])
    judged = np.asarray(cells.counts.tocsc()[:, columns].sum(axis=1)).ravel()
    return np.flatnonzero(judged > 0)


def _others_strengths(model: DavidsonModel) -> FloatArray:
    """Strengths without each participant, shape (participants, systems).

    Refitted; beyond 1,000 participants one Newton step from everybody's fit, whose error falls with the square of the
    participant's share.
    """
    cells = model.cells
    people = cells.counts.shape[0]
    if people < MOST_REFITS:
        own = np.asarray(cells.counts.toarray(), dtype=float).reshape(people, 3, cells.rows)
        return model.refit(cells.totals[None] - own)[0]
    moves = participant_scores(model) @ model.inverse_information
    return model.strengths_of(model.best.maximum.beta[0] - moves[:, :-1])


def _sums(model: DavidsonModel, strengths: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Residual towards the favourite, its variance, log-likelihood ratio; shape (participants,) each."""
    cells, nu = model.cells, model.best.tie_parameter
    entries = cells.counts.tocoo()
    person, count = entries.coords[0], entries.data
    outcome, row = np.divmod(entries.coords[1], cells.rows)
    d = strengths[person, cells.left[row]] - strengths[person, cells.right[row]]
    up, down = np.exp(d / 2), np.exp(-d / 2)
    total = up + down + nu
    expected = (up + nu / 2) / total
    score = np.choose(outcome, [1.0, 0.0, 0.5])
    variance = (up + nu / 4) / total - expected**2
    ratio = (score - 0.5) * d - np.log(total / (2 + nu))
    people = len(strengths)
    sums = [
        np.asarray(np.bincount(person, count * value, people), dtype=float)
        for value in (np.sign(d) * (score - expected), variance, ratio)
    ]
    return sums[0], sums[1], sums[2]
