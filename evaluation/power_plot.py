"""Where the curves of power against participants stand, in units of the drawing. Core: no Django."""

import math
from collections.abc import Sequence
from typing import Any

WIDTH, HEIGHT, LEFT, RIGHT, TOP, FOOT = 720.0, 340.0, 56.0, 92.0, 18.0, 52.0
LABEL_APART = 18.0


def power_plot(
    participants: Sequence[int], curves: Sequence[tuple[float, Sequence[float]]], *, target: float, enough: int | None
) -> dict[str, Any]:
    """Lay out one curve for each gap over the same numbers of participants.

    Args:
        participants: ascending, where the curves are known; at least two.
        curves: gap and power at each of them, the planned gap first.
        target: wanted power, a dashed line.
        enough: participants who reach it with the planned gap, a mark; None if they are not in the picture.
    """
    most = participants[-1]
    bottom = HEIGHT - FOOT

    def x(people: float) -> float:
        return round(LEFT + people / most * (WIDTH - LEFT - RIGHT), 2)

    def y(power: float) -> float:
        return round(bottom - power * (bottom - TOP), 2)

    lines = [
        {
            "gap": gap,
            "planned": number == 0,
            "points": " ".join(f"{x(n):g},{y(power):g}" for n, power in zip(participants, powers, strict=True)),
            "label_y": y(powers[-1]),
        }
        for number, (gap, powers) in enumerate(curves)
    ]
    _push_apart(lines)
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "top": TOP,
        "bottom": bottom,
        "label_x": WIDTH - RIGHT + 10,
        "middle_x": (LEFT + WIDTH - RIGHT) / 2,
        "participants": [{"x": x(tick), "label": tick} for tick in _ticks(most)],
        "powers": [{"y": y(share), "share": share} for share in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)],
        "target_y": y(target),
        "enough": None if enough is None or enough > most else {"x": x(enough), "y": y(target), "n": enough},
        "lines": lines,
    }


def _push_apart(lines: list[dict[str, Any]]) -> None:
    """Labels of curves that end together stand one below the other, the larger gap above."""
    above = TOP - LABEL_APART
    for line in sorted(lines, key=lambda line: (line["label_y"], -line["gap"])):
        line["label_y"] = above = max(line["label_y"], above + LABEL_APART)


def _ticks(most: int) -> list[int]:
    """Zero and three to seven round whole numbers."""
    raw = most / 6
    magnitude = 10 ** math.floor(math.log10(max(raw, 1)))
    step = next(magnitude * factor for factor in (1, 2, 5, 10) if magnitude * factor >= raw)
    return list(range(0, most + 1, step))
