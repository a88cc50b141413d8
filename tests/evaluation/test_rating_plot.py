import pytest

from evaluation.rating_plot import LEFT, RIGHT, WIDTH, rating_plot


def row(name, bt, ci=None):
    return {"name": name, "bt": bt, "bt_ci": ci}


def test_best_first_and_inside_the_drawing():
    plot = rating_plot([row("low", 1400.0, [1350.0, 1450.0]), row("high", 1600.0, [1500.0, 1700.0])])
    assert [line["name"] for line in plot["rows"]] == ["high", "low"]
    for line in plot["rows"]:
        assert LEFT <= line["low"] < line["x"] < line["high"] <= WIDTH - RIGHT
    assert plot["rows"][0]["x"] > plot["rows"][1]["x"]
    assert all(LEFT <= tick["x"] <= WIDTH - RIGHT for tick in plot["axis"])
    assert 3 <= len(plot["axis"]) <= 8


def test_equal_distances_are_drawn_equal():
    plot = rating_plot([row("a", 1400.0), row("b", 1500.0), row("c", 1600.0)])
    c, b, a = (line["x"] for line in plot["rows"])
    assert c - b == pytest.approx(b - a, abs=0.02)


@pytest.mark.parametrize("systems", [[], [row("unrated", None)]])
def test_nothing_rated_nothing_drawn(systems):
    assert rating_plot(systems)["rows"] == []


def test_one_system_without_interval():
    (line,) = rating_plot([row("only", 1500.0)])["rows"]
    assert line["low"] is None and LEFT < line["x"] < WIDTH
