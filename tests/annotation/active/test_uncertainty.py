from math import log

import numpy as np
import pytest

from annotation.active.uncertainty import closeness, doubt, entropy, vote_entropy

ROWS = np.array([[0.5, 0.25, 0.25], [1.0, 0.0, 0.0], [1 / 3, 1 / 3, 1 / 3], [0.6, 0.3, 0.1]])


def test_entropy_by_hand():
    by_hand = [1.5 * log(2), 0.0, log(3), -0.6 * log(0.6) - 0.3 * log(0.3) - 0.1 * log(0.1)]
    np.testing.assert_allclose(entropy(ROWS), by_hand, atol=1e-15)


def test_closeness_and_doubt_by_hand():
    np.testing.assert_allclose(closeness(ROWS), [0.75, 0.0, 1.0, 0.7], atol=1e-15)
    np.testing.assert_allclose(doubt(ROWS), [0.5, 0.0, 2 / 3, 0.4], atol=1e-15)


def test_vote_entropy_by_hand():
    """Three members: all for the first, two against one, and one for each."""
    a, b, c = [0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]
    committee = np.array([[a, a, a], [a, a, b], [a, b, c]])
    two_to_one = -(2 / 3) * log(2 / 3) - (1 / 3) * log(1 / 3)
    np.testing.assert_allclose(vote_entropy(committee), [0.0, two_to_one, log(3)], atol=1e-15)


@pytest.mark.parametrize("score", [entropy, closeness, doubt])
@pytest.mark.parametrize("rows", [np.ones((3, 1)), np.zeros((3, 4)), np.zeros((0, 4)), np.eye(3)])
def test_nothing_to_be_unsure_of_scores_zero(score, rows):
    np.testing.assert_array_equal(score(rows), np.zeros(len(rows)))


@pytest.mark.parametrize("shape", [(1, 3, 4), (3, 0, 4), (3, 2, 1)])
def test_a_committee_that_cannot_differ_scores_zero(shape):
    committee = np.full(shape, 1 / shape[2])
    np.testing.assert_array_equal(vote_entropy(committee), np.zeros(shape[1]))
