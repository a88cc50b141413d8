"""Ratings as they stood after the first judgments, after more of them, and after all.

Each point fits the same model to what was known then. Points of one course share judgments, so they are not
independent of each other, and a course must not be read as a test: stopping where it looks best is peeking.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
from scipy.sparse import coo_array

from evaluation.stats.arrays import FloatArray, IntArray
from evaluation.stats.cells import Cells
from evaluation.stats.clusters import cluster_covariance
from evaluation.stats.connectivity import components
from evaluation.stats.elo import START
from evaluation.stats.errors import NotConvergedError
from evaluation.stats.intervals import student_interval
from evaluation.stats.likelihoods import Likelihood, ModelName, likelihood_named
from evaluation.stats.models import ELO_PER_LOGIT, RatingModel
from evaluation.stats.results import Bounds
from evaluation.stats.tables import JudgmentTable
from evaluation.stats.units import named

POINTS = 12
LEAST_JUDGMENTS, LEAST_PARTICIPANTS = 20, 6
"""Fewer get no rating: it would be noise that looks like a finding, as in `halves.py`."""
METHOD = "fits to the first judgments by time, 95 % by participant; online Elo at the same moments"


@dataclass(frozen=True)
class SystemThen:
    """One system at one point; None where it had no rating on the common scale."""

    name: str
    bt: float | None
    bt_ci: Bounds | None
    elo: float


@dataclass(frozen=True)
class RatingPoint:
    """What was known after the first `judgments`.

    Attributes:
        until: time of the last of them, ISO 8601 in UTC; None where times are not known.
        interval: the method of every `bt_ci`; None where there is none.
        note: why there are no ratings; empty where there are.
    """

    judgments: int
    participants: int | None
    until: str | None
    systems: tuple[SystemThen, ...]
    interval: str | None
    note: str


@dataclass(frozen=True)
class RatingsOverTime:
    """The course of the ratings; the last point has all judgments. `model` is its name, as in `ModelResult`."""

    model: str
    method: str
    least_judgments: int
    least_participants: int
    elo_k: float
    points: tuple[RatingPoint, ...]


def ratings_over_time(
    table: JudgmentTable, *, elo_k: float, points: int = POINTS, model: ModelName = "davidson"
) -> RatingsOverTime | None:
    """Refit the ratings at evenly growing numbers of judgments.

    The judgments are counted once: each point adds the counts of its stretch to those of the point before.

    Args:
        table: in time order.
        elo_k: K of the online rating.
        points: how many at most.
        model: of ties, as in `analyze`.

    Returns:
        The course; None without judgments.
    """
    total = len(table)
    if not total:
        return None
    ends = sorted({math.ceil(total * (number + 1) / points) for number in range(points)})
    likelihood = likelihood_named(model)
    whole, row_of = _cells(table)
    counts = whole.counts * 0
    people = np.zeros(len(table.participants), dtype=np.bool_)
    elo = np.full(len(table.systems), START)
    found, start = [], 0
    for end in ends:
        counts = counts + _counted(table, row_of, whole.rows, start, end)
        people[table.participant[start:end]] = True
        _advance(elo, table, start, end, elo_k)
        found.append(_point(table, replace(whole, counts=counts), end, int(people.sum()), elo, likelihood))
        start = end
    return RatingsOverTime(
        likelihood.name, named(METHOD, table.unit), LEAST_JUDGMENTS, LEAST_PARTICIPANTS, float(elo_k), tuple(found)
    )


def _cells(table: JudgmentTable) -> tuple[Cells, IntArray]:
    """The rows of the whole table, and to which of them each judgment belongs."""
    whole = table.cells(by_side=False)
    n_systems = len(table.systems)
    codes = whole.left * n_systems + whole.right
    left, right = np.minimum(table.first, table.second), np.maximum(table.first, table.second)
    return whole, np.searchsorted(codes, left * n_systems + right)


def _counted(table: JudgmentTable, row_of: IntArray, rows: int, start: int, end: int) -> coo_array:
    """Counts of one stretch of the judgments, shaped as those of the whole."""
    stretch = slice(start, end)
    forward = table.first[stretch] < table.second[stretch]
    score = np.where(forward, table.score[stretch], 1.0 - table.score[stretch])
    outcome = np.where(score == 1.0, 0, np.where(score == 0.0, 1, 2))
    at = (table.participant[stretch], outcome * rows + row_of[stretch])
    return coo_array((np.ones(end - start), at), shape=(len(table.participants), 3 * rows)).tocsr()


def _advance(elo: FloatArray, table: JudgmentTable, start: int, end: int, k: float) -> None:
    """Move the online ratings by one stretch; the formula is that of `elo.elo_ratings`."""
    ratings = elo.tolist()
    stretch = slice(start, end)
    steps = (values[stretch].tolist() for values in (table.first, table.second, table.score))
    for a, b, score in zip(*steps, strict=True):
        change = k * (score - 0.5 - 0.5 * math.tanh(math.log(10) / 800 * (ratings[a] - ratings[b])))
        ratings[a] += change
        ratings[b] -= change
    elo[:] = ratings


def _point(
    table: JudgmentTable, cells: Cells, judgments: int, people: int, elo: FloatArray, likelihood: Likelihood
) -> RatingPoint:
    until = None if table.microseconds is None else _iso(int(table.microseconds[judgments - 1]))
    ratings: dict[int, tuple[float, Bounds | None]] = {}
    interval: str | None = None
    note = ""
    if judgments < LEAST_JUDGMENTS or people < LEAST_PARTICIPANTS:
        note = (
            f"There are too few judgments to rate: {judgments} by {people} participants, where {LEAST_JUDGMENTS} by "
            f"{LEAST_PARTICIPANTS} are needed."
        )
    else:
        groups = components(_met(cells), len(table.systems))
        if len(groups) > 1:
            note = "No chain of judgments connected the judged systems yet, so there was no common scale."
        else:
            try:
                ratings, interval = _rated(_met(cells), groups[0], likelihood)
            except NotConvergedError:
                note = "The ratings of these first judgments did not settle."
    systems = []
    for number, name in enumerate(table.systems):
        rating, ends = ratings.get(number, (None, None))
        systems.append(SystemThen(name, rating, ends, float(elo[number])))
    return RatingPoint(judgments, table.people(people), until, tuple(systems), interval, note)


def _met(cells: Cells) -> Cells:
    """Only the rows that have a judgment by now."""
    kept = np.flatnonzero(cells.totals.sum(axis=0) > 0)
    columns = np.concatenate([kept + part * cells.rows for part in range(3)])
    counts = cells.counts.tocsc()[:, columns].tocsr()
    return replace(cells, left=cells.left[kept], right=cells.right[kept], side=cells.side[kept], counts=counts)


def _rated(
    cells: Cells, group: Sequence[int], likelihood: Likelihood
) -> tuple[dict[int, tuple[float, Bounds | None]], str | None]:
    model = RatingModel(cells.restricted_to(group), len(group), likelihood=likelihood)
    ratings, covariance = model.best.ratings.tolist(), cluster_covariance(model)
    if covariance is None:
        return {system: (rating, None) for system, rating in zip(group, ratings, strict=True)}, None
    errors = (ELO_PER_LOGIT * covariance.standard_errors).tolist()
    found: dict[int, tuple[float, Bounds | None]] = {}
    for system, rating, error in zip(group, ratings, errors, strict=True):
        found[system] = (rating, student_interval(rating, error, covariance.df))
    return found, covariance.method


def _iso(microseconds: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)).isoformat()
