import math

import numpy as np
import pytest
from scipy import sparse

from recsys.training.contrastive import Adam, bags, info_nce, normalise


def test_bags_count_tokens():
    assert bags([[0, 2, 2], [], [1]], 4).toarray().tolist() == [[1, 0, 2, 0], [0, 0, 0, 0], [0, 1, 0, 0]]


def test_normalise_leaves_zeros_alone():
    rows, lengths = normalise(np.array([[3, 4], [0, 0]], dtype=np.float32))
    assert rows == pytest.approx(np.array([[0.6, 0.8], [0, 0]]))
    assert lengths[0] == 5


def test_loss_by_hand():
    # two queries and tracks of one token each: cosines 1 on the diagonal, 0 elsewhere, temperature 0.5
    embeddings = np.array([[2, 0], [0, 3]], dtype=np.float32)
    one_each = sparse.identity(2, format="csr", dtype=np.float32)
    loss, _ = info_nce(embeddings, one_each, one_each, np.zeros((2, 2), bool), 0.5)
    assert loss == pytest.approx(math.log(math.exp(2) + 1) - 2, rel=1e-6)


def test_what_is_also_right_is_not_taught_as_wrong():
    embeddings = np.array([[2, 0], [0, 3]], dtype=np.float32)
    one_each = sparse.identity(2, format="csr", dtype=np.float32)
    loss, gradient = info_nce(embeddings, one_each, one_each, np.ones((2, 2), bool), 0.5)
    assert loss == pytest.approx(0, abs=1e-7)
    assert not gradient.any()


def test_gradient_is_the_slope_of_the_loss():
    rng = np.random.default_rng(1)
    embeddings = rng.normal(size=(9, 4)).astype(np.float32)
    queries, tracks = (sparse.csr_matrix(rng.integers(0, 3, (5, 9)).astype(np.float32)) for _ in range(2))
    also_right = rng.random((5, 5)) < 0.2
    _, gradient = info_nce(embeddings, queries, tracks, also_right, 0.3)
    step = 1e-2
    for token in range(9):
        for dimension in range(4):
            losses = []
            for sign in (1, -1):
                moved = embeddings.copy()
                moved[token, dimension] += sign * step
                losses.append(info_nce(moved, queries, tracks, also_right, 0.3)[0])
            assert gradient[token, dimension] == pytest.approx((losses[0] - losses[1]) / (2 * step), abs=3e-3)


def test_adam_by_hand():
    weights = np.zeros((1, 1), dtype=np.float32)
    adam = Adam.like(weights)
    adam.step(weights, np.full((1, 1), 5, dtype=np.float32), 0.1)
    assert weights[0, 0] == pytest.approx(-0.1, rel=1e-4)  # the first step has the length of the rate
    adam.step(weights, np.full((1, 1), 5, dtype=np.float32), 0.1)
    assert weights[0, 0] == pytest.approx(-0.2, rel=1e-4)
