import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import PermutationMethod, wilcoxon

from evaluation.stats.signed_rank import EXACT, NORMAL, signed_rank_test


def scores(people, seed=0, judgments=6):
    """Mean scores less one half of people who judged a few times: many equal, some zero."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 2 * judgments + 1, people) / (2 * judgments) - 0.5


@pytest.mark.parametrize("people", [2, 5, 8, 12])
@pytest.mark.parametrize("seed", range(5))
def test_equals_scipy_counting_all_signs(people, seed):
    differences = scores(people, seed)
    rounded = np.round(differences, 9)  # scipy takes 1/3 - 1/2 and 1/2 - 2/3 for different
    theirs = wilcoxon(rounded, zero_method="zsplit", method=PermutationMethod(n_resamples=2**people))
    ours = signed_rank_test(differences)
    assert (ours.test, ours.statistic) == (EXACT, pytest.approx(theirs.statistic))
    assert ours.p == pytest.approx(theirs.pvalue, abs=1e-12)


def test_equals_scipys_exact_distribution_without_equal_differences():
    differences = np.random.default_rng(1).normal(0.1, 0.4, 17)
    theirs = wilcoxon(differences, zero_method="zsplit", method="exact")
    assert signed_rank_test(differences).p == pytest.approx(theirs.pvalue, abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_equals_scipys_normal_approximation_with_many_participants(seed):
    differences = scores(70, seed)
    theirs = wilcoxon(np.round(differences, 9), zero_method="zsplit", method="asymptotic")
    ours = signed_rank_test(differences)
    assert (ours.test, ours.statistic, ours.p) == (NORMAL, theirs.statistic, theirs.pvalue)


def test_by_hand():
    # Ranks of |d| = 0, 1, 2, 3, 4, 5: the zero's rank 1 is split; + has 3 + 4 + 5 + 6, - has 2. Of the 32 patterns of
    # signs those with |sum| >= 16 are: all alike (2), the rank 2 alone turned (2).
    ours = signed_rank_test(np.array([0.0, -0.1, 0.2, 0.3, 0.4, 0.5]))
    assert ours.statistic == 2.5
    assert ours.p == pytest.approx(4 / 32)


def test_thirds_are_equal_whichever_way_they_are_computed():
    one = signed_rank_test(np.array([1 / 3 - 0.5, 2 / 3 - 0.5, 0.5, -0.25]))
    other = signed_rank_test(np.array([-1 / 6, 1 / 6, 0.5, -0.25]))
    assert one == other


@pytest.mark.parametrize(("people", "smallest"), [(1, 1.0), (5, 2 / 32), (6, 2 / 64)])
def test_fewer_than_six_participants_never_reach_five_percent(people, smallest):
    assert signed_rank_test(np.full(people, 0.5)).p == pytest.approx(smallest)


def test_nobody_with_a_difference():
    assert signed_rank_test(np.zeros(7)).p == 1.0


@settings(deadline=None)
@given(st.lists(st.integers(-6, 6), min_size=1, max_size=40))
def test_naming_the_other_system_first_changes_nothing(values):
    differences = np.array(values) / 12
    assert signed_rank_test(differences) == signed_rank_test(-differences)
