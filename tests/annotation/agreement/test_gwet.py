import numpy as np
import pytest

from annotation.agreement.gwet import gwet_ac1, method
from annotation.agreement.sums import Sums


def test_published_example_with_missing_ratings(krippendorff_2011, published):
    expected = published["krippendorff_2011_coefficients"]["gwet_ac1"]
    assert gwet_ac1(Sums.of_counts(krippendorff_2011.counts()))[0] == pytest.approx(expected, abs=5e-6)


def test_one_category_dominating(of_table, published):
    chance = 2 * (243 / 250) * (7 / 250)
    found = gwet_ac1(Sums.of_counts(of_table(published["gwet_skewed"]).counts()))[0]
    assert found == pytest.approx((118 / 125 - chance) / (1 - chance), abs=1e-12)
    assert found > 0.94  # while kappa of the same table is below 0


def test_depends_on_the_categories_to_choose_from():
    three, two = np.array([[2, 0, 0], [1, 1, 0], [0, 2, 0]]), np.array([[2, 0], [1, 1], [0, 2]])
    assert gwet_ac1(Sums.of_counts(three))[0] == pytest.approx((2 / 3 - 1 / 4) / (3 / 4))
    assert gwet_ac1(Sums.of_counts(two))[0] == pytest.approx((2 / 3 - 1 / 2) / (1 / 2))
    assert method(3) == "Gwet 2008, AC1 over 3 categories"


def test_one_category_chosen_is_agreement_one_category_to_choose_is_undefined():
    assert gwet_ac1(Sums.of_counts(np.array([[2, 0]])))[0] == 1
    assert np.isnan(gwet_ac1(Sums.of_counts(np.array([[2]]))))[0]
