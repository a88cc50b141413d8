"""Who beat whom: a cell per pair, shaded by the share of wins of its row."""

from collections.abc import Iterator
from typing import Any

from evaluation.reporting.drawing import Drawing, Line, Rectangle, Shape, Text, fitting
from evaluation.reporting.words import words

WIDTH, LEFT, TOP, ROW = 720.0, 210.0, 46.0, 34.0
COUNTS_FIT = 8  # systems; beyond, a cell has room for a share alone


def matrix_plot(matrix: dict[str, Any] | None, language: str = "en") -> Drawing | None:
    """Draw the win matrix of an analysis; None where nothing was judged.

    Args:
        matrix: `systems`, `wins` (row over column) and `ties`.
        language: of the headings.
    """
    if not matrix or not any(map(any, matrix["wins"] + matrix["ties"])):
        return None
    say, names = words(language), matrix["systems"]
    width = min(84.0, (WIDTH - LEFT - 6) / len(names))
    counts = len(names) <= COUNTS_FIT
    shapes: list[Shape] = [Text(LEFT, 16, say("matrix_counts" if counts else "matrix_shares"), "note")]
    for column in range(len(names)):
        shapes.append(Text(LEFT + width * (column + 0.5), TOP - 8, str(column + 1), "heading", "middle"))
    told = []
    for row, name in enumerate(names):
        y = TOP + ROW * row
        label = f"{row + 1}  {fitting(name, LEFT - 40, 14)}"
        shapes.append(Text(LEFT - 12, y + ROW / 2 + 5, label, "name", "end"))
        for column, other in enumerate(names):
            box = Rectangle(LEFT + width * column, y, width, ROW, "cell")
            cell = (matrix["wins"][row][column], matrix["wins"][column][row], matrix["ties"][row][column])
            shapes += _cell(box, None if row == column else cell, counts)
            if row < column and sum(cell):
                told.append(f"{name} – {other}: {cell[0]} / {cell[2]} / {cell[1]}")
    height = TOP + ROW * len(names) + 10
    return Drawing(LEFT + width * len(names) + 6, height, say("matrix_plot"), "; ".join(told), tuple(shapes))


def _cell(box: Rectangle, cell: tuple[int, int, int] | None, counts: bool) -> Iterator[Shape]:
    yield box
    if cell is None:
        yield Line(box.x, box.y + box.height, box.x + box.width, box.y, "grid")
        return
    wins, losses, ties = cell
    met = wins + losses + ties
    middle = box.x + box.width / 2
    if not met:
        yield Text(middle, box.y + box.height / 2 + 4, "–", "note", "middle")
        return
    share = (wins + ties / 2) / met
    if (step := round(10 * share)) >= 6:
        yield Rectangle(box.x, box.y, box.width, box.height, f"heat-{step}")
    text = f"{wins} ({ties})" if counts else f"{100 * share:.0f}"
    yield Text(middle, box.y + box.height / 2 + 5, text, "cell-text", "middle")
