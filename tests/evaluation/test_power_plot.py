import pytest

from evaluation.power_plot import FOOT, HEIGHT, LABEL_APART, LEFT, RIGHT, TOP, WIDTH, power_plot


def drawn(**changed):
    settings = {"target": 0.8, "enough": 60} | changed
    return power_plot([1, 50, 100], [(50, [0.0, 0.5, 1.0]), (100, [0.0, 0.9, 1.0]), (25, [0.0, 0.2, 0.4])], **settings)


def test_corners():
    plot = drawn()
    first, middle, last = (tuple(map(float, point.split(","))) for point in plot["lines"][0]["points"].split())
    assert first == pytest.approx((LEFT + 0.01 * (WIDTH - LEFT - RIGHT), HEIGHT - FOOT), abs=0.02)
    assert middle == pytest.approx((LEFT + 0.5 * (WIDTH - LEFT - RIGHT), (HEIGHT - FOOT + TOP) / 2), abs=0.02)
    assert last == pytest.approx((WIDTH - RIGHT, TOP), abs=0.02)


def test_the_planned_gap_is_marked_where_it_is_enough():
    plot = drawn()
    assert [line["planned"] for line in plot["lines"]] == [True, False, False]
    assert plot["enough"]["y"] == plot["target_y"]
    assert drawn(enough=101)["enough"] is None and drawn(enough=None)["enough"] is None


def test_labels_do_not_overlap_and_the_larger_gap_is_above():
    fifty, hundred, twenty_five = (line["label_y"] for line in drawn()["lines"])
    assert hundred + LABEL_APART <= fifty <= twenty_five - LABEL_APART


@pytest.mark.parametrize("most", [2, 7, 12, 99, 361, 5_000, 2_000_000])
def test_ticks_are_few_whole_and_within(most):
    plot = power_plot([1, most], [(50, [0.0, 1.0])], target=0.8, enough=None)
    labels = [tick["label"] for tick in plot["participants"]]
    assert labels[0] == 0 and labels[-1] <= most and 2 <= len(labels) <= 8
    assert all(isinstance(label, int) for label in labels)
