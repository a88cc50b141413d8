import numpy as np
import pytest
from scipy.stats import ttest_1samp

from evaluation.stats.anytime import log_e_path
from evaluation.stats.simulation.peeking import _judgment_log_e, running_t, simulate_peeking


def test_running_t_equals_scipys_at_every_look():
    values = np.random.default_rng(0).normal(0.2, 1.0, (2, 12))
    found = running_t(values)
    for line in range(2):
        for n in range(2, 13):
            assert found[line, n - 1] == pytest.approx(ttest_1samp(values[line, :n], 0.0).statistic, rel=1e-9)
    assert running_t(np.zeros((1, 3))).tolist() == [[0.0, 0.0, 0.0]]


def test_the_e_process_on_judgments_is_that_of_single_judgments():
    scores = np.random.default_rng(1).choice([-1.0, 0.0, 1.0], (3, 40))
    found = _judgment_log_e((scores > 0).cumsum(axis=1), (scores < 0).cumsum(axis=1))
    assert found == pytest.approx(log_e_path(scores), abs=1e-9)


def test_peeking_rejects_far_too_often():
    found = simulate_peeking(runs=400, seed=1)
    for row in found.rows:
        assert row.values["t_once"].value < 0.09
        assert row.values["e_participants"].value <= 0.06
        assert 0.25 < row.values["t_peeking"].value < 0.42
    assert found.rows[2].values["z_peeking"].value > 0.7
    assert found.rows[2].values["e_judgments"].value > 0.2
