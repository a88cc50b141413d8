"""What the ratings owe to single participants."""

from collections.abc import Sequence

import numpy as np

from evaluation.stats.arrays import FloatArray, IntArray
from evaluation.stats.clusters import participant_scores
from evaluation.stats.fit_results import InfluenceResult, InfluentialParticipant
from evaluation.stats.models import ELO_PER_LOGIT, RatingModel

METHOD = (
    "one step: minus the inverse information times the participant's score; fitted again without each of those who by "
    "one step take half of the lead or more, and without the nearest {} in any case"
)
NEAREST = 20
SHOWN = 5
_MOST_COUNTS = 20_000_000  # numbers, of the counts without each participant, held at once


def influence(model: RatingModel, names: Sequence[str]) -> InfluenceResult | None:
    """How far the absence of one participant moves a rating, and whether it changes the top.

    To first order, leaving participant p out moves the parameters by - H^-1 s_p, s_p being the derivative of p's log
    likelihood at the fit and H the information. That is exact enough to find who matters; those who might change the
    top are left out in truth, so `changing_top` and `change_refitted` are counts and changes of refitted ratings.

    Returns:
        None with a single participant.

    References:
        D. Pregibon, "Logistic regression diagnostics", Ann. Statist. 9(4), 1981, section 4 (one-step estimates).
    """
    people = model.cells.counts.shape[0]
    if people < 2:
        return None
    fit = model.best
    top, runner_up = leaders(fit.strengths)
    changes = one_step_changes(model)
    largest = np.abs(changes).max(axis=1)
    shown = np.argsort(-largest.round(9), kind="stable")[:SHOWN]
    after = fit.strengths + changes
    lead = after[:, top] - np.delete(after, top, axis=1).max(axis=1)
    nearest = np.argsort(lead.round(9), kind="stable")[:NEAREST]
    doubtful = np.flatnonzero(lead < (fit.strengths[top] - fit.strengths[runner_up]) / 2)
    tried = np.unique(np.concatenate([shown, nearest, doubtful]))
    without = strengths_without(model, tried)
    changed = without.max(axis=1) > without[:, top] + 1e-9
    judgments = np.asarray(model.cells.counts.sum(axis=1)).ravel()
    place = {int(person): at for at, person in enumerate(tried)}
    return InfluenceResult(
        method=METHOD.format(NEAREST),
        top=names[top],
        runner_up=names[runner_up],
        gap=float(ELO_PER_LOGIT * (fit.strengths[top] - fit.strengths[runner_up])),
        largest_change=float(ELO_PER_LOGIT * largest.max()),
        changing_top=int(changed.sum()),
        top_holds_without_each=not changed.any(),
        refitted=len(tried),
        most_influential=tuple(
            _participant(number, judgments[person], changes[person], without[place[int(person)]], fit.strengths, names)
            for number, person in enumerate(shown, start=1)
        ),
    )


def leaders(strengths: FloatArray) -> tuple[int, int]:
    """The first and the second; of equal ones the one that comes first."""
    first, second = np.argsort(-strengths.round(12), kind="stable")[:2]
    return int(first), int(second)


def one_step_changes(model: RatingModel) -> FloatArray:
    """What each participant's absence does to the strengths to first order, shape (participants, systems)."""
    moves = -participant_scores(model) @ model.inverse_information
    return model.strengths_of(moves[:, :-1])[:, : model.n_systems]


def strengths_without(model: RatingModel, participants: IntArray) -> FloatArray:
    """Refitted strengths without each of some participants, one at a time, shape (participants, systems)."""
    shape = (3, model.cells.rows)
    block = max(1, _MOST_COUNTS // (3 * model.cells.rows))
    parts = []
    for start in range(0, len(participants), block):
        own = model.cells.counts[participants[start : start + block]].toarray()
        parts.append(model.refit(model.cells.totals[None] - own.reshape(-1, *shape))[0][:, : model.n_systems])
    return np.concatenate(parts)


def _participant(
    ordinal: int,
    judgments: float,
    change: FloatArray,
    without: FloatArray,
    strengths: FloatArray,
    names: Sequence[str],
) -> InfluentialParticipant:
    system = int(np.argmax(np.abs(change).round(12)))
    return InfluentialParticipant(
        ordinal=ordinal,
        judgments=int(judgments),
        system=names[system],
        change=float(ELO_PER_LOGIT * change[system]),
        change_refitted=float(ELO_PER_LOGIT * (without[system] - strengths[system])),
        top_without=names[leaders(without)[0]],
    )
