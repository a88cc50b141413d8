import numpy as np
import pytest

from annotation.agreement.categories import category_alpha, positive_agreement, prevalence
from annotation.agreement.krippendorff import krippendorff_alpha
from annotation.agreement.sums import Sums


def test_alpha_of_one_against_the_rest(make_random):
    counts = make_random(3).counts()
    alphas = category_alpha(Sums.of_counts(counts))[0]
    for category, alpha in enumerate(alphas):
        chosen = counts[:, category]
        two = np.column_stack([chosen, counts.sum(axis=1) - chosen])
        assert alpha == pytest.approx(krippendorff_alpha(Sums.of_counts(two))[0], abs=1e-12)


def test_positive_agreement_of_two_annotators(of_table):
    sums = Sums.of_counts(of_table([[20, 5], [10, 65]]).counts())
    assert positive_agreement(sums)[0] == pytest.approx([2 * 20 / (2 * 20 + 15), 2 * 65 / (2 * 65 + 15)])
    assert prevalence(sums)[0] == pytest.approx([55 / 200, 145 / 200])


def test_undefined_for_a_category_that_nobody_chose():
    sums = Sums.of_counts(np.array([[2, 0], [2, 0]]))
    assert np.isnan(category_alpha(sums)).tolist() == [[True, True]]
    assert np.isnan(positive_agreement(sums)).tolist() == [[False, True]]
    assert prevalence(sums).tolist() == [[1, 0]]
