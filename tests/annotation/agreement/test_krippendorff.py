import numpy as np
import pytest

from annotation.agreement.krippendorff import krippendorff_alpha
from annotation.agreement.sums import Sums


def test_published_example_with_missing_data(krippendorff_2011):
    assert krippendorff_alpha(Sums.of_counts(krippendorff_2011.counts()))[0] == pytest.approx(0.743, abs=5e-4)


@pytest.mark.parametrize("seed", range(5))
def test_equals_the_krippendorff_package(make_random, seed):
    package = pytest.importorskip("krippendorff")
    counts = make_random(seed).counts()
    expected = package.alpha(value_counts=counts, level_of_measurement="nominal")
    assert krippendorff_alpha(Sums.of_counts(counts))[0] == pytest.approx(expected, abs=1e-12)


def test_below_zero_where_people_disagree_on_purpose():
    assert krippendorff_alpha(Sums.of_counts(np.array([[1, 1], [1, 1]])))[0] == -0.5  # 1 − 3·4/(16 − 8)


def test_undefined_with_one_category_or_one_vote():
    assert np.isnan(krippendorff_alpha(Sums.of_counts(np.array([[3, 0], [2, 0], [0, 1]]))))[0]
    assert np.isnan(krippendorff_alpha(Sums.of_counts(np.array([[1, 0], [0, 1]]))))[0]
