"""Where the dots and intervals of the rating plot stand, in units of the drawing. Core: no Django."""

import math
from typing import Any

WIDTH, LEFT, RIGHT, TOP, ROW, FOOT = 720.0, 190.0, 70.0, 16.0, 40.0, 34.0


def rating_plot(systems: list[dict[str, Any]]) -> dict[str, Any]:
    """Lay out Bradley-Terry ratings with their intervals, best first; systems without a rating are left out.

    Args:
        systems: rows of the analysis with `name`, `bt` and `bt_ci` (each may be None).
    """
    rated = sorted((row for row in systems if row["bt"] is not None), key=lambda row: (-row["bt"], row["name"]))
    if not rated:
        return {"width": WIDTH, "height": 0, "axis": [], "rows": []}
    ends = [end for row in rated for end in (row["bt"], *(_ends(row) or ()))]
    low, high = _padded(min(ends), max(ends))

    def x(rating: float) -> float:
        return round(LEFT + (rating - low) / (high - low) * (WIDTH - LEFT - RIGHT), 2)

    rows = []
    for number, row in enumerate(rated):
        interval = _ends(row)
        rows.append(
            {
                "name": row["name"],
                "y": TOP + ROW * (number + 0.5),
                "x": x(row["bt"]),
                "low": x(interval[0]) if interval else None,
                "high": x(interval[1]) if interval else None,
                "value": row["bt"],
                "ci": interval,
            }
        )
    ticks = _ticks(low, high)
    return {
        "width": WIDTH,
        "height": TOP + ROW * len(rows) + FOOT,
        "top": TOP,
        "bottom": TOP + ROW * len(rows),
        "label_x": LEFT - 14,
        "value_x": WIDTH - RIGHT + 10,
        "axis": [{"x": x(tick), "label": f"{tick:g}"} for tick in ticks],
        "rows": rows,
    }


def _ends(row: dict[str, Any]) -> tuple[float, float] | None:
    interval = row.get("bt_ci")
    return (interval[0], interval[1]) if interval and None not in interval else None


def _padded(low: float, high: float) -> tuple[float, float]:
    margin = max((high - low) * 0.06, 10.0)
    return low - margin, high + margin


def _ticks(low: float, high: float) -> list[float]:
    """Three to eight round values within the range."""
    raw = (high - low) / 7
    magnitude = 10 ** math.floor(math.log10(raw))
    step = next(magnitude * factor for factor in (1, 2, 5, 10) if magnitude * factor >= raw)
    first = math.ceil(low / step) * step
    return [first + step * number for number in range(int((high - first) // step) + 1)]
