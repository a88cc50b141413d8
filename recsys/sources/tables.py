"""The tables of public sets, as data/README.md of a copy describes them: every refusal names file, line and mend."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

from recsys.core.errors import DatasetError, SourceError
from recsys.data.files import read_lines
from recsys.data.rows import shown


class Line:
    """One row of a table."""

    __slots__ = ("place", "values")

    def __init__(self, place: str, values: dict[str, str]) -> None:
        self.place = place
        self.values = values

    def __getitem__(self, column: str) -> str:
        return self.values[column]

    def refuse(self, column: str, problem: str, mend: str = "take the file as the source has it") -> NoReturn:
        raise SourceError(f"{self.place}, column {column}: {problem}; {mend}.")

    def required(self, column: str) -> str:
        value = self.values[column].strip()
        if not value:
            self.refuse(column, "it is empty")
        return value

    def integer(self, column: str) -> int:
        try:
            return int(self.values[column])
        except ValueError:
            self.refuse(column, f"{shown(self.values[column])} is not an integer")

    def number(self, column: str) -> float:
        try:
            value = float(self.values[column])
        except ValueError:
            self.refuse(column, f"{shown(self.values[column])} is not a number")
        if value - value != 0:  # NaN or infinity
            self.refuse(column, f"{shown(self.values[column])} is not a finite number")
        return value


def read_tsv(folder: Path, name: str, columns: Sequence[str]) -> Iterator[Line]:
    """Yield the rows of a file separated by tabs, packed or not: no quoting, no tab or line end inside a field."""
    rows = ((place, text.split("\t")) for place, text in _lines(folder, name))
    return _table(name, rows, columns)


def read_csv(folder: Path, name: str, columns: Sequence[str]) -> Iterator[Line]:
    """Yield the rows of a file separated by commas, packed or not, each on one line."""

    def rows() -> Iterator[tuple[str, list[str]]]:
        for place, text in _lines(folder, name):
            try:
                yield place, next(csv.reader([text], strict=True))
            except csv.Error as error:
                raise SourceError(f"{place} is not CSV: {error}; take the file as the source has it.") from error

    return _table(name, rows(), columns)


def _lines(folder: Path, name: str) -> Iterator[tuple[str, str]]:
    if not folder.is_dir():
        raise SourceError(f"{folder} is not a folder; name the one that holds {name}.")
    paths = [path for path in (folder / name, folder / f"{name}.gz") if path.is_file()]
    if not paths:
        raise SourceError(f"{folder / name} is missing, packed or not; name a folder that holds this public set.")
    try:
        yield from read_lines(paths[0])
    except DatasetError as error:
        raise SourceError(str(error)) from error


def _table(name: str, rows: Iterator[tuple[str, list[str]]], columns: Sequence[str]) -> Iterator[Line]:
    place, header = next(rows, (f"{name}, line 1", []))
    missing = [column for column in columns if column not in header]
    if missing:
        raise SourceError(f"{place}: the column {missing[0]} is missing; the table begins with {', '.join(columns)}.")
    for place, values in rows:
        if len(values) != len(header):
            raise SourceError(
                f"{place} has {len(values)} fields instead of {len(header)}; take the file as the source has it."
            )
        yield Line(place, dict(zip(header, values, strict=True)))
