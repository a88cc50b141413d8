"""A table and a section of a report, before anybody sets them: text cells in one language."""

from dataclasses import dataclass
from typing import Literal

from evaluation.reporting.drawing import Drawing

Kind = Literal["text", "number"]


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    kind: Kind = "number"


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as they are printed.

    Attributes:
        name: of its file, in ASCII.
        caption: one line.
        columns: of every row.
        rows: a cell per column.
        note: how the figures were reached; below the table.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report.

    Attributes:
        key: its name in ids and files, in ASCII.
        title: its heading.
        paragraphs: before plot and tables.
        plot: None where there is nothing to draw.
        tables: those that have rows.
    """

    key: str
    title: str
    paragraphs: tuple[str, ...] = ()
    plot: Drawing | None = None
    tables: tuple[Table, ...] = ()
