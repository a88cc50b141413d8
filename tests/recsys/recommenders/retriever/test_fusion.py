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


def test_without_likes_their_term_falls_away():
    # (0.5 (1, 0) - 0.25 (0, 1)) / 0.25
    result = expanded(unit([1, 0]), None, unit([0, 1]), Expansion(0.5, 0.5, 0.25))
    assert result == pytest.approx(np.array([0.5, -0.25]) / math.hypot(0.5, 0.25), rel=1e-6)


@pytest.mark.parametrize("weights", [(0.25, 0.5, 0.25), (0.2, 0.5, 0.3), (0.0, 0.5, 0.1)])
def test_dislikes_alone_never_outweigh_the_query(weights):
    query = unit([1, 0])
    assert expanded(query, None, unit([0, 1]), Expansion(*weights)) is query


def test_without_any_opinion_it_is_the_query():
    query = unit([0.3, 0.4])
    assert expanded(query, None, None, Expansion(0.2, 0.9, 0.4)) == pytest.approx(query)


def test_a_query_that_says_nothing_is_not_moved():
    nothing = np.zeros(2, np.float32)
    assert expanded(nothing, unit([1, 0]), unit([0, 1]), Expansion(1.0, 0.3, 0.1)) is nothing


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


@given(vector, vector, vector, vector, weight, weight, weight, st.integers(1, 50))
def test_a_like_never_lowers_the_product_with_the_liked(query, liked, before, disliked, q, p, n, count):
    """Of eq. 6 itself, before it is brought to length 1: the mean moves towards the liked track."""
    weights = expansions(q, p, n)
    t, history = unit(liked), np.tile(unit(before), (count, 1))

    def product(rows):
        total = q * unit(query) + p * mean_vector(rows) - n * unit(disliked)
        return float(total @ t) / (weights.query + weights.liked - weights.disliked)

    assert product(np.vstack([history, t])) >= product(history) - 1e-5 / (q + p - n)


@given(vector, vector, st.none() | vector, weight, weight, weight)
def test_the_first_like_never_lowers_the_cosine_with_the_liked(query, liked, disliked, q, p, n):
    """It adds p t to the vector, with and without dislikes, where q - n is above 0."""
    assume(q - n > 1e-3 or disliked is None)
    weights = expansions(q, p, n)
    x, t, against = unit(query), unit(liked), None if disliked is None else unit(disliked)
    held = q * x - (0 if against is None else n * against)
    assume(min(np.linalg.norm(held), np.linalg.norm(held + p * t)) > 1e-2)
    assert expanded(x, t, against, weights) @ t >= expanded(x, None, against, weights) @ t - 1e-4


@given(vector, vector, vector, st.none() | vector, weight, weight, weight, st.integers(1, 20))
def test_a_further_like_never_lowers_the_cosine_below_that_of_the_only_like(
    query, liked, before, disliked, q, p, n, count
):
    """With k likes already, v' is k v + w up to its length: v of eq. 6 before, w what t as the only like would give.

    Vectors with a cosine to t of at least c >= 0 form a convex cone, so that the cosine of v' is no less than the
    lesser of the two; where v is no nearer to t than w, the like of t never lowers it.
    """
    weights = expansions(q, p, n)
    x, t, against = unit(query), unit(liked), None if disliked is None else unit(disliked)
    history = np.tile(unit(before), (count, 1))
    held = q * x - (0 if against is None else n * against)
    vectors = [held + p * unit(before), held + p * t, held + p * (count * unit(before) + t) / (count + 1)]
    assume(min(np.linalg.norm(one) for one in vectors) > 1e-2)
    old, only = (expanded(x, rows, against, weights) @ t for rows in (mean_vector(history), t))
    assume(min(old, only) >= 0)
    new = expanded(x, mean_vector(np.vstack([history, t])), against, weights) @ t
    assert new >= min(old, only) - 1e-4


def test_a_further_like_can_lower_the_cosine_where_old_likes_cancelled_what_led_away():
    # q x = (1, 0), p m = (-0.8, 0.6): v = (0.2, 0.6); t = (0, 1); with t liked v' = (0.6, 0.8)
    x, m, t, weights = unit([1, 0]), unit([-0.8, 0.6]), unit([0, 1]), Expansion(1.0, 1.0, 0.0)
    assert expanded(x, m, None, weights) @ t == pytest.approx(0.6 / math.hypot(0.2, 0.6), abs=1e-6)
    both = mean_vector(np.stack([m, t]))
    assert expanded(x, both, None, weights) @ t == pytest.approx(0.8, abs=1e-6)


def test_the_first_like_could_lower_the_cosine_if_dislikes_outweighed_the_query():
    """Why the query then stands alone instead of q x - n d, and what that costs: a cosine of 0.8 falls to 0.61."""
    x, t, d, weights = unit([0.6, 0.8]), unit([0, 1]), unit([0, 1]), Expansion(0.3, 0.5, 0.6)
    assert expanded(x, None, d, weights) @ t == pytest.approx(0.8)
    # 0.3 (0.6, 0.8) + (0.5 - 0.6) (0, 1) = (0.18, 0.14)
    assert expanded(x, t, d, weights) @ t == pytest.approx(0.14 / math.hypot(0.18, 0.14), abs=1e-6)


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


score = st.floats(1e-3, 1)


@given(score, score, st.floats(0, 1))
def test_eq_5_the_score_tends_to_the_semantic_one_and_to_the_product(semantic, taste, alpha):
    one, two = np.array([semantic]), np.array([taste])
    for small in (1e-3, 1e-6, 1e-12):
        # 1 - s ** a <= -a log s
        assert 0 <= semantic - fused(one, two, small)[0] <= semantic * -small * math.log(taste) + 1e-15
        assert fused(one, two, 1 - small)[0] == pytest.approx(semantic * taste, rel=10 * small)
    assert fused(one, two, 0.0)[0] == semantic
    assert fused(one, two, 1.0)[0] == semantic * taste
    # in between it lies between, and falls as alpha rises
    assert semantic * taste <= fused(one, two, alpha)[0] * (1 + 1e-12)
    assert fused(one, two, alpha)[0] <= semantic * (1 + 1e-12)


@given(st.lists(st.tuples(st.floats(0.01, 1), st.floats(0.01, 1)), min_size=1, max_size=20), st.floats(0, 3))
def test_fusion_rises_with_both_scores(pairs, alpha):
    semantic, taste = np.array(pairs).T
    result = fused(semantic, taste, alpha)
    assert np.all(fused(np.minimum(semantic * 1.1, 1), taste, alpha) >= result)
    assert np.all(fused(semantic, np.minimum(taste * 1.1, 1), alpha) >= result)
