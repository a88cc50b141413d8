import numpy as np
import pytest
from scipy.sparse import csr_array

from annotation.active import diversity
from annotation.active.diversity import representatives

THREE_GROUPS = np.repeat(np.eye(3), [4, 3, 2], axis=0)


@pytest.mark.parametrize("features", [THREE_GROUPS, csr_array(THREE_GROUPS)])
def test_one_of_each_group_comes_first_and_the_largest_group_before_all(features):
    picked = representatives(np.arange(9), features, 9)
    assert [int(row) for row in picked[:3]] == [0, 4, 7]
    assert sorted(picked.tolist()) == list(range(9))


def test_a_row_like_no_other_waits_until_the_groups_are_covered():
    features = np.zeros((5, 3))
    features[0] = [0, 0, 1]
    features[1:3, 0] = features[3:5, 1] = 1
    assert representatives(np.arange(5), features, 3).tolist() == [1, 3, 0]


def test_only_the_most_promising_rows_are_looked_at():
    assert representatives(np.arange(9)[::-1], THREE_GROUPS, 1, window=2).tolist() == [8]


def test_blocks_remember_what_earlier_ones_covered(monkeypatch):
    monkeypatch.setattr(diversity, "BLOCK", 1)
    assert representatives(np.arange(9), THREE_GROUPS, 3, window=9).tolist() == [0, 4, 7]


def test_the_greedy_cover_is_close_to_the_best_there_is():
    """Nemhauser, Wolsey and Fisher (1978): at least 1 - 1/e of the best, found here by trying all pairs."""
    vectors = np.abs(np.random.default_rng(1).normal(size=(12, 4)))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    similarities = vectors @ vectors.T

    def cover(rows):
        return similarities[:, rows].max(axis=1).sum()

    best = max(cover([i, j]) for i in range(12) for j in range(i))
    assert cover(representatives(np.arange(12), vectors, 2)) >= (1 - 1 / np.e) * best


@pytest.mark.parametrize("size", [0, 3, 50])
def test_empty_rows_are_picked_in_the_order_given(size):
    order = np.array([2, 0, 1, 3])
    assert representatives(order, np.zeros((4, 5)), size).tolist() == [2, 0, 1, 3][:size]
    assert representatives(order[:0], csr_array((0, 5)), size).tolist() == []
