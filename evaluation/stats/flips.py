"""How many judgments, or participants, would have to be otherwise for another system to win."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import null_space
from scipy.sparse import csr_array

from evaluation.stats.arrays import FloatArray
from evaluation.stats.clusters import participant_scores
from evaluation.stats.fit_results import FlipsResult, TurnedJudgments
from evaluation.stats.influence import leaders
from evaluation.stats.likelihoods import TIES_HALF, Tally
from evaluation.stats.models import RatingModel
from evaluation.stats.newton import maximise

METHOD = (
    "judgments are turned one kind at a time, that first which moves the gap most (as a rule the top's wins over the "
    "challenger into losses), until refitted ratings put the challenger above; participants are dropped in the order "
    "of their one-step effect on the gap; one fewer of the same kind, or in the same order, does not do it"
)
CHALLENGERS = 20  # those that least separates from the top, to first order; of hundreds each fit would take long
DOUBT = 1.5  # challengers whose estimate is as many times the best found are not tried
_ABOVE = 1e-9  # log-odds: equal ratings are no flip
_MOST_STAGES = 500
_OUTCOMES = ("a", "b", "tie")


@dataclass(frozen=True)
class _Turn:
    outcome: int
    into: int
    row: int
    judgments: int


@dataclass(frozen=True)
class _Flip:
    challenger: int
    turns: tuple[_Turn, ...]

    @property
    def judgments(self) -> int:
        return sum(turn.judgments for turn in self.turns)


def flips(model: RatingModel, names: Sequence[str]) -> FlipsResult:
    """The fewest judgments to turn, and participants to drop, so that the winner is another.

    A judgment is turned by giving it another outcome. The challenger S passes the top T if and only if, in the fit that
    holds both at one strength, S scores more than expected: the log likelihood is concave. In that fit a win of T over
    S that becomes a win of S counts fully and leaves the fit as it is, so the number of such turns follows at once; it
    is checked by two refits. Where a tie is half a win, no other change of one judgment counts more: what it adds is a
    difference of potentials in the network of judgments in which T has potential 0 and S has 1, and by the maximum
    principle all lie between. There the number of direct turns is also the least number of any changes, and the lower
    bound holds for every challenger; so the result is exact where it meets the smallest bound. In the two models with a
    tie parameter that parameter moves too, and the number is given as an upper bound.

    Returns:
        Of the challenger that needs the fewest, among the nearest twenty.

    References:
        T. Broderick, R. Giordano and R. Meager, "An automatic finite-sample robustness metric: when can dropping a
        little data make a big difference?", arXiv:2011.14999, 2020 (the order by one-step effect, and the refit).
    """
    top, _ = leaders(model.best.strengths)
    others = sorted((_first_order(model, top, other), other) for other in range(model.n_systems) if other != top)
    bounds = sorted((_needed(model, top, other), other) for _, other in others[:CHALLENGERS])
    fewest: _Flip | None = None
    for bound, challenger in bounds:
        if fewest is None or bound < fewest.judgments:
            found = _turn_until_above(model, top, challenger, bound)
            if found and (fewest is None or found.judgments < fewest.judgments):
                fewest = found
    people, cells = model.cells.counts.shape[0], model.cells
    least = None
    if cells.unit == "participant":
        least = _fewest_dropped(model, top, [challenger for _, challenger in bounds])
    certain = model.likelihood is TIES_HALF and not model.best.penalised and len(others) <= CHALLENGERS
    return FlipsResult(
        top=names[top],
        challenger=names[fewest.challenger if fewest else bounds[0][1]],
        judgments=fewest.judgments if fewest else None,
        share=fewest.judgments / float(cells.totals.sum()) if fewest else None,
        exact=certain and fewest is not None and fewest.judgments <= bounds[0][0],
        turned=tuple(_named(model, names, turn) for turn in fewest.turns) if fewest else (),
        drop_challenger=names[least[1]] if least else None,
        participants=least[0] if least else None,
        participants_share=least[0] / people if least else None,
        method=METHOD,
    )


def _needed(model: RatingModel, top: int, challenger: int) -> int:
    """How many wins of the top over the challenger must be turned, were there enough; by one step if penalised."""
    if model.best.penalised:
        return int(_first_order(model, top, challenger)) + 1
    held = model.design @ null_space((model.basis[challenger] - model.basis[top])[None])
    counts = model.likelihood.recount(model.cells.totals[None])
    found = maximise(held, counts, likelihood=model.likelihood)
    point = model.likelihood.at(Tally.of(counts), found.beta @ held.T, found.log_tie)
    sign = (model.cells.left == challenger).astype(float) - (model.cells.right == challenger)
    short = -float(point.slope[0] @ sign)
    in_d, _ = model.likelihood.scores(np.zeros(1), float(found.log_tie[0]))
    each = float(in_d[0, 0] - in_d[1, 0])  # what a loss that becomes a win adds where both are equally strong
    return int(np.floor(short / each + _ABOVE)) + 1


def _first_order(model: RatingModel, top: int, challenger: int) -> float:
    """The gap over what a unit of score between the two moves it."""
    towards = model.basis[challenger] - model.basis[top]
    moved = float(towards @ _gap_direction(model, top, challenger)[: len(towards)])
    return round(-_gap(model.best.strengths, top, challenger) / max(moved, 1e-12), 6)


def _gap_direction(model: RatingModel, top: int, challenger: int) -> FloatArray:
    """What the challenger's strength less the top's gains by a unit of each parameter's score."""
    direction = np.zeros(len(model.inverse_information))
    direction[: model.n_systems - 1] = model.basis[challenger] - model.basis[top]
    return np.asarray(model.inverse_information @ direction)


