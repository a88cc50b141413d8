import numpy as np
import pytest
from scipy.stats import binomtest

from evaluation.stats.sign_test import TIES_ALONE, sign_test


def people(wins, losses, ties):
    """One judgment each."""
    return np.repeat(np.eye(3), [wins, losses, ties], axis=0)


def test_by_hand():
    # 9 of 10: P(0, 1, 9 or 10 heads of 10) = 22 / 1024
    found = sign_test(people(9, 1, 4))
    assert (found.n, found.statistic, found.reason) == (10, 9.0, "")
    assert found.p == pytest.approx(22 / 1024)


@pytest.mark.parametrize(("wins", "losses"), [(0, 1), (3, 3), (40, 21), (0, 30)])
def test_equals_scipy(wins, losses):
    assert sign_test(people(wins, losses, 5)).p == binomtest(wins, wins + losses).pvalue
    assert sign_test(people(losses, wins, 5)).p == pytest.approx(sign_test(people(wins, losses, 5)).p)


def test_is_not_made_where_somebody_judged_twice():
    counts = np.vstack([people(9, 1, 0), [[1, 0, 1]], [[0, 0, 2]]])
    found = sign_test(counts)
    assert (found.p, found.statistic, found.n) == (None, None, 11)
    assert "2 of 12 participants judged this pair more than once" in found.reason


def test_is_not_made_of_ties_alone():
    assert sign_test(people(0, 0, 4)) == sign_test(people(0, 0, 9))
    assert (sign_test(people(0, 0, 4)).p, sign_test(people(0, 0, 4)).reason) == (None, TIES_ALONE)
