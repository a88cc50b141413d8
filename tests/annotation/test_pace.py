"""The forecast against arithmetic done by hand and against simulated campaigns."""

from datetime import date, timedelta

import numpy as np
import pytest

from annotation.pace import Saving, forecast, labels_left, saving

TODAY = date(2026, 3, 2)


def test_the_same_pace_every_day_leaves_no_doubt():
    found = forecast([50] * 10, 500, today=TODAY)
    assert (found.state, found.active_days, found.per_active_day) == ("range", 10, 50.0)
    assert found.first == found.middle == found.last == TODAY + timedelta(days=10)


def test_the_range_holds_the_middle_and_grows_with_the_scatter():
    steady = forecast([45, 55] * 7, 1_000, today=TODAY)
    wild = forecast([0, 100] * 7, 1_000, today=TODAY)
    for found in (steady, wild):
        assert found.first <= found.middle <= found.last
    assert wild.last - wild.first > steady.last - steady.first


@pytest.mark.parametrize(
    ("days", "left", "state"),
    [
        ([50] * 10, 0, "done"),
        ([], 100, "too-early"),
        ([0, 0, 0], 100, "too-early"),
        ([50, 50], 100, "too-early"),
        ([50] * 5 + [0] * 28, 100, "idle"),
        ([1, 1, 1], 1_000_000, "far"),
    ],
)
def test_what_cannot_be_said_is_said_in_words(days, left, state):
    found = forecast(days, left, today=TODAY)
    assert found.state == state
    assert found.first is found.middle is found.last is None


def test_only_the_last_four_weeks_count():
    assert forecast([10_000] * 50 + [10] * 28, 100, today=TODAY).middle == TODAY + timedelta(days=10)


def test_eight_of_ten_campaigns_end_within_the_range():
    draws = np.random.default_rng(4)
    inside = 0
    for number in range(150):
        pace = draws.poisson(60, size=200) * (draws.random(200) < 0.7)
        found = forecast(pace[:14].tolist(), 900, today=TODAY, replicates=300, seed=number)
        end = TODAY + timedelta(days=int(np.searchsorted(pace[14:].cumsum(), 900)) + 1)
        inside += found.first <= end <= found.last
    assert 0.7 <= inside / 150 <= 0.95


def test_the_same_seed_says_the_same():
    assert forecast([5, 9, 30, 2], 400, today=TODAY, seed=3) == forecast([5, 9, 30, 2], 400, today=TODAY, seed=3)


def test_third_labels_to_come_are_foreseen():
    assert labels_left(missing=100, unsettled=40, settled=20, disagreed=5) == 110
    assert labels_left(missing=100, unsettled=40, settled=0, disagreed=0) == 100


def test_the_saving_of_the_rule():
    found = saving(items=800, given=1_842, overlap=2)
    assert found == Saving(items=800, given=1_842, fixed=2_400)
    assert found.share == pytest.approx(0.2325)
    assert saving(items=0, given=0, overlap=2) is None
    assert saving(items=10, given=10, overlap=1) is None


def test_three_of_four_agreeing_saves_a_quarter():
    assert saving(items=100, given=100 * 2 + 25, overlap=2).share == pytest.approx(0.25)
