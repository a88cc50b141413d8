import pytest

from evaluation.breakdown_plot import LEFT, RIGHT, WIDTH, breakdown_plot


def half(*systems):
    return {"systems": [{"name": name, "win_rate": rate, "win_rate_ci": ci} for name, rate, ci in systems]}


def test_shares_stand_where_they_belong():
    plot = breakdown_plot([half(("x", 0.25, [0.0, 0.5])), half(("x", 1.0, [0.75, 1.0]))])
    first, second = plot["rows"][0]["marks"]
    by_share = {tick["share"]: tick["x"] for tick in plot["axis"]}
    assert (by_share[0.0], by_share[1.0]) == (LEFT, WIDTH - RIGHT)
    assert (first["low"], first["x"], first["high"]) == (by_share[0.0], by_share[0.25], by_share[0.5])
    assert (second["low"], second["x"], second["high"]) == (by_share[0.75], by_share[1.0], by_share[1.0])
    assert plot["middle_x"] == by_share[0.5]


def test_halves_stand_apart_and_rows_below_each_other():
    plot = breakdown_plot([half(("x", 0.5, None), ("y", 0.5, None)), half(("x", 0.5, None), ("y", 0.5, None))])
    heights = [mark["y"] for row in plot["rows"] for mark in row["marks"]]
    assert heights == sorted(set(heights)) and plot["top"] < heights[0] and heights[-1] < plot["bottom"]
    assert [mark["half"] for mark in plot["rows"][0]["marks"]] == [0, 1]


def test_a_rate_that_is_not_given_leaves_its_mark_out():
    plot = breakdown_plot([half(("x", None, None), ("y", 0.4, None)), half(("x", 0.5, None), ("y", None, None))])
    assert [(row["name"], [mark["half"] for mark in row["marks"]]) for row in plot["rows"]] == [("x", [1]), ("y", [0])]
    assert plot["rows"][0]["marks"][0]["low"] is None


@pytest.mark.parametrize("halves", [[], [half(("x", None, None)), half(("x", None, None))]])
def test_nothing_to_draw(halves):
    plot = breakdown_plot(halves)
    assert plot["rows"] == [] and plot["height"] == 0
