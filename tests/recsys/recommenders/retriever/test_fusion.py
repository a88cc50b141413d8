"""The equations of "Learning When to Personalize", by hand and by their properties."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from recsys.core.errors import RequestError
from recsys.recommenders.retriever.fusion import Expansion, expanded, fused, mean_vector, semantic_score

weight = st.floats(0, 1)
vector = st.lists(st.floats(-1, 1), min_size=3, max_size=3).filter(lambda v: np.linalg.norm(v) > 1e-2)


def unit(values) -> np.ndarray:
    array = np.array(values, dtype=np.float32)
    return array / np.linalg.norm(array)


def expansions(q, p, n) -> Expansion:
    assume(q + p - n > 1e-3)
    return Expansion(q, p, n)


def test_expansion_by_hand():
    # eq. 6: (1.0 (1, 0) + 0.5 (0, 1) - 0.25 (0.6, 0.8)) / 1.25 = (0.68, 0.24), then to length 1
    result = expanded(unit([1, 0]), unit([0, 1]), unit([0.6, 0.8]), Expansion(1.0, 0.5, 0.25))
    assert result == pytest.approx(np.array([0.68, 0.24]) / math.hypot(0.68, 0.24), rel=1e-6)


def test_without_likes_the_query_stands_in_for_them():
    # ((0.5 + 0.5) (1, 0) - 0.25 (0, 1)) / 0.75
    result = expanded(unit([1, 0]), None, unit([0, 1]), Expansion(0.5, 0.5, 0.25))
    assert result == pytest.approx(np.array([1.0, -0.25]) / math.hypot(1.0, 0.25), rel=1e-6)


def test_without_any_opinion_it_is_the_query():
    query = unit([0.3, 0.4])
    assert expanded(query, None, None, Expansion(0.2, 0.9, 0.4)) == pytest.approx(query)


def test_vectors_that_cancel_each_other_give_the_query():
    query = unit([1, 0])
    assert expanded(query, -query, None, Expansion(0.5, 0.5, 0.0)) is query


@pytest.mark.parametrize("weights", [(0, 0, 0), (0.2, 0.3, 0.5), (0, 0.5, 1)])
def test_refuses_weights_whose_sum_is_not_positive(weights):
    with pytest.raises(RequestError, match="above 0"):
        Expansion(*weights)


@pytest.mark.parametrize("weights", [(1.1, 0, 0), (1, -0.1, 0), (1, 0, 2), (float("nan"), 1, 0)])
def test_refuses_weights_out_of_bounds(weights):
    with pytest.raises(RequestError, match="between 0 and 1"):
        Expansion(*weights)


@given(weight, weight, weight, st.floats(1e-6, 5))
def test_scaled_weights_stay_within_their_bounds(q, p, n, strength):
    weights = expansions(q, p, n)
    assert weights.scaled(strength).query == q
    assert weights.scaled(1.0) == weights.scaled(7.0) == weights


@given(vector, vector, vector, vector, weight, weight, weight, st.integers(0, 50))
def test_a_like_never_lowers_the_product_with_the_liked(query, liked, before, disliked, q, p, n, count):
    """Before it is brought to length 1, which for one query is the same for all tracks and so changes no order."""
    weights = expansions(q, p, n)
    t, history = unit(liked), np.tile(unit(before), (count, 1))

    def product(rows):
        positive = mean_vector(rows)
        positive = unit(query) if positive is None else positive
        total = q * unit(query) + p * positive - n * unit(disliked)
        return float(total @ t) / (weights.query + weights.liked - weights.disliked)

    if count:
        assert product(np.vstack([history, t])) >= product(history) - 1e-5 / (q + p - n)


@given(vector, vector, weight, weight)
def test_the_first_like_never_lowers_the_cosine_with_the_liked(query, liked, q, p):
    weights = expansions(q, p, 0.0)
    x, t = unit(query), unit(liked)
    assume(np.linalg.norm(q * x + p * t) > 1e-3)
    assert expanded(x, t, None, weights) @ t >= expanded(x, None, None, weights) @ t - 1e-5


@given(vector, vector, vector, weight, weight, st.integers(1, 20))
def test_a_further_like_never_lowers_the_cosine_unless_the_old_ones_pointed_there_already(
    query, liked, before, q, p, count
):
    """v' is m v + (q x + p t) up to its length, so that its cosine with t is no less than the lesser of the two.

    Where the old likes happen to cancel what of the query leads away from t, the mean of eq. 6 does lower it:
    q x = (1, 0), p v_pos = (-0.8, 0.6), t = (0, 1) has cosine 0.95, and 0.8 once t itself is liked.
    """
    weights = expansions(q, p, 0.0)
    x, t = unit(query), unit(liked)
    history = np.tile(unit(before), (count, 1))
    alone = q * x + p * t
    assume(np.linalg.norm(alone) > 1e-2)
    old = expanded(x, mean_vector(history), None, weights) @ t
    assume(0 <= old <= (alone / np.linalg.norm(alone)) @ t)
    assert expanded(x, mean_vector(np.vstack([history, t])), None, weights) @ t >= old - 1e-4


def test_semantic_score_by_hand():
    scores = semantic_score(np.array([1.0, 0.8, -0.5], dtype=np.float32), 0.2)
    assert scores == pytest.approx([1.0, math.exp(-1), math.exp(-7.5)], rel=1e-5)


@given(st.lists(st.integers(-(2**24), 2**24), min_size=2, max_size=30), st.floats(0.01, 10))
def test_semantic_score_keeps_order_and_ties_within_zero_and_one(steps, sharpness):
    cosines = (np.array(steps) / 2**24).astype(np.float32)  # the finest steps that float32 has near 1
    scores = semantic_score(cosines, sharpness)
    assert np.all((scores > 0) & (scores <= 1))
    for i in range(len(cosines)):
        assert np.array_equal(scores > scores[i], cosines > cosines[i])


def test_fusion_by_hand():
    # eq. 4 with s_llm = (0.9, 0.8), s_cf = (0.25, 0.64)
    semantic, taste = np.array([0.9, 0.8]), np.array([0.25, 0.64])
    assert fused(semantic, taste, 0.5) == pytest.approx([0.45, 0.64])
    assert fused(semantic, taste, 1.0) == pytest.approx([0.225, 0.512])
    assert np.array_equal(fused(semantic, taste, 0.0), semantic)  # eq. 5


@given(st.lists(st.tuples(st.floats(0.01, 1), st.floats(0.01, 1)), min_size=1, max_size=20), st.floats(0, 3))
def test_fusion_rises_with_both_scores(pairs, alpha):
    semantic, taste = np.array(pairs).T
    result = fused(semantic, taste, alpha)
    assert np.all(fused(np.minimum(semantic * 1.1, 1), taste, alpha) >= result)
    assert np.all(fused(semantic, np.minimum(taste * 1.1, 1), alpha) >= result)
