"""Shares with their intervals, a row per system and one or two marks in a row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evaluation.reporting.drawing import Circle, Drawing, Line, Shape, Text, fitting, text_width
from evaluation.reporting.figures import percent, span
from evaluation.reporting.plots.axes import Axis

WIDTH, LEFT, RIGHT, TOP, ROW, FOOT = 720.0, 190.0, 40.0, 16.0, 40.0, 34.0
KEY, APART = 26.0, 8.0
ROLES = (("interval", "dot"), ("interval-second", "dot-second"))


@dataclass(frozen=True, slots=True)
class Mark:
    """A share between 0 and 1 and the ends of its interval, None where there is none."""

    share: float
    ends: Sequence[float] | None


@dataclass(frozen=True, slots=True)
class ShareRow:
    """A name and a mark for each key; None where there is none."""

    name: str
    marks: tuple[Mark | None, ...]


def share_plot(
    rows: Sequence[ShareRow],
    *,
    title: str,
    keys: Sequence[str] = (),
    high: float = 1.0,
    even: float | None = 0.5,
    language: str = "en",
) -> Drawing | None:
    """Draw the rows that have a mark, in the order given; None where there is none.

    Args:
        rows: one or two marks each.
        title: what the shares are.
        keys: what the first and the second mark stand for, where there are two.
        high: the end of the axis, which starts at 0.
        even: a share to compare with, drawn as a dashed line.
        language: of the figures.
    """
    drawn = [row for row in rows if any(row.marks)]
    if not drawn:
        return None
    top = TOP + (KEY if len(keys) > 1 else 0.0)
    height = ROW + (12.0 if len(keys) > 1 else 0.0)
    bottom = top + height * len(drawn)
    x = Axis(0.0, high, LEFT, WIDTH - RIGHT)
    shapes = [*_key(keys), *_axis(x, top, bottom, even, language)]
    for number, row in enumerate(drawn):
        shapes += _row(row, x, top + height * (number + 0.5), APART if len(keys) > 1 else 0.0)
    return Drawing(WIDTH, bottom + FOOT, title, _told(drawn, keys, language), tuple(shapes))


def breakdown_plot(halves: Sequence[dict[str, Any]], titles: Sequence[str], title: str, language: str = "en") -> Any:
    """Win rates of each system in the two halves of a breakdown, a row per system that has one."""
    names = list(dict.fromkeys(system["name"] for half in halves for system in half["systems"]))
    by_name = [{system["name"]: system for system in half["systems"]} for half in halves]
    rows = [ShareRow(name, tuple(_mark(half.get(name)) for half in by_name)) for name in names]
    return share_plot(rows, title=title, keys=titles, language=language)


def _mark(system: dict[str, Any] | None) -> Mark | None:
    if system is None or system["win_rate"] is None:
        return None
    return Mark(system["win_rate"], system["win_rate_ci"])


def _key(keys: Sequence[str]) -> Iterator[Shape]:
    x = LEFT
    if len(keys) > 1:
        for key, (_, dot) in zip(keys, ROLES, strict=False):
            yield Circle(x + 6, 18, 6, dot)
            yield Text(x + 20, 23, key, "name")
            x += 44 + text_width(key, 14)


def _axis(x: Axis, top: float, bottom: float, even: float | None, language: str) -> Iterator[Shape]:
    ticks = (0.0, 0.25, 0.5, 0.75, 1.0) if x.high == 1.0 else x.ticks(6)
    places = 0 if x.high >= 0.05 else 1
    for tick in ticks:
        yield Line(x(tick), top, x(tick), bottom, "grid")
        yield Text(x(tick), bottom + 22, percent(tick, places, language=language), "tick", "middle")
    if even is not None:
        yield Line(x(even), top, x(even), bottom, "even")


def _row(row: ShareRow, x: Axis, y: float, apart: float) -> Iterator[Shape]:
    yield Text(LEFT - 14, y + 5, fitting(row.name, LEFT - 18, 14), "name", "end")
    for number, mark in enumerate(row.marks):
        if mark is None:
            continue
        interval, dot = ROLES[number]
        at = y + (2 * number - 1) * apart
        if mark.ends:
            yield Line(x(max(mark.ends[0], x.low)), at, x(min(mark.ends[1], x.high)), at, interval)
        yield Circle(x(mark.share), at, 6, dot)


def _told(rows: Sequence[ShareRow], keys: Sequence[str], language: str) -> str:
    parts = []
    for row in rows:
        for number, mark in enumerate(row.marks):
            if mark:
                key = f", {keys[number]}" if len(keys) > 1 else ""
                ends = f" ({span(mark.ends, 'percent', language=language)})" if mark.ends else ""
                parts.append(f"{row.name}{key}: {percent(mark.share, language=language)}{ends}")
    return "; ".join(parts)
