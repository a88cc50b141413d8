import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from scipy.stats import t as student

from evaluation.stats.intervals import cluster_rate, student_interval, wilson


def test_wilson_equals_scipy():
    theirs = binomtest(17, 40).proportion_ci(method="wilson")
    assert wilson(17 / 40, 40, 1.959963984540054) == pytest.approx((theirs.low, theirs.high))


def test_student_interval_by_hand():
    # t(0.975, 9) = 2.262157
    assert student_interval(10.0, 2.0, 9) == pytest.approx((10 - 4.524314, 10 + 4.524314), abs=1e-5)


def test_one_judgment_each_is_wilson_with_t():
    scores = np.repeat([1.0, 0.0], [30, 20])
    rate = cluster_rate(scores, np.ones(50))
    # the jackknife variance of a mean is s^2 / n, so the effective number is n - 1
    assert rate.effective == pytest.approx(49)
    assert rate.interval == pytest.approx(wilson(0.6, 49, student.ppf(0.975, 49)))


def test_judging_twice_the_same_teaches_nothing_new():
    once = cluster_rate(np.array([1.0, 0.0, 1.0, 1.0, 0.5, 0.0]), np.ones(6))
    twice = cluster_rate(2 * np.array([1.0, 0.0, 1.0, 1.0, 0.5, 0.0]), 2 * np.ones(6))
    assert twice.interval == pytest.approx(once.interval)


@pytest.mark.parametrize("score", [0.0, 0.5, 1.0])
def test_agreement_of_all_leaves_a_width(score):
    rate = cluster_rate(np.full(8, 3 * score), np.full(8, 3.0))
    assert rate.effective == 8
    low, high = rate.interval
    assert high - low > 0.2


def test_nobody_and_one_participant():
    assert cluster_rate(np.zeros(3), np.zeros(3)) is None
    alone = cluster_rate(np.array([2.0, 0.0]), np.array([4.0, 0.0]))
    assert (alone.value, alone.interval, alone.effective) == (0.5, None, None)


people = st.lists(
    st.integers(1, 9).flatmap(lambda n: st.tuples(st.integers(0, 2 * n), st.just(n))), min_size=2, max_size=30
)


@given(people)
def test_within_bounds_and_around_the_rate(rows):
    scores, judgments = np.array(rows, dtype=float).T
    rate = cluster_rate(scores / 2, judgments)
    low, high = rate.interval
    assert 0 <= low <= rate.value <= high <= 1
    assert low < high
