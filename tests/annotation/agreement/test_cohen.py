import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from annotation.agreement.cohen import cohen_kappa, pair_rows, share_agreeing


def labels_of(table):
    table = np.array(table)
    return (np.repeat(side, table.ravel()) for side in map(np.ravel, np.indices(table.shape)))


def test_published_example(published):
    totals = pair_rows(*labels_of(published["cohen_1960"]), 3).sum(axis=0)[None]
    assert cohen_kappa(totals)[0] == pytest.approx(0.492, abs=5e-4)
    assert share_agreeing(totals)[0] == pytest.approx(0.70)


@pytest.mark.parametrize("seed", range(5))
def test_equals_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    first = rng.integers(0, 19, 150)
    second = np.where(rng.random(150) < 0.6, first, rng.integers(0, 19, 150))
    found = cohen_kappa(pair_rows(first, second, 19).sum(axis=0)[None])[0]
    assert found == pytest.approx(cohen_kappa_score(first, second), abs=1e-12)


def test_undefined_where_both_chose_the_same_throughout():
    assert np.isnan(cohen_kappa(pair_rows(np.zeros(4, int), np.zeros(4, int), 2).sum(axis=0)[None]))[0]


def test_nought_where_one_never_varies():
    assert cohen_kappa(pair_rows(np.zeros(4, int), np.array([0, 1, 0, 1]), 2).sum(axis=0)[None])[0] == 0
