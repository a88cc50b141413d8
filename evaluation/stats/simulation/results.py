"""The table that a simulation gives: estimates with their Monte-Carlo errors beside the values wanted."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from evaluation.stats.arrays import FloatArray
from evaluation.stats.errors import StatisticsError

Progress = Callable[[str, int, int], None]
"""Called as `progress(cell, done, total)`."""


def silent(step: str, done: int, total: int) -> None:
    """Where nobody watches."""


class CellError(StatisticsError):
    """A cell that the table does not have."""


@dataclass(frozen=True)
class Estimate:
    """A mean over simulated studies and its standard error."""

    value: float
    error: float

    @classmethod
    def rate(cls, held: float, runs: float) -> "Estimate":
        """A share of `runs` independent cases. Its error is never 0: at the ends it is that of one case in between."""
        share = held / runs
        inside = min(max(share, 1 / (runs + 1)), 1 - 1 / (runs + 1))
        return cls(share, float(np.sqrt(inside * (1 - inside) / runs)))

    @classmethod
    def mean(cls, values: Sequence[float] | FloatArray) -> "Estimate":
        """The mean of one number per study, which may well depend on each other within it."""
        array = np.asarray(values, dtype=float)
        error = float(array.std(ddof=1) / np.sqrt(len(array))) if len(array) > 1 else float("nan")
        return cls(float(array.mean()), error)


@dataclass(frozen=True)
class Column:
    """What is estimated.

    Attributes:
        key: short name, that of the JSON.
        label: the same in words.
        nominal: the value that would be right; None where there is none.
        low: the least allowed; None where nothing is promised.
        high: the most allowed.
        digits: after the point, in print.
    """

    key: str
    label: str
    nominal: float | None = None
    low: float | None = None
    high: float | None = None
    digits: int = 3


@dataclass(frozen=True)
class Row:
    """A cell of the design: its name, what it is, and an estimate per column; a column may be left out."""

    cell: str
    design: str
    runs: int
    values: dict[str, Estimate]


@dataclass(frozen=True)
class Simulation:
    """A table of simulated estimates."""

    name: str
    title: str
    seed: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def outside(self) -> tuple[str, ...]:
        """A sentence for each estimate outside what its column allows, and whether chance may have put it there."""
        return tuple(
            f"{column.label}, {row.cell}: {_cell(column, value)} is not {_span(column)}"
            + (
                ""
                if abs(value.value - _nearest(column, value.value)) > 2 * value.error
                else ", by less than two errors"
            )
            for column in self.columns
            for row in self.rows
            if (value := row.values.get(column.key)) is not None and value.value != _nearest(column, value.value)
        )

    def as_json(self) -> dict[str, Any]:
        """Plain lists, dictionaries, strings and finite numbers."""
        rows = [
            {
                "cell": row.cell,
                "design": row.design,
                "runs": row.runs,
                "values": {
                    key: {"value": value.value, "error": value.error if np.isfinite(value.error) else None}
                    for key, value in row.values.items()
                },
            }
            for row in self.rows
        ]
        return {
            "simulation": self.name,
            "title": self.title,
            "seed": self.seed,
            "columns": [asdict(column) for column in self.columns],
            "rows": rows,
            "outside": list(self.outside),
        }

    def lines(self) -> list[str]:
        """The table for reading: values with their errors, the nominal line below, then what is outside."""
        header = ["", "runs", *(column.label for column in self.columns)]
        body = [
            [row.design, str(row.runs), *(_cell(column, row.values.get(column.key)) for column in self.columns)]
            for row in self.rows
        ]
        nominal = ["nominal", "", *(_number(column, column.nominal) for column in self.columns)]
        wanted = ["wanted", "", *(_span(column) for column in self.columns)]
        table = [header, *body, nominal, wanted]
        widths = [max(len(line[at]) for line in table) for at in range(len(header))]
        printed = [
            "  ".join(
                text.ljust(width) if not at else text.rjust(width)
                for at, (text, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in table
        ]
        return [
            f"{self.title}; seed {self.seed}; in brackets the Monte-Carlo error",
            "",
            *printed,
            "",
            *self._verdict(),
        ]

    def _verdict(self) -> list[str]:
        if self.outside:
            return [f"! {sentence}" for sentence in self.outside]
        return ["Every estimate is within what is wanted."]


def chosen(cells: Sequence[str], wanted: Iterable[str] | None) -> list[str]:
    """The cells asked for, in the table's order; all if nobody asked.

    Raises:
        CellError: The table has no such cell.
    """
    if wanted is None:
        return list(cells)
    names = list(wanted)
    for name in names:
        if name not in cells:
            raise CellError(f"There is no cell {name!r} in this table; choose from {', '.join(cells)}.")
    return [cell for cell in cells if cell in names]


def _nearest(column: Column, value: float) -> float:
    """The allowed value nearest to this one."""
    low = -np.inf if column.low is None else column.low
    high = np.inf if column.high is None else column.high
    return float(min(max(value, low), high))


def _span(column: Column) -> str:
    low, high = _number(column, column.low), _number(column, column.high)
    if column.low is None:
        return f"at most {high}" if high else ""
    return f"{low} to {high}" if high else f"at least {low}"


def _number(column: Column, value: float | None) -> str:
    return "" if value is None else f"{value:.{column.digits}f}"


def _cell(column: Column, value: Estimate | None) -> str:
    return "-" if value is None else f"{value.value:.{column.digits}f} ({value.error:.{column.digits}f})"
