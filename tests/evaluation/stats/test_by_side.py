import pytest

from evaluation.stats.by_side import rates_by_side
from evaluation.stats.tables import JudgmentTable
from tests.evaluation.reporting.conftest import drawn


def test_sides_add_up_to_the_whole():
    judgments = drawn(("a", "b"), judgments=120)
    first, second = rates_by_side(JudgmentTable.of(judgments)).systems
    assert first.first.judgments + first.second.judgments == 120
    assert first.first.judgments == second.second.judgments
    # with two systems, one's rate shown first is what the other's shown second leaves
    assert first.first.win_rate == pytest.approx(1 - second.second.win_rate)
    scores = {"a": 1.0, "tie": 0.5, "b": 0.0}
    own = [scores[judgment.outcome] for judgment in judgments if judgment.system_a == "a"]
    assert first.first.win_rate == pytest.approx(sum(own) / len(own))


def test_few_are_counted_and_not_rated():
    (first, _) = rates_by_side(JudgmentTable.of(drawn(("a", "b"), judgments=10))).systems
    assert first.first.judgments + first.second.judgments == 10
    assert first.first.win_rate is None and first.first.win_rate_ci is None


def test_no_judgments():
    assert rates_by_side(JudgmentTable.of([], ["a"])) is None
