"""Dawid and Skene's model: every annotator has a table of what they answer to items of each true category."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from annotation.aggregation.answers import Answers
from annotation.aggregation.climb import Climb, Limit, climb
from annotation.aggregation.error_tables import PooledTables
from annotation.aggregation.errors import AggregationError
from annotation.aggregation.evidence import Evidence, check_start, matched
from annotation.aggregation.result import Consensus, FloatArray, Setting
from annotation.votes import Votes

# An answer never seen is not impossible; as small as in crowd-kit, so that the unpooled fits can be compared.
FLOOR = 1e-10
# Items' worth of evenly spread categories in the prevalence of a pooled fit.
PREVALENCE_ITEMS = 1.0


def dawid_skene(
    votes: Votes,
    *,
    gold: Mapping[str, str] | None = None,
    start: Consensus | None = None,
    seed: int = 0,
    pooling: float | None = None,
    tolerance: float = 1e-5,
    max_iterations: int = 300,
) -> Consensus:
    """Fit the error tables and the labels together by expectation-maximisation.

    Nobody with few votes is given a free K x K table. First `PooledTables` is fitted: one coin per annotator and one
    table of errors for all. Its tables B_j then are what each annotator's own rows are drawn to, weighing `pooling`
    votes: row = (own votes + pooling · B_j) / (number of own votes + pooling), the maximum a posteriori under
    Dirichlet(1 + pooling · B_j). Next to pooling, a row of many votes is the annotator's own and a row of two is B_j's.

    The parameters are "prevalence" (categories,), "errors" (annotators, true, voted) and, if pooled, "care"
    (annotators,) and "pooled_errors" (true, voted).

    Args:
        votes: who gave which item which label.
        gold: item id to its known label; those items stay at it, and teach what their annotators' answers mean.
        start: an earlier result to go on from, after some more votes.
        seed: not used, nothing is drawn.
        pooling: how many votes the expected row weighs; 0 is the maximum likelihood of Dawid and Skene. None is half a
            vote per category, as much as Jeffreys' prior weighs; and 0 for two categories, where an annotator's own
            table is two numbers and ten votes are enough for it.
        tolerance: the rise of the objective per vote, in nats, that counts as still; the default is crowd-kit's.
        max_iterations: the most steps, for the pooled and for the own tables each.

    Raises:
        AggregationError: A gold label is none of the categories, `start` does not fit, or a number is out of bounds.

    References:
        A. P. Dawid and A. M. Skene, Applied Statistics 28(1), 1979: equations (2.3) error rates, (2.4) prevalence,
        (2.5) labels, (2.7) likelihood.
    """
    limit = Limit(tolerance, max_iterations)
    if pooling is not None and not (np.isfinite(pooling) and pooling >= 0):
        raise AggregationError(f"`pooling` must be a finite number of votes, at least 0, got {pooling}.")
    start = check_start(start, "dawid-skene", votes)
    settings: dict[str, Setting] = {"pooling": pooling, "tolerance": tolerance, "max_iterations": max_iterations}
    evidence = Evidence.of(votes, gold)
    if not len(votes):
        return evidence.without_votes("dawid-skene", settings)
    answers = Answers.of(evidence)
    if pooling is None and len(votes.categories) <= 2:
        pooling = 0.0
    fit = _fit_free(answers, start, limit) if pooling == 0 else _fit_pooled(answers, start, pooling, limit)
    return evidence.conclude(
        "dawid-skene",
        fit.last.labels,
        fit.last.labels[votes.items, votes.labels],
        climb=fit.climb,
        log_likelihood=fit.last.log_likelihood,
        settings={**settings, **fit.settings},
        parameters={"prevalence": fit.last.prevalence, "errors": fit.last.errors, **fit.pooled},
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """Parameters and the labels that follow from them; at the beginning labels alone."""

    labels: FloatArray
    prevalence: FloatArray
    errors: FloatArray
    log_likelihood: float = 0.0

    @classmethod
    def before(cls, labels: FloatArray) -> "_Step":
        return cls(labels, np.empty(0), np.empty(0))


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    last: _Step
    climb: Climb
    pooled: Mapping[str, FloatArray]
    settings: Mapping[str, Setting]


def _fit_free(answers: Answers, start: Consensus | None, limit: Limit) -> _Fit:
    """The maximum likelihood: every row from the annotator's own votes alone."""

    def step(before: _Step) -> tuple[_Step, float]:
        errors = np.maximum(answers.counts(before.labels), FLOOR)
        errors /= errors.sum(axis=2, keepdims=True)
        prevalence = np.maximum(answers.prevalence(before.labels), FLOOR)
        after = _infer(answers, prevalence, errors)
        return after, after.log_likelihood

    last, went = climb(step, _Step.before(answers.first_labels(start)), limit, answers.n_votes)
    return _Fit(last, went, {}, {})


def _fit_pooled(answers: Answers, start: Consensus | None, pooling: float | None, limit: Limit) -> _Fit:
    """The pooled tables first, then own rows drawn to them."""
    first, tables, coins = _fit_coins(answers, start, limit)
    expected = tables.tables()
    strength = expected.shape[2] / 2 if pooling is None else pooling

    def step(before: _Step) -> tuple[_Step, float]:
        errors = answers.counts(before.labels) + strength * expected
        errors /= errors.sum(axis=2, keepdims=True)
        after = _infer(answers, answers.prevalence(before.labels, PREVALENCE_ITEMS), errors)
        prior = strength * float(np.vdot(expected, np.log(errors)))
        return after, after.log_likelihood + prior + _prevalence_prior(after)

    begin = first if start is None else replace(first, labels=answers.first_labels(start))
    last, went = climb(step, begin, limit, answers.n_votes)
    settings = {"pooling": strength, "pooled_iterations": len(coins.trace)}
    both = Climb(went.trace, went.converged and coins.converged)
    return _Fit(last, both, {"care": tables.care, "pooled_errors": tables.errors}, settings)


def _fit_coins(answers: Answers, start: Consensus | None, limit: Limit) -> tuple[_Step, PooledTables, Climb]:
    """Fit `PooledTables`; each person's care starts from the majority's opinion of all, or where `start` left it."""
    labels = answers.first_labels()
    tables = PooledTables.before(answers.counts(labels))
    if start is not None and "care" in start.parameters:
        now, then = matched(start.annotator_ids, answers.evidence.votes.annotator_ids)
        care = tables.care.copy()
        care[now] = start.parameters["care"][then]
        tables = replace(tables, care=care, errors=start.parameters["pooled_errors"])
        labels = _infer(answers, start.parameters["prevalence"], tables.tables()).labels

    def step(before: tuple[_Step, PooledTables]) -> tuple[tuple[_Step, PooledTables], float]:
        refitted = before[1].refit(answers.counts(before[0].labels))
        after = _infer(answers, answers.prevalence(before[0].labels, PREVALENCE_ITEMS), refitted.tables())
        return (after, refitted), after.log_likelihood + refitted.log_prior() + _prevalence_prior(after)

    (last, fitted), went = climb(step, (_Step.before(labels), tables), limit, answers.n_votes)
    return last, fitted, went


def _infer(answers: Answers, prevalence: FloatArray, errors: FloatArray) -> _Step:
    labels, log_likelihood = answers.infer(prevalence, errors)
    return _Step(labels, prevalence, errors, log_likelihood)


def _prevalence_prior(step: _Step) -> float:
    return PREVALENCE_ITEMS * float(np.log(step.prevalence).mean())
