import numpy as np
import pytest
from scipy.stats import ttest_rel

from recsys.offline.resampling import Sums
from recsys.offline.t_test import bonferroni, paired_t


def test_is_the_paired_t_test_where_every_query_stands_alone() -> None:
    rng = np.random.default_rng(3)
    first, second = rng.random((40, 5)), rng.random((40, 5))
    ours = paired_t(Sums(first - second, np.ones(40)))
    theirs = ttest_rel(first, second)
    assert ours.statistic == pytest.approx(theirs.statistic, abs=1e-12)
    assert ours.p == pytest.approx(theirs.pvalue, abs=1e-12)
    assert ours.df == 39


def test_of_equal_clusters_it_is_the_t_test_of_their_means() -> None:
    differences = np.random.default_rng(4).normal(0.2, 1, size=(12, 3))
    clustered = paired_t(Sums(differences.sum(axis=1, keepdims=True), np.full(12, 3.0)))
    of_means = ttest_rel(differences.mean(axis=1), np.zeros(12))
    assert clustered.statistic[0] == pytest.approx(of_means.statistic)
    assert clustered.p[0] == pytest.approx(of_means.pvalue)


def test_equals_the_clustered_error_of_statsmodels() -> None:
    import statsmodels.api as sm

    rng = np.random.default_rng(5)
    clusters = np.repeat(np.arange(15), rng.integers(1, 6, size=15))
    differences = rng.normal(size=len(clusters)) + rng.normal(size=15)[clusters]
    sums = Sums(np.bincount(clusters, weights=differences)[:, None], np.bincount(clusters).astype(float))
    fitted = sm.OLS(differences, np.ones(len(clusters))).fit(
        cov_type="cluster", cov_kwds={"groups": clusters, "use_correction": False}
    )
    # statsmodels without its correction lacks the factor G / (G - 1)
    assert paired_t(sums).statistic[0] == pytest.approx(fitted.tvalues[0] / np.sqrt(15 / 14))


def test_without_spread_there_is_no_statistic() -> None:
    found = paired_t(Sums(np.column_stack([np.zeros(8), np.full(8, 0.1)]), np.ones(8)))
    assert np.isnan(found.statistic).all()
    assert np.isnan(found.p).all()


def test_bonferroni_by_hand() -> None:
    assert bonferroni([0.01, 0.2, None], 6) == pytest.approx([0.06, 1.0, None])
