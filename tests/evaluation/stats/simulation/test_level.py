import numpy as np
import pytest
from scipy.stats import mannwhitneyu, ttest_1samp

from evaluation.stats.simulation.level import CELLS, simulate_level, t_test, two_sample_p


@pytest.mark.parametrize("seed", range(5))
def test_mann_whitney_of_two_samples_equals_scipys(seed):
    rng = np.random.default_rng(seed)
    x, y = rng.choice([0, 0.5, 1], 80, p=[0.4, 0.2, 0.4]), rng.choice([0, 0.5, 1], 71, p=[0.3, 0.1, 0.6])
    counts = [np.bincount((2 * sample).astype(int), minlength=3).astype(float) for sample in (x, y)]
    assert two_sample_p(*counts) == pytest.approx(mannwhitneyu(x, y, method="asymptotic").pvalue, rel=1e-12)


def test_samples_of_one_value_do_not_differ():
    assert two_sample_p(np.array([0.0, 5.0, 0.0]), np.array([0.0, 3.0, 0.0])) == 1.0


def test_t_equals_scipys():
    values = np.random.default_rng(0).normal(0.1, 1.0, 20)
    assert t_test(values) == pytest.approx(ttest_1samp(values, 0.0).pvalue, rel=1e-9)
    assert t_test(np.zeros(4)) == 1.0


def test_each_cell_fills_its_columns():
    found = simulate_level(runs=8, cells=["20x4-0", "1000x20-1", "three-0.5"])
    assert [(row.cell, row.runs) for row in found.rows] == [("20x4-0", 8), ("1000x20-1", 1), ("three-0.5", 8)]
    assert len(found.rows[0].values) == 7
    assert found.rows[2].values.keys() == {"mann_whitney_d2", "sign_flip"}
    assert all(0 <= value.value <= 1 for row in found.rows for value in row.values.values())


def test_a_cell_does_not_depend_on_the_others():
    alone = simulate_level(runs=20, seed=5, cells=["20x13-0.5"]).rows[0]
    assert alone == simulate_level(runs=20, seed=5, cells=CELLS[:4]).rows[3]
    assert alone != simulate_level(runs=20, seed=6, cells=["20x13-0.5"]).rows[0]


@pytest.mark.slow
def test_false_alarms():
    """The recommended tests stay at 5 % within three Monte-Carlo errors, the naive ones do not."""
    found = simulate_level(runs=2_000, seed=1, cells=["20x4-1", "20x13-0.5", "20x13-1", "three-0.5"])
    for row in found.rows:
        for key in ("sign_flip", "cluster_mann_whitney"):
            if key in row.values:
                assert 0.035 < row.values[key].value < 0.065
        naive = row.values.get("mann_whitney_d1", row.values.get("mann_whitney_d2"))
        assert naive.value > 0.12
