"""MACE: every annotator either answers from the item or guesses, and guesses in their own way."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from annotation.aggregation.cells import Cells
from annotation.aggregation.climb import Climb, Limit, climb
from annotation.aggregation.errors import AggregationError
from annotation.aggregation.evidence import Evidence, check_start
from annotation.aggregation.guessing import Guessing
from annotation.aggregation.result import Consensus, Setting
from annotation.votes import Votes

# A random start is judged after this many steps; the bound hardly changes places later.
TRIAL_STEPS = 20
# In nats. Less than this between two optima, such as one annotator of three votes trusted or not, proves nothing.
INDIFFERENCE = 1.0


def mace(
    votes: Votes,
    *,
    gold: Mapping[str, str] | None = None,
    start: Consensus | None = None,
    seed: int = 0,
    restarts: int = 10,
    tolerance: float = 1e-6,
    max_iterations: int = 500,
) -> Consensus:
    """Fit competence and labels together by variational Bayes.

    The true label T_i is uniform; annotator j guesses at item i (S_ij = 1) with
    probability 1 - theta_j, answers T_i otherwise, and guesses a category from their own distribution xi_j. The priors
    are Beta(0.5, 0.5) on theta, which lets people be trusted or not, and Dirichlet(10) on xi.

    The first start has everyone guess half of the time and evenly, the others are drawn. Each climbs `TRIAL_STEPS`
    steps, the one with the highest variational bound climbs on to the end. Bounds within `INDIFFERENCE` of each other
    are as good as equal, and then the earlier start is kept: so the seed changes no label for next to nothing.

    The parameters are the posterior counts "known" (annotators,) and "guessed" (annotators, categories), priors
    included. Competence is the posterior mean of theta. `log_likelihood` is at the posterior means.

    Args:
        votes: who gave which item which label.
        gold: item id to its known label; those items stay at it (the paper's control items).
        start: an earlier result to go on from, after some more votes; then there are no other starts.
        seed: of the random starts.
        restarts: how many starts there are.
        tolerance: the rise of the variational bound per vote, in nats, that counts as still.
        max_iterations: the most steps.

    Raises:
        AggregationError: A gold label is none of the categories, `start` does not fit, or a number is out of bounds.

    References:
        D. Hovy, T. Berg-Kirkpatrick, A. Vaswani and E. Hovy, "Learning Whom to Trust with MACE", NAACL-HLT 2013,
        the model and its variational Bayes training (after Johnson 2007: exp(digamma) in place of the counts).
    """
    limit = Limit(tolerance, max_iterations)
    if restarts < 1:
        raise AggregationError(f"`restarts` must be at least 1, got {restarts}.")
    start = check_start(start, "mace", votes)
    settings: dict[str, Setting] = {
        "seed": seed,
        "restarts": 1 if start else restarts,
        "tolerance": tolerance,
        "max_iterations": max_iterations,
    }
    evidence = Evidence.of(votes, gold)
    if not len(votes):
        return evidence.without_votes("mace", settings)
    cells = Cells.of(evidence)
    fitted, went = _climbed(cells, start, restarts, limit, seed)
    posterior = cells.infer(fitted.expected_logs())
    probabilities = cells.probabilities(posterior)
    return evidence.conclude(
        "mace",
        probabilities,
        probabilities[votes.items, votes.labels],
        climb=went,
        log_likelihood=cells.infer(fitted.means()).log_likelihood,
        competence=fitted.competence(),
        settings=settings,
        parameters={"known": fitted.known, "guessed": fitted.guessed},
    )


def _climbed(cells: Cells, start: Consensus | None, restarts: int, limit: Limit, seed: int) -> tuple[Guessing, Climb]:
    """Climb from `start`, or on from the best of the other starts."""
    votes = cells.evidence.votes
    if start is not None:
        return climb(cells.step, Guessing.resumed(start, votes), limit, len(votes))
    begin, trial = _best_trial(cells, restarts, limit, seed)
    left = limit.max_iterations - len(trial.trace)
    if trial.converged or not left:
        return begin, trial
    fitted, went = climb(cells.step, begin, replace(limit, max_iterations=left), len(votes))
    return fitted, Climb(trial.trace + went.trace, went.converged)


def _best_trial(cells: Cells, restarts: int, limit: Limit, seed: int) -> tuple[Guessing, Climb]:
    """Climb a little from every start and take the highest."""
    generator = np.random.default_rng(seed)
    votes = cells.evidence.votes
    short = replace(limit, max_iterations=min(TRIAL_STEPS, limit.max_iterations))
    best = climb(cells.step, Guessing.drawn(votes, None), short, len(votes))
    for _ in range(restarts - 1):
        other = climb(cells.step, Guessing.drawn(votes, generator), short, len(votes))
        if other[1].trace[-1] > best[1].trace[-1] + INDIFFERENCE:
            best = other
    return best
