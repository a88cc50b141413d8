import numpy as np
import pytest

from evaluation.stats.analysis import analyze
from evaluation.stats.clusters import cluster_covariance
from evaluation.stats.intervals import student_interval
from evaluation.stats.models import ELO_PER_LOGIT, RatingModel
from evaluation.stats.tables import JudgmentTable


def test_gap_and_interval_are_those_of_the_joint_covariance(simulated):
    table = simulated(np.random.default_rng(0), 900, [0.5, 0.0, -0.5], 30, taste=0.5)
    result = analyze(table, replicates=50)
    covariance = cluster_covariance(RatingModel(table.cells(by_side=False), 3))
    for pair in result.pairs:
        i, j = table.systems.index(pair.a), table.systems.index(pair.b)
        contrast = np.zeros(3)
        contrast[i], contrast[j] = 1.0, -1.0
        error = ELO_PER_LOGIT * np.sqrt(contrast @ covariance.matrix @ contrast)
        assert pair.bt_gap == pytest.approx(result.systems[i].bt - result.systems[j].bt)
        assert pair.bt_gap_ci == pytest.approx(student_interval(pair.bt_gap, error, 29))


def test_of_two_systems_the_gap_is_twice_the_distance_from_the_mean(counted):
    result = analyze(counted([(0, 1, 9, 4, 3)]), replicates=50)
    (pair,) = result.pairs
    one = result.systems[0]
    assert pair.bt_gap == pytest.approx(2 * (one.bt - 1500))
    assert pair.bt_gap_ci == pytest.approx([2 * (bound - 1500) for bound in one.bt_ci])


def test_swapping_names_turns_the_gap(simulated):
    table = simulated(np.random.default_rng(1), 600, [0.5, -0.5], 20)
    turned = JudgmentTable(
        table.participants, table.systems, table.participant, 1 - table.first, 1 - table.second, table.score
    )
    (one,), (other,) = analyze(table, replicates=50).pairs, analyze(turned, replicates=50).pairs
    assert one.bt_gap == pytest.approx(-other.bt_gap)
    assert one.bt_gap_ci == pytest.approx((-other.bt_gap_ci[1], -other.bt_gap_ci[0]))


def test_no_gap_is_known_for_certain(judge):
    """All agree that x and y are equal, not how good both are: the gap's own variance is zero, its interval is not."""
    rows = []
    for person in range(12):
        for other in ("x", "y"):
            rows += [(f"p{person:02d}", other, "z", outcome) for outcome in ("a" * (1 + person % 4) + "b")]
    result = analyze(judge(rows), replicates=50)
    pair = analyze(judge([*rows, ("p00", "x", "y", "a"), ("p00", "x", "y", "b")]), replicates=50).pairs[0]
    assert (pair.a, pair.b) == ("x", "y")
    assert pair.bt_gap == pytest.approx(0, abs=1e-6)
    assert pair.bt_gap_ci[1] - pair.bt_gap_ci[0] > 10
    assert result.systems[0].bt_ci[0] < result.systems[0].bt


def test_one_participant_has_a_gap_without_an_interval(judge):
    (pair,) = analyze(judge([("p", "x", "y", "a"), ("p", "x", "y", "a"), ("p", "x", "y", "b")]), replicates=10).pairs
    assert pair.bt_gap == pytest.approx(ELO_PER_LOGIT * np.log(2))
    assert pair.bt_gap_ci is None
