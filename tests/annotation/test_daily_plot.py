from datetime import date

import pytest

from annotation.daily_plot import HEIGHT, TOP, WIDTH, daily_plot


def test_bars_share_one_scale_and_fill_the_width():
    plot = daily_plot([(date(2026, 3, 1), 0), (date(2026, 3, 2), 10), (date(2026, 3, 3), 40)])
    assert plot.highest == 40
    assert [bar.height for bar in plot.bars] == [0.0, (HEIGHT - TOP) / 4, HEIGHT - TOP]
    assert all(bar.y + bar.height == pytest.approx(HEIGHT) for bar in plot.bars)
    assert plot.bars[-1].x + plot.bars[-1].width < WIDTH


def test_a_single_label_can_be_seen():
    assert daily_plot([(date(2026, 3, 1), 1), (date(2026, 3, 2), 10_000)]).bars[0].height == 2.0


def test_no_days_no_bars():
    assert daily_plot([]).bars == ()
