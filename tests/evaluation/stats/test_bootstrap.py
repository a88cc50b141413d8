import numpy as np
import pytest

from evaluation.stats.bootstrap import bootstrap_elo, bootstrap_strengths, participant_weights
from evaluation.stats.clusters import cluster_covariance
from evaluation.stats.davidson import DavidsonModel
from evaluation.stats.tables import JudgmentTable


def test_weights_are_draws_with_replacement():
    weights = participant_weights(np.random.default_rng(0), 8, 4_000)
    assert (weights.sum(axis=1) == 8).all()
    assert weights.mean() == 1
    assert weights.var() == pytest.approx(7 / 8, rel=0.03)


def test_spread_of_strengths_is_that_of_the_jackknife(simulated):
    table = simulated(np.random.default_rng(0), 4_000, np.linspace(1, -1, 4), 100, taste=0.4)
    model = DavidsonModel(table.cells(by_side=False), 4)
    strengths, penalised = bootstrap_strengths(model, np.random.default_rng(0), replicates=2_000)
    assert penalised == 0
    assert strengths.std(axis=0) == pytest.approx(cluster_covariance(model).standard_errors, rel=0.1)


def test_elo_of_resampled_participants(simulated):
    table = simulated(np.random.default_rng(0), 2_000, np.linspace(1, -1, 4), 50)
    ratings = bootstrap_elo(table, np.random.default_rng(0), replicates=300, k=32.0)
    assert ratings.shape == (300, 4)
    assert np.abs(ratings.sum(axis=1) - 6_000).max() < 1e-6


def test_the_seed_decides_and_the_order_of_participants_does_not(simulated):
    table = simulated(np.random.default_rng(0), 500, [0.5, 0.0, -0.5], 20)
    same = JudgmentTable(
        table.participants, table.systems, table.participant.copy(), table.first, table.second, table.score
    )
    one, other = (bootstrap_elo(each, np.random.default_rng(7), replicates=50, k=32.0) for each in (table, same))
    assert (one == other).all()
    assert (bootstrap_elo(table, np.random.default_rng(8), replicates=50, k=32.0) != one).any()
