"""Where the bars of a small chart of labels per day stand, in units of the drawing. Core: no Django."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT, TOP, GAP = 560.0, 96.0, 4.0, 0.25


@dataclass(frozen=True, slots=True)
class Bar:
    """A day: its place, its height and what a reader is told about it. A day with any label shows."""

    x: float
    y: float
    width: float
    height: float
    day: date
    labels: int


@dataclass(frozen=True, slots=True)
class DailyPlot:
    width: float
    height: float
    bars: tuple[Bar, ...]
    highest: int


def daily_plot(days: Sequence[tuple[date, int]]) -> DailyPlot:
    """Lay out one bar per day, oldest first; bars share one scale, from zero."""
    highest = max((labels for _, labels in days), default=0)
    step = WIDTH / max(1, len(days))
    bars = []
    for place, (day, labels) in enumerate(days):
        height = max(2.0, (HEIGHT - TOP) * labels / highest) if labels else 0.0
        bars.append(
            Bar(
                x=round(step * (place + GAP / 2), 2),
                y=round(HEIGHT - height, 2),
                width=round(step * (1 - GAP), 2),
                height=round(height, 2),
                day=day,
                labels=labels,
            )
        )
    return DailyPlot(WIDTH, HEIGHT, tuple(bars), highest)
