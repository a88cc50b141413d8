import re

import pytest

from recsys.offline.page.numbers import Writer
from recsys.offline.page.plots import LEFT, RIGHT, WIDTH, forest


def system(name, value, ci):
    return {"system": name, "floor": False, "mrr": {"value": value, "ci": ci}}


def test_dots_and_intervals_are_on_one_scale_from_zero():
    drawing = forest([system("a", 0.2, [0.1, 0.4]), system("b", 0.4, [0.3, 0.5])], "mrr", Writer("en"))
    dots = [float(x) for x in re.findall(r'<circle class="plot-dot" cx="([\d.]+)"', drawing)]
    assert dots[0] - LEFT == pytest.approx(2 * (dots[1] - LEFT), abs=0.02)  # b first, for it is better
    bars = re.findall(r'plot-interval" x1="([\d.]+)" x2="([\d.]+)"', drawing)
    assert float(bars[0][0]) < dots[0] < float(bars[0][1]) <= WIDTH - RIGHT


@pytest.mark.parametrize("most", [0.0, 0.0003, 0.05, 0.31, 1.0, 4.9, 10.0])
def test_ticks_are_round_and_few(most):
    drawing = forest([system("a", most, None)], "mrr", Writer("en"))
    ticks = [float(text) for text in re.findall(r'text-anchor="middle">([\d.]+)<', drawing)]
    assert ticks[0] == 0
    assert ticks[-1] >= most
    assert 2 <= len(ticks) <= 7
    assert ticks == sorted(set(ticks))


def test_a_system_without_interval_has_a_dot_only():
    drawing = forest([system("a", 0.2, None)], "mrr", Writer("en"))
    assert "plot-interval" not in drawing and "plot-dot" in drawing


def test_long_names_are_cut_and_escaped():
    drawing = forest([system("<i>" + "x" * 40, 0.2, None)], "mrr", Writer("en"))
    assert "<i>" not in drawing
    assert "…</text>" in drawing
