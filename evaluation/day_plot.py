"""Where the bars of judgments per day stand, in units of the drawing. Core: no Django."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

WIDTH, HEIGHT, LEFT, RIGHT, TOP, FOOT = 720.0, 200.0, 44.0, 8.0, 12.0, 26.0
MOST_DAYS = 60
FEWEST_SLOTS = 14
"""A study two days old gets bars of this many days' width, not two walls."""
LABELS = 6


def day_plot(counts: Sequence[tuple[date, int, int]]) -> dict[str, Any]:
    """Lay out a bar of judgments for each day from the first to the last, days without any too.

    Args:
        counts: day, judgments, participants; ascending, and only days with a judgment.

    Returns:
        `bars` (day, judgments, participants, x, y, width, height), `axis` of the counts, `days` to be written below,
        and `left_out`: how many days before the last 60 are not drawn.
    """
    if not counts:
        return {"width": WIDTH, "height": 0, "bars": [], "axis": [], "days": [], "left_out": 0}
    by_day = {day: (judgments, participants) for day, judgments, participants in counts}
    first, last = counts[0][0], counts[-1][0]
    span = (last - first).days + 1
    shown = [last - timedelta(days=back) for back in range(min(span, MOST_DAYS) - 1, -1, -1)]
    top = _round_top(max(by_day.get(day, (0, 0))[0] for day in shown))
    slot = (WIDTH - LEFT - RIGHT) / max(len(shown), FEWEST_SLOTS)
    bottom = HEIGHT - FOOT
    bars = []
    for at, day in enumerate(shown):
        judgments, participants = by_day.get(day, (0, 0))
        height = round((bottom - TOP) * judgments / top, 2)
        bars.append(
            {
                "day": day,
                "judgments": judgments,
                "participants": participants,
                "x": round(LEFT + slot * (at + 0.15), 2),
                "middle": round(LEFT + slot * (at + 0.5), 2),
                "y": round(bottom - height, 2),
                "width": round(slot * 0.7, 2),
                "height": height,
            }
        )
    step = math.ceil(len(shown) / LABELS)
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "bottom": bottom,
        "label_y": HEIGHT - 8,
        "label_x": LEFT - 8,
        "bars": bars,
        "days": [bar for at, bar in enumerate(reversed(bars)) if at % step == 0][::-1],
        "axis": [
            {"count": count, "y": round(bottom - (bottom - TOP) * count / top, 2)}
            for count in sorted({0, top // 2, top})
        ],
        "left_out": span - len(shown),
    }


def _round_top(most: int) -> int:
    """The next of 2, 4, 10, 20, 40, 100, …: even, so that half of it is a count."""
    magnitude = 1
    while True:
        for factor in (2, 4, 10):
            if most <= factor * magnitude:
                return factor * magnitude
        magnitude *= 10