def _turn_until_above(model: RatingModel, top: int, challenger: int, guess: int) -> _Flip | None:
    counts, here = model.cells.totals, model
    for _ in range(_MOST_STAGES):
        effects = _effects(here, top, challenger, counts)
        outcome, into, row = (int(at) for at in np.unravel_index(np.argmax(effects.round(12)), effects.shape))
        effect = float(effects[outcome, into, row])
        if effect <= 0:
            return None
        between = {int(model.cells.left[row]), int(model.cells.right[row])} == {top, challenger}
        most = int(counts[outcome, row])
        if not between or 2 in (outcome, into):  # the effects of others change as the fit moves, so these go by halves
            needed = -_gap(here.best.strengths, top, challenger) / effect
            most = min(most, max(1, int(needed / 2) + 1))
        if _is_above(model, _turned(counts, outcome, into, row, most), top, challenger):
            few, enough = 0, most
            guesses = [guess, guess - 1]  # right as a rule, so that two refits are all
            while enough - few > 1:
                tried = guesses.pop(0) if guesses and few < guesses[0] < enough else (few + enough) // 2
                above = _is_above(model, _turned(counts, outcome, into, row, tried), top, challenger)
                few, enough = (few, tried) if above else (tried, enough)
            return _Flip(challenger, _net(model.cells.totals, _turned(counts, outcome, into, row, enough)))
        counts = _turned(counts, outcome, into, row, most)
        here = _of_counts(model, counts)
    return None


def _effects(model: RatingModel, top: int, challenger: int, counts: FloatArray) -> FloatArray:
    """What turning one judgment adds to the gap to first order, shape (3, 3, rows): outcome, into, row.

    Minus infinity for judgments that are not there.
    """
    scores = model.outcome_scores @ _gap_direction(model, top, challenger)
    by_outcome = scores.reshape(3, model.cells.rows)
    effects = by_outcome[None, :, :] - by_outcome[:, None, :]
    return np.where((counts < 1)[:, None, :], -np.inf, effects)


def _turned(counts: FloatArray, outcome: int, into: int, row: int, judgments: int) -> FloatArray:
    moved = counts.copy()
    moved[outcome, row] -= judgments
    moved[into, row] += judgments
    return moved


def _gap(strengths: FloatArray, top: int, challenger: int) -> float:
    return float(strengths[challenger] - strengths[top])


def _is_above(model: RatingModel, counts: FloatArray, top: int, challenger: int) -> bool:
    return _gap(model.refit(counts[None])[0][0], top, challenger) > _ABOVE


def _of_counts(model: RatingModel, counts: FloatArray) -> RatingModel:
    cells = replace(model.cells, counts=csr_array(counts.reshape(1, -1)))
    return RatingModel(cells, model.n_systems, likelihood=model.likelihood)


def _net(before: FloatArray, after: FloatArray) -> tuple[_Turn, ...]:
    """The fewest turns that lead from some counts to others; what was turned twice counts once."""
    turns = []
    for row in np.flatnonzero((before != after).any(axis=0)):
        spare = (before - after)[:, row]
        for outcome in range(3):
            for into in range(3):
                judgments = int(min(max(spare[outcome], 0), max(-spare[into], 0)))
                if judgments:
                    spare[outcome] -= judgments
                    spare[into] += judgments
                    turns.append(_Turn(outcome, into, int(row), judgments))
    return tuple(turns)


def _fewest_dropped(model: RatingModel, top: int, challengers: Sequence[int]) -> tuple[int, int] | None:
    """How many participants to drop, and for which challenger."""
    scores, gaps = participant_scores(model), model.best.strengths[top] - model.best.strengths
    held = {challenger: scores @ _gap_direction(model, top, challenger) for challenger in challengers}
    estimates = sorted((_first_past(held[other], float(gaps[other])), other) for other in challengers)
    best: tuple[int, int] | None = None
    for estimate, challenger in estimates:
        if best is None or estimate <= DOUBT * best[0]:
            dropped = _drop_until_above(model, top, challenger, held[challenger])
            if dropped and (best is None or dropped < best[0]):
                best = dropped, challenger
    return best


def _first_past(held: FloatArray, gap: float) -> int:
    """How many of those who hold the challenger back most outweigh the gap to first order."""
    gained = np.cumsum(np.sort(-held)[::-1])
    return int(np.argmax(gained > gap)) + 1 if gained.max() > gap else len(held)


def _drop_until_above(model: RatingModel, top: int, challenger: int, held: FloatArray) -> int | None:
    """The fewest participants, in the order of their one-step effect on the gap, without whom the challenger leads."""
    order = np.argsort(held.round(12), kind="stable")[: int((held < -1e-12).sum())]
    order = order[: model.cells.counts.shape[0] - 1]  # somebody must stay
    counts, totals, shape = model.cells.counts[order], model.cells.totals, (3, model.cells.rows)

    def above(dropped: int) -> bool:
        gone = np.asarray(counts[:dropped].sum(axis=0), dtype=float).reshape(shape)
        return _is_above(model, totals - gone, top, challenger)

    few, enough = 0, 1
    while enough <= len(order) and not above(enough):
        few, enough = enough, 2 * enough
    if enough > len(order):
        enough = len(order)
        if enough <= few or not above(enough):
            return None
    while enough - few > 1:
        middle = (few + enough) // 2
        few, enough = (few, middle) if above(middle) else (middle, enough)
    return enough


def _named(model: RatingModel, names: Sequence[str], turn: _Turn) -> TurnedJudgments:
    return TurnedJudgments(
        a=names[int(model.cells.left[turn.row])],
        b=names[int(model.cells.right[turn.row])],
        outcome=_OUTCOMES[turn.outcome],
        into=_OUTCOMES[turn.into],
        judgments=turn.judgments,
    )
