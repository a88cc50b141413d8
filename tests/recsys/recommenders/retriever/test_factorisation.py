"""Weighted factorisation against eq. 4 by hand, and against implicit's own least squares."""

import numpy as np
import pytest
import scipy.sparse as sp

from recsys.core.errors import RequestError
from recsys.recommenders.retriever.factorisation import AlsParams, factorise, fold_in, gram, signed_confidence

PARAMS = AlsParams(factors=6, regularization=0.5, confidence=2.0)


@pytest.fixture(scope="module")
def evidence() -> sp.csr_matrix:
    """Forty listeners and thirty tracks, one pair in five with evidence, a third of it against the track."""
    rng = np.random.default_rng(1)
    values = rng.choice([-4, -1, 1, 2, 6, 3], size=(40, 30)) * (rng.random((40, 30)) < 0.2)
    return sp.csr_matrix(values.astype(np.float32))


@pytest.fixture(scope="module")
def factors(evidence):
    return factorise(evidence, PARAMS, seed=3)


def test_confidence_by_hand():
    signed = signed_confidence(sp.csr_matrix(np.array([[3.0, 0, -1.0]], np.float32)), 2.0)
    assert signed.toarray().tolist() == [[7, 0, -3]]


def test_fold_in_by_hand():
    # one factor, tracks y = (2, 1, 1); listened to the first (e = 1), skipped the second (e = -1); alpha 3, lambda 0.5:
    # c = (4, 4, 1), p = (1, 0, 0); x = 4*2 / (4*4 + 4*1 + 1*1 + 0.5) = 8 / 21.5
    tracks = np.array([[2.0], [1.0], [1.0]], np.float32)
    params = AlsParams(factors=1, regularization=0.5, confidence=3.0)
    folded = fold_in(tracks[:2], np.array([1, -1], np.float32), gram(tracks), params)
    assert folded == pytest.approx([8 / 21.5])


def test_a_skip_and_a_dislike_push_the_factors_away_and_the_dislike_further():
    tracks = np.array([[1.0, 0.2], [0.2, 1.0]], np.float32)

    def score_of_second(against: float) -> float:
        values = np.array([3, against], np.float32)
        rows = slice(0, 2 if against else 1)
        return float(fold_in(tracks[rows], values[rows], gram(tracks), AlsParams(factors=2)) @ tracks[1])

    assert score_of_second(-4.0) < score_of_second(-1.0) < score_of_second(0.0)


def test_fold_in_is_implicits_recalculate_user(evidence, factors):
    from implicit.cpu.als import AlternatingLeastSquares

    model = AlternatingLeastSquares(factors=6, regularization=0.5, alpha=1.0, num_threads=1)
    model.item_factors = factors[1]
    whole = gram(factors[1])
    for listener in range(evidence.shape[0]):
        row = evidence[listener]
        wanted = model.recalculate_user(0, signed_confidence(row, PARAMS.confidence))
        folded = fold_in(factors[1][row.indices], row.data, whole, PARAMS)
        assert folded == pytest.approx(wanted, abs=2e-5)


def test_folding_in_a_known_listeners_events_gives_the_trained_factors(evidence, factors):
    whole = gram(factors[1])
    for listener in range(evidence.shape[0]):
        row = evidence[listener]
        folded = fold_in(factors[1][row.indices], row.data, whole, PARAMS)
        assert np.abs(folded - factors[0][listener]).max() < 2e-5


def test_the_factors_lower_the_loss_of_eq_3(evidence, factors):
    def loss(x, y) -> float:
        e = evidence.toarray()
        squares = (1 + 2 * np.abs(e)) * ((e > 0) - x @ y.T) ** 2
        return float(squares.sum() + 0.5 * ((x**2).sum() + (y**2).sum()))

    x, y = factors
    assert loss(x, y) < 0.7 * loss(0 * x, 0 * y)
    rng = np.random.default_rng(0)
    for _ in range(20):  # listeners stand at the minimum for these tracks
        assert loss(x + 0.01 * rng.normal(size=x.shape), y) > loss(x, y)


def test_the_same_seed_gives_the_same_bits(evidence, factors):
    again, other = factorise(evidence, PARAMS, seed=3), factorise(evidence, PARAMS, seed=4)
    assert all(np.array_equal(one, two) for one, two in zip(again, factors, strict=True))
    assert not np.array_equal(other[1], factors[1])


@pytest.mark.parametrize("values", [np.zeros((2, 3)), -np.ones((2, 3))])
def test_without_evidence_for_anything_there_is_nothing_to_learn(values):
    listeners, tracks = factorise(sp.csr_matrix(values.astype(np.float32)), AlsParams(factors=4), seed=0)
    assert not listeners.any()
    assert not tracks.any()


@pytest.mark.parametrize(
    "changes",
    [
        {"factors": 0},
        {"regularization": 0.0},
        {"regularization": float("nan")},
        {"confidence": -1.0},
        {"sweeps": 0},
    ],
)
def test_refuses_parameters_out_of_bounds(changes):
    with pytest.raises(RequestError, match=f"`{next(iter(changes))}` must be"):
        AlsParams(**changes)
