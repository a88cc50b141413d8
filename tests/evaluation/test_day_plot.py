from datetime import date, timedelta

import pytest

from evaluation.day_plot import MOST_DAYS, day_plot

FIRST = date(2026, 3, 1)


def test_nothing_is_drawn_of_nothing():
    assert day_plot([])["bars"] == []


def test_days_without_a_judgment_have_a_bar_of_height_nothing():
    plot = day_plot([(FIRST, 4, 2), (FIRST + timedelta(days=3), 2, 1)])
    assert [bar["judgments"] for bar in plot["bars"]] == [4, 0, 0, 2]
    assert plot["bars"][1]["height"] == 0
    assert plot["bars"][0]["height"] == pytest.approx(2 * plot["bars"][3]["height"], abs=0.02)


@pytest.mark.parametrize(("most", "top"), [(1, 2), (2, 2), (3, 4), (5, 10), (11, 20), (40, 40), (41, 100), (101, 200)])
def test_the_axis_ends_on_a_round_count(most, top):
    assert [tick["count"] for tick in day_plot([(FIRST, most, 1)])["axis"]] == [0, top // 2, top]


def test_a_long_study_shows_its_last_days():
    plot = day_plot([(FIRST, 1, 1), (FIRST + timedelta(days=99), 1, 1)])
    assert len(plot["bars"]) == MOST_DAYS and plot["left_out"] == 40
    assert plot["bars"][-1]["day"] == FIRST + timedelta(days=99)
    assert plot["days"][-1] is plot["bars"][-1] and len(plot["days"]) <= 6


def test_bars_stay_within_the_drawing():
    plot = day_plot([(FIRST + timedelta(days=at), at + 1, 1) for at in range(MOST_DAYS)])
    assert all(plot["left"] <= bar["x"] and bar["x"] + bar["width"] <= plot["right"] for bar in plot["bars"])
    assert all(bar["y"] >= 0 and bar["y"] + bar["height"] == pytest.approx(plot["bottom"]) for bar in plot["bars"])
