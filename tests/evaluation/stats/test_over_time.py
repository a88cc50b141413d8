"""The course of the ratings is what separate fits of the first judgments say."""

import numpy as np
import pytest

from evaluation.stats.analysis import analyze
from evaluation.stats.elo import elo_ratings
from evaluation.stats.over_time import ratings_over_time
from evaluation.stats.tables import JudgmentTable
from tests.evaluation.reporting.conftest import drawn

NAMES = ("bm25", "popularity", "retriever", "retriever-cr")


@pytest.fixture(scope="module")
def judgments():
    return drawn(NAMES, judgments=200, people=15)


@pytest.fixture(scope="module")
def course(judgments):
    return ratings_over_time(JudgmentTable.of(judgments), elo_k=24.0, points=5)


def test_each_point_is_a_fit_of_the_first_judgments(judgments, course):
    assert [point.judgments for point in course.points] == [40, 80, 120, 160, 200]
    for point in course.points:
        alone = analyze(judgments[: point.judgments], replicates=2, elo_k=24.0, systems=NAMES)
        assert point.participants == alone.participants
        assert point.until == judgments[point.judgments - 1].created_at.isoformat()
        for then, now in zip(point.systems, alone.systems, strict=True):
            assert then.name == now.name
            assert then.bt == pytest.approx(now.bt, abs=1e-6)
            assert then.bt_ci == pytest.approx(now.bt_ci, abs=1e-5)
            assert then.elo == pytest.approx(now.elo, abs=1e-9)


def test_the_last_online_rating_is_that_of_the_whole(judgments, course):
    whole = elo_ratings(JudgmentTable.of(judgments), k=24.0)
    assert [system.elo for system in course.points[-1].systems] == pytest.approx(list(whole), abs=1e-9)


def test_too_few_are_not_rated_and_it_is_said():
    course = ratings_over_time(JudgmentTable.of(drawn(NAMES, judgments=24, people=5)), elo_k=32.0)
    for point in course.points:
        assert all(system.bt is None for system in point.systems)
        assert f"{point.judgments} by {point.participants} participants, where 20 by 6 are needed" in point.note


def test_systems_that_never_met_have_no_common_scale():
    apart = drawn(("a", "b"), judgments=60) + drawn(("x", "y"), judgments=60)
    course = ratings_over_time(JudgmentTable.of(apart), elo_k=32.0)
    assert "no common scale" in course.points[-1].note
    assert all(system.bt is None for system in course.points[-1].systems)


def test_fewer_judgments_than_points():
    course = ratings_over_time(JudgmentTable.of(drawn(("a", "b"), judgments=3)), elo_k=32.0)
    assert [point.judgments for point in course.points] == [1, 2, 3]


def test_nothing_judged():
    assert ratings_over_time(JudgmentTable.of([], ["a", "b"]), elo_k=32.0) is None


def test_a_system_that_comes_later_is_rated_from_then_on(judgments):
    first = [judgment for judgment in judgments if "bm25" not in (judgment.system_a, judgment.system_b)][:60]
    late = [judgment for judgment in judgments if judgment.created_at > first[-1].created_at]
    course = ratings_over_time(JudgmentTable.of([*first, *late]), elo_k=32.0, points=4)
    rated = [point.systems[0].bt is not None for point in course.points]
    assert rated[0] is False and rated[-1] is True
    assert all(np.isfinite(system.elo) for point in course.points for system in point.systems)


def test_another_model(judgments):
    course = ratings_over_time(JudgmentTable.of(judgments), elo_k=32.0, points=2, model="rao-kupper")
    alone = analyze(judgments[:100], replicates=2, systems=NAMES, model="rao-kupper")
    assert course.model == alone.model.name
    assert [then.bt for then in course.points[0].systems] == pytest.approx([now.bt for now in alone.systems], abs=1e-6)
