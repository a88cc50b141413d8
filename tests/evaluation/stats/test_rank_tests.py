import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from evaluation.stats.errors import StatisticsError
from evaluation.stats.rank_tests import (
    check_reading,
    cluster_mann_whitney,
    mann_whitney,
    mann_whitney_of_rates,
    mann_whitney_of_scores,
)

counts = st.tuples(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200)).filter(any)


@settings(deadline=None)
@given(counts)
def test_equals_scipy(wins_losses_ties):
    wins, losses, ties = wins_losses_ties
    x = np.repeat([1.0, 0.0, 0.5], [wins, losses, ties])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy divides by zero where all are ties
        theirs = mannwhitneyu(x, 1 - x, method="asymptotic")
    ours = mann_whitney(wins, losses, ties)
    assert ours.u == pytest.approx(theirs.statistic, rel=1e-12)
    assert ours.p == pytest.approx(theirs.pvalue, rel=1e-12, abs=1e-12)


@settings(deadline=None)
@given(counts, counts)
def test_two_samples_of_scores_equal_scipy(one, other):
    x, y = (np.repeat([1.0, 0.0, 0.5], sample) for sample in (one, other))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = mannwhitneyu(x, y, method="asymptotic")
    ours = mann_whitney_of_scores(one, other)
    assert ours.u == pytest.approx(theirs.statistic, rel=1e-12)
    if len({*x, *y}) > 1:
        assert ours.p == pytest.approx(theirs.pvalue, rel=1e-12, abs=1e-12)
    assert (ours.n_a, ours.n_b) == (sum(one), sum(other))


@settings(deadline=None)
@given(*[st.lists(st.tuples(st.integers(0, 12), st.integers(1, 6)), min_size=1, max_size=30)] * 2)
def test_rates_equal_scipy(one, other):
    a, b = (np.array([min(won, 2 * n) / 2 / n for won, n in sample]) for sample in (one, other))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = mannwhitneyu(a, b, method="asymptotic")
    ours = mann_whitney_of_rates(a, b)
    assert ours.u == theirs.statistic
    if len({*a, *b}) > 1:
        assert ours.p == pytest.approx(theirs.pvalue, rel=1e-12, abs=1e-12)


def test_a_billion_judgments_take_no_longer_than_ten():
    ours = mann_whitney_of_scores((10**9, 10**9 - 1, 7), (10**9 - 1, 10**9, 7))
    assert 0 < ours.p < 1 and ours.cliffs_delta == pytest.approx(1e-9 / 2, rel=0.01)


def test_an_unknown_reading_is_refused():
    with pytest.raises(StatisticsError, match="must be one of mirrored, all, rates, got 'plain'"):
        check_reading("plain")


def test_cliffs_delta_by_hand():
    # all pairs of (1, 1, 0) with (0, 0, 1): 4 higher, 1 lower, 4 equal
    assert mann_whitney(2, 1, 0).cliffs_delta == pytest.approx(3 / 9)
    assert mann_whitney(0, 0, 5).cliffs_delta == 0
    assert mann_whitney(5, 0, 0).cliffs_delta == 1
    wins, losses, ties = 30, 11, 9
    n = wins + losses + ties
    assert mann_whitney(wins, losses, ties).cliffs_delta == pytest.approx((wins - losses) / n * (1 + ties / n))


@given(counts)
def test_naming_the_other_system_first_mirrors(wins_losses_ties):
    wins, losses, ties = wins_losses_ties
    one, other = mann_whitney(wins, losses, ties), mann_whitney(losses, wins, ties)
    assert one.p == pytest.approx(other.p)
    assert one.cliffs_delta == pytest.approx(-other.cliffs_delta)


def obuchowski(scores_of_participants):
    """Her formulas as printed, with explicit loops over scores: S10, S01 and S11."""
    x = [np.array(scores) for scores in scores_of_participants]
    y = [1 - scores for scores in x]
    everything_x, everything_y = np.concatenate(x), np.concatenate(y)
    m = n = len(everything_x)
    people = len(x)

    def placed(value, others):
        return np.mean((others < value) + 0.5 * (others == value))

    placement_x = [sum(placed(value, everything_y) for value in own) for own in x]
    placement_y = [sum(1 - placed(value, everything_x) for value in own) for own in y]
    theta = sum(placement_x) / m
    sizes = [len(own) for own in x]
    moved_x = [total - size * theta for total, size in zip(placement_x, sizes, strict=True)]
    moved_y = [total - size * theta for total, size in zip(placement_y, sizes, strict=True)]
    s10 = people / ((people - 1) * m) * sum(value**2 for value in moved_x)
    s01 = people / ((people - 1) * n) * sum(value**2 for value in moved_y)
    s11 = people / (people - 1) * sum(a * b for a, b in zip(moved_x, moved_y, strict=True))
    return theta, s10 / m + s01 / n + 2 * s11 / (m * n)


def test_cluster_version_equals_the_printed_formulas():
    rng = np.random.default_rng(0)
    people = [rng.choice([0.0, 0.5, 1.0], size=rng.integers(1, 9), p=[0.3, 0.2, 0.5]) for _ in range(14)]
    theta, variance = obuchowski(people)
    ours = cluster_mann_whitney(np.array([[(own == s).sum() for s in (1.0, 0.0, 0.5)] for own in people], dtype=float))
    assert ours.theta == pytest.approx(theta, abs=1e-12)
    assert ours.t == pytest.approx((theta - 0.5) / np.sqrt(variance), abs=1e-9)
    assert ours.df == 13
    assert 0 < ours.p < 1


def test_cluster_version_shares_its_effect_with_the_naive_one():
    people = np.array([[3, 1, 0], [2, 2, 2], [0, 1, 0], [5, 0, 1]], dtype=float)
    ours = cluster_mann_whitney(people)
    assert 2 * ours.theta - 1 == pytest.approx(mann_whitney(10, 4, 3).cliffs_delta)


@pytest.mark.parametrize("people", [[[3, 1, 0]], [[1, 1, 0]] * 5, [[2, 0, 0]] * 4])
def test_no_p_value_where_participants_cannot_tell(people):
    ours = cluster_mann_whitney(np.array(people, dtype=float))
    assert (ours.t, ours.p) == (None, None)


def test_how_often_the_other_readings_cry_wolf():
    """2,000 null studies: three systems and one judgment of each person (D2), 13 of each of 20 people (D3)."""
    rng = np.random.default_rng(5)
    rejected = np.zeros(2)
    for _ in range(2_000):
        met = rng.multinomial(255, [1 / 3] * 3)
        xy, yz, zx = (rng.multinomial(n, [0.4625, 0.4625, 0.075]) for n in met)
        x = xy + zx[[1, 0, 2]]
        y = yz + xy[[1, 0, 2]]
        rejected[0] += mann_whitney_of_scores(x.tolist(), y.tolist()).p <= 0.05
        rates = rng.choice([0.0, 0.5, 1.0], (20, 13), p=[0.4625, 0.075, 0.4625]).mean(axis=1)
        rejected[1] += mann_whitney_of_rates(rates, 1 - rates).p <= 0.05
    all_, rates = rejected / 2_000
    assert 0.09 <= all_ <= 0.13 and 0.13 <= rates <= 0.2
