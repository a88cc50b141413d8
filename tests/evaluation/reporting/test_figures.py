import pytest

from evaluation.reporting.drawing import fitting, text_width
from evaluation.reporting.figures import count, decimal, p_phrase, p_value, percent, points, seconds, span, whole
from evaluation.reporting.plots.axes import Axis, padded


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (whole(-3.6), "−4"),
        (decimal(-0.001), "0.00"),
        (decimal(1.5, language="ru", signed=True), "+1,50"),
        (percent(0.5432), "54.3%"),
        (percent(0.5, language="ru"), "50,0\N{NO-BREAK SPACE}%"),
        (p_value(0.0004), "<0.001"),
        (p_phrase(0.0004, language="ru"), "p < 0,001"),
        (p_phrase(0.0449), "p = 0.045"),
        (span([-5.0, 7.4]), "−5 … 7"),
        (span([2, 2], "rank"), "2"),
        (span([0.1, 0.25], "percent"), "10.0–25.0%"),
        (span([None, 1.0]), "–"),
        (points(-0.125), "−12.5"),
        (seconds(0.00123), "0.00123"),
        (seconds(2.345, language="ru"), "2,35"),
        (count(None), "–"),
    ],
)
def test_by_hand(shown, expected):
    assert shown == expected


@pytest.mark.parametrize("value", [None])
def test_nothing_is_a_dash(value):
    assert {whole(value), decimal(value), percent(value), p_value(value), points(value), seconds(value)} == {"–"}


def test_a_name_is_cut_to_its_room():
    long = "w" * 100
    cut = fitting(long, 100, 14)
    assert cut.endswith("…") and text_width(cut, 14) <= 100 < text_width(long, 14)
    assert fitting("short", 100, 14) == "short"


@pytest.mark.parametrize(("low", "high"), [(1420.0, 1583.0), (0.0, 0.031), (-3.0, 2_000_000.0)])
def test_ticks_are_round_and_inside(low, high):
    axis = Axis(low, high, 0.0, 100.0)
    ticks = axis.ticks(6)
    assert 2 <= len(ticks) <= 7
    assert all(-1e-6 <= axis(tick) <= 100 + 1e-6 for tick in ticks)
    assert padded([1500.0], 0, 10)(1500.0) == 5.0
