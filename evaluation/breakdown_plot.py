"""Where the dots and intervals of the plot by kind of query stand, in units of the drawing. Core: no Django."""

from typing import Any

WIDTH, LEFT, RIGHT, TOP, ROW, FOOT = 720.0, 190.0, 40.0, 16.0, 56.0, 34.0
APART = 9.0
"""Of the two halves' marks from the middle of the row."""


def breakdown_plot(halves: list[dict[str, Any]]) -> dict[str, Any]:
    """Lay out the win rates of each system in the two halves, one above the other; systems without any are left out.

    Args:
        halves: the groups of the two halves, with `systems` of `name`, `win_rate` and `win_rate_ci` (each may be None).
    """
    names = list(dict.fromkeys(system["name"] for half in halves for system in half["systems"]))
    rows: list[dict[str, Any]] = []
    for name in names:
        middle = TOP + ROW * (len(rows) + 0.5)
        marks = [
            _mark(system, number, middle + (2 * number - 1) * APART)
            for number, half in enumerate(halves)
            for system in half["systems"]
            if system["name"] == name and system["win_rate"] is not None
        ]
        if marks:
            rows.append({"name": name, "y": middle, "marks": marks})
    bottom = TOP + ROW * len(rows)
    return {
        "width": WIDTH,
        "height": bottom + FOOT if rows else 0,
        "top": TOP,
        "bottom": bottom,
        "label_x": LEFT - 14,
        "middle_x": _x(0.5),
        "axis": [{"x": _x(share), "share": share} for share in (0.0, 0.25, 0.5, 0.75, 1.0)],
        "rows": rows,
    }


def _mark(system: dict[str, Any], half: int, y: float) -> dict[str, Any]:
    ends = system["win_rate_ci"]
    return {
        "half": half,
        "y": y,
        "x": _x(system["win_rate"]),
        "low": _x(ends[0]) if ends else None,
        "high": _x(ends[1]) if ends else None,
        "value": system["win_rate"],
        "ci": ends,
    }


def _x(share: float) -> float:
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 2)
