import numpy as np

from annotation.agreement.sums import Sums, beyond_chance, divide, item_rows


def test_what_one_item_adds():
    sums = Sums.of(item_rows(np.array([[2, 1, 0]])))
    assert sums.votes.tolist() == [[2, 1, 0]]
    assert sums.matched.tolist() == [[1, 0, 0]]  # 2·1/(3 − 1)
    assert np.allclose(sums.shares, [[2 / 3, 1 / 3, 0]])
    assert np.allclose(sums.agreement, 1 / 3)
    assert (sums.paired.tolist(), sums.rated.tolist()) == ([1], [1])


def test_an_item_with_one_vote_adds_its_share_only():
    sums = Sums.of_counts(np.array([[0, 1], [0, 0]]))
    assert (sums.votes.sum(), sums.matched.sum(), sums.agreement.sum(), sums.paired.sum()) == (0, 0, 0, 0)
    assert (sums.shares.tolist(), sums.rated.tolist()) == ([[0, 1]], [1])


def test_less_agreement_among_the_same_votes():
    sums = Sums.of_counts(np.array([[2, 0], [0, 2]])).with_agreement(0.5)
    assert (sums.votes.tolist(), sums.matched.tolist(), sums.agreement.tolist()) == ([[2, 2]], [[1, 1]], [1])


def test_division_by_nothing_is_nan():
    assert np.isnan(divide(np.array([1.0]), np.array([0.0])))[0]
    assert np.isnan(beyond_chance(np.array([1.0]), np.array([1.0])))[0]
