"""The course of the ratings: a panel per system, with its interval, and the online rating beside it."""

from collections.abc import Iterator, Sequence
from typing import Any

from evaluation.reporting.drawing import Circle, Drawing, Line, Path, Shape, Text, fitting, text_width
from evaluation.reporting.figures import span, whole
from evaluation.reporting.plots.axes import Axis, padded
from evaluation.reporting.words import words

WIDTH, COLUMNS, LEFT, GAP = 720.0, 2, 48.0, 56.0
TOP, TITLE, PANEL, FOOT = 40.0, 22.0, 96.0, 34.0


def over_time_plot(course: dict[str, Any] | None, names: Sequence[str], language: str = "en") -> Drawing | None:
    """Draw the ratings at growing numbers of judgments; None where no point has a rating.

    Args:
        course: `over_time` of the report.
        names: the systems, in the order of the panels.
        language: of the headings.
    """
    points = course["points"] if course else []
    if not any(system["bt"] is not None for point in points for system in point["systems"]):
        return None
    say = words(language)
    shown = [name for name in names if any(row["bt"] is not None for row in _course(points, name))]
    values = [1500.0, *_values(points, shown)]
    wide = (WIDTH - LEFT - GAP * (COLUMNS - 1) - 8) / COLUMNS
    shapes: list[Shape] = list(_key(say("rating_with_interval"), say("elo_online")))
    lines = -(-len(shown) // COLUMNS)
    for number, name in enumerate(shown):
        line, column = divmod(number, COLUMNS)
        left, top = LEFT + column * (wide + GAP), TOP + TITLE + line * (TITLE + PANEL + FOOT)
        x = Axis(0.0, float(points[-1]["judgments"]), left, left + wide)
        y = padded(values, top + PANEL, top)
        shapes.append(Text(left, top - 8, fitting(name, wide, 13), "heading"))
        shapes += _frame(x, y, top)
        shapes += _panel(points, _course(points, name), x, y)
    last = {row["name"]: row for row in points[-1]["systems"]}
    told = "; ".join(f"{name}: {whole(last[name]['bt'])} ({span(last[name]['bt_ci'])})" for name in shown)
    height = TOP + lines * (TITLE + PANEL + FOOT) + 6
    return Drawing(WIDTH, height, say("over_time_plot"), told, tuple(shapes))


def _course(points: Sequence[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [next(row for row in point["systems"] if row["name"] == name) for point in points]


def _values(points: Sequence[dict[str, Any]], names: Sequence[str]) -> Iterator[float]:
    """What the axis must hold: all ratings, and the intervals after a quarter of the judgments; the first are wide."""
    for point in points:
        for row in point["systems"]:
            if row["name"] in names:
                yield row["elo"]
                yield from () if row["bt"] is None else (row["bt"],)
                if row["bt_ci"] and 4 * point["judgments"] >= points[-1]["judgments"]:
                    yield from row["bt_ci"]


def _key(rating: str, elo: str) -> Iterator[Shape]:
    yield Line(LEFT, 18, LEFT + 30, 18, "course")
    yield Text(LEFT + 38, 22, rating, "note")
    after = LEFT + 38 + text_width(rating, 12) + 24
    yield Line(after, 18, after + 30, 18, "course-second")
    yield Text(after + 38, 22, elo, "note")


def _frame(x: Axis, y: Axis, top: float) -> Iterator[Shape]:
    for tick in y.ticks(5):
        yield Line(x.start, y(tick), x.end, y(tick), "grid")
        yield Text(x.start - 8, y(tick) + 4, whole(tick), "tick", "end")
    for tick in x.ticks(5):
        yield Line(x(tick), top + PANEL, x(tick), top + PANEL + 4, "grid")
        yield Text(x(tick), top + PANEL + 18, whole(tick), "tick", "middle")


def _panel(points: Sequence[dict[str, Any]], rows: Sequence[dict[str, Any]], x: Axis, y: Axis) -> Iterator[Shape]:
    at = [x(point["judgments"]) for point in points]
    banded = [(place, row) for place, row in zip(at, rows, strict=True) if row["bt_ci"]]
    if len(banded) > 1:
        upper = [(place, y(min(row["bt_ci"][1], y.high))) for place, row in banded]
        lower = [(place, y(max(row["bt_ci"][0], y.low))) for place, row in reversed(banded)]
        yield Path((*upper, *lower), "band", closed=True)
    elo = [(x(0), y(1500.0)), *((place, y(row["elo"])) for place, row in zip(at, rows, strict=True))]
    yield Path(tuple(elo), "course-second")
    rated = [(place, y(row["bt"])) for place, row in zip(at, rows, strict=True) if row["bt"] is not None]
    if len(rated) > 1:
        yield Path(tuple(rated), "course")
    for place, height in rated[-1:]:
        yield Circle(place, height, 4, "dot")
