import numpy as np

from annotation.agreement.observed import observed_agreement
from annotation.agreement.sums import Sums


def test_every_item_counts_the_same():
    sums = Sums.of_counts(np.array([[3, 0], [1, 1], [1, 0]]))
    assert observed_agreement(sums).tolist() == [0.5]


def test_undefined_without_two_votes_on_an_item():
    assert np.isnan(observed_agreement(Sums.of_counts(np.array([[1, 0], [0, 1]]))))[0]
