import pytest

from evaluation.stats.intervals import cluster_rate
from evaluation.stats.service_record import duration, failures_of


def test_quantiles_by_hand():
    found = duration([4.0, 1.0, 2.0, 3.0])
    assert (found.n, found.median, found.p90) == (4, 2.5, pytest.approx(3.7))


def test_no_time_no_quantile():
    assert duration([]) == duration(()) and duration([]).median is None


def test_failures_count_playlists_and_people():
    found = failures_of("a", made=[9, 4, 0], failed=[1, 0, 0], unfinished=2)
    assert (found.sides, found.failures, found.participants, found.unfinished) == (14, 1, 2, 2)
    assert found.share == pytest.approx(1 / 14)


def test_the_interval_is_by_participant():
    import numpy as np

    found = failures_of("a", made=[9, 10, 8], failed=[1, 0, 2], unfinished=0)
    rate = cluster_rate(np.array([1.0, 0.0, 2.0]), np.array([10.0, 10.0, 10.0]))
    assert found.share_ci == rate.interval and found.share_ci[0] < found.share < found.share_ci[1]


def test_without_failures_the_upper_end_is_above_zero():
    found = failures_of("a", made=[10] * 8, failed=[0] * 8, unfinished=0)
    assert found.share == 0 and found.share_ci[0] == 0 and 0 < found.share_ci[1] < 0.6


def test_nothing_asked():
    found = failures_of("a", made=[], failed=[], unfinished=3)
    assert found.share is None and found.share_ci is None and found.unfinished == 3
