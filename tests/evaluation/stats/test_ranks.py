import numpy as np
import pytest

from evaluation.stats.clusters import cluster_covariance
from evaluation.stats.davidson import DavidsonModel
from evaluation.stats.ranks import simultaneous_ranks


def ranks(strengths, covariance, df=50):
    return simultaneous_ranks(np.array(strengths, dtype=float), np.array(covariance), df, np.random.default_rng(0))


def test_far_apart_is_a_full_order():
    assert ranks([0.0, 9.0, -9.0], 0.01 * np.eye(3)) == [(2, 2), (1, 1), (3, 3)]


def test_nothing_known_is_every_rank():
    assert ranks([0.1, 0.0, -0.1], np.eye(3)) == [(1, 3)] * 3


def test_one_behind_two_equals():
    assert ranks([1.0, 1.01, -3.0], 0.01 * np.eye(3)) == [(1, 2), (1, 2), (3, 3)]


def test_two_systems_are_a_t_test():
    # the gap's standard error is sqrt(2); t(0.975, 10) = 2.228
    below, above = 2.1 * np.sqrt(2), 2.4 * np.sqrt(2)
    assert ranks([below, 0.0], np.eye(2), df=10) == [(1, 2), (1, 2)]
    assert ranks([above, 0.0], np.eye(2), df=10) == [(1, 1), (2, 2)]


@pytest.mark.slow
def test_ten_equal_systems_keep_all_their_ranks(simulated):
    """Joint coverage of at least 93 % in 500 studies of 200 participants with personal taste."""
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(500):
        table = simulated(rng, 4_000, np.zeros(10), 200, taste=0.6)
        model = DavidsonModel(table.cells(by_side=False), 10)
        covariance = cluster_covariance(model)
        found = simultaneous_ranks(model.best.strengths, covariance.matrix, covariance.df, rng, draws=4_000)
        held += all(each == (1, 10) for each in found)
    assert held / 500 >= 0.93
