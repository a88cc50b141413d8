import numpy as np
import pytest

from annotation.agreement.fleiss import CLASSICAL, GENERALISED, fleiss_kappa, method
from annotation.agreement.sums import Sums


def test_published_diagnoses(fleiss_1971):
    counts = fleiss_1971.counts()
    assert (counts.sum(axis=0) / 180).round(3).tolist() == [0.144, 0.144, 0.167, 0.306, 0.239]  # the paper's shares
    assert fleiss_kappa(Sums.of_counts(counts))[0] == pytest.approx(0.430, abs=5e-4)
    assert method(counts) == CLASSICAL


@pytest.mark.parametrize("seed", range(5))
def test_equals_statsmodels(make_random, seed):
    statsmodels = pytest.importorskip("statsmodels.stats.inter_rater")
    counts = make_random(seed, votes=(3,)).counts()
    assert fleiss_kappa(Sums.of_counts(counts))[0] == pytest.approx(statsmodels.fleiss_kappa(counts), abs=1e-12)


def test_unequal_votes_as_irrcac_has_it(krippendorff_2011, published):
    counts = krippendorff_2011.counts()
    expected = published["krippendorff_2011_coefficients"]["fleiss_kappa"]
    assert fleiss_kappa(Sums.of_counts(counts))[0] == pytest.approx(expected, abs=5e-6)
    assert method(counts) == GENERALISED


def test_undefined_with_one_category():
    assert np.isnan(fleiss_kappa(Sums.of_counts(np.array([[3, 0], [2, 0]]))))[0]
