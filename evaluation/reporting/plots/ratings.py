"""Ratings with their intervals, and beside them the ranks that hold for all systems at once."""

from collections.abc import Iterator, Sequence
from typing import Any

from evaluation.reporting.drawing import Circle, Drawing, Line, Shape, Text, fitting
from evaluation.reporting.figures import span, whole
from evaluation.reporting.plots.axes import Axis, padded
from evaluation.reporting.words import words

WIDTH, LEFT, RIGHT, GAP = 720.0, 190.0, 500.0, 62.0
TOP, ROW, FOOT = 40.0, 38.0, 34.0


def ranked(systems: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The systems, best rating first; those without a rating last, by name."""
    return sorted(systems, key=lambda row: (row["bt"] is None, -(row["bt"] or 0.0), row["name"]))


def rating_plot(systems: Sequence[dict[str, Any]], language: str = "en") -> Drawing | None:
    """Draw Bradley-Terry ratings, best first, and rank intervals; None where no system is rated.

    Args:
        systems: rows of the analysis with `name`, `bt`, `bt_ci` and `rank_ci` (each but the name may be None).
        language: of the headings.
    """
    say = words(language)
    rated = [row for row in ranked(systems) if row["bt"] is not None]
    if not rated:
        return None
    bottom = TOP + ROW * len(rated)
    x = padded([end for row in rated for end in (row["bt"], *(row.get("bt_ci") or ()))], LEFT, RIGHT)
    has_ranks = any(row.get("rank_ci") for row in rated)
    shapes = [*_axis(x, bottom), Text(LEFT, 22, say("rating_with_interval"), "heading")]
    if has_ranks:
        shapes += _ranks(rated, bottom, say("simultaneous_rank"))
    for number, row in enumerate(rated):
        shapes += _row(row, x, TOP + ROW * (number + 0.5))
    told = "; ".join(
        f"{row['name']}: {whole(row['bt'])} ({span(row.get('bt_ci'))}), "
        f"{say('rank')} {span(row.get('rank_ci'), 'rank')}"
        for row in rated
    )
    width = WIDTH if has_ranks else RIGHT + GAP
    return Drawing(width, bottom + FOOT, say("rating_plot"), told, tuple(shapes))


def _axis(x: Axis, bottom: float) -> Iterator[Shape]:
    for tick in x.ticks(6):
        yield Line(x(tick), TOP, x(tick), bottom, "grid")
        yield Text(x(tick), bottom + 22, whole(tick), "tick", "middle")


def _row(row: dict[str, Any], x: Axis, y: float) -> Iterator[Shape]:
    yield Text(LEFT - 14, y + 5, fitting(row["name"], LEFT - 18, 14), "name", "end")
    if ends := row.get("bt_ci"):
        yield Line(x(ends[0]), y, x(ends[1]), y, "interval")
    yield Circle(x(row["bt"]), y, 6, "dot")
    yield Text(RIGHT + 10, y + 5, whole(row["bt"]), "value")


def _ranks(rated: Sequence[dict[str, Any]], bottom: float, heading: str) -> Iterator[Shape]:
    worst = max(row["rank_ci"][1] for row in rated if row.get("rank_ci"))
    x = Axis(0.5, max(worst, len(rated)) + 0.5, RIGHT + GAP, WIDTH - 10)
    yield Text(RIGHT + GAP, 22, heading, "heading")
    every = 1 if x.high <= 10 else 5
    for rank in range(1, int(x.high) + 1):
        if rank == 1 or rank % every == 0:
            yield Line(x(rank), TOP, x(rank), bottom, "grid")
            yield Text(x(rank), bottom + 22, str(rank), "tick", "middle")
    for number, row in enumerate(rated):
        if ends := row.get("rank_ci"):
            y = TOP + ROW * (number + 0.5)
            low, high = x(ends[0]), x(ends[1])
            yield Line(low - 0.01, y, high + 0.01, y, "rank")  # a point of its own length is not painted everywhere
