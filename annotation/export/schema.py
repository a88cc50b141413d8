"""The columns of a kind of record, and the checks that every file of such records passes through."""

import math
import types
from collections.abc import Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

from annotation.export.errors import ExportError

Record = TypeVar("Record")
Cell = str | int | float | bool | None
_WORDS: dict[type, str] = {str: "text", int: "a whole number", float: "a finite number", bool: "true or false"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file.

    Attributes:
        type: str, int, float or bool.
        optional: whether a cell may be None; text is never None but empty, so that CSV loses nothing.
    """

    name: str
    type: type
    optional: bool = False

    def cell(self, value: Any) -> Cell:
        """The value as exactly this column's type; a whole number is taken for a float, nothing else is converted.

        Raises:
            ExportError: The value is of another type, not finite, or text that UTF-8 or a database cannot hold.
        """
        if value is None and self.optional:
            return None
        if self.type is float and type(value) is int:
            value = float(value)
        # bool is an int to Python, and true is no count
        fits = isinstance(value, self.type) and (self.type is bool or not isinstance(value, bool))
        if not fits or (self.type is float and not math.isfinite(value)):
            raise ExportError(f"`{self.name}` must be {_WORDS[self.type]}, got {value!r}.")
        if self.type is str:
            return self._text(str.__str__(value))
        plain: Cell = self.type(value)
        return plain

    def cells(self, values: Sequence[Any], *, first: int = 1) -> Sequence[Cell]:
        """The same for many values at once, fast when all are of the right type already.

        Args:
            first: the number of the first value's record, for the error.
        """
        found = set(map(type, values))
        if self.optional:
            found.discard(types.NoneType)
        if found <= {self.type}:
            if self.type is str and _encodable("".join(values)):
                return values
            if self.type is float and all(map(math.isfinite, (value for value in values if value is not None))):
                return values
            if self.type in (int, bool):
                return values
        return [self._numbered(value, number) for number, value in enumerate(values, first)]

    def _numbered(self, value: Any, number: int) -> Cell:
        try:
            return self.cell(value)
        except ExportError as error:
            raise ExportError(f"Record {number}: {error}") from None

    def _text(self, value: str) -> str:
        if not _encodable(value):
            raise ExportError(f"`{self.name}` holds a NUL or half a surrogate pair, got {value!r}; remove it.")
        return value


@dataclass(frozen=True, slots=True)
class Schema(Generic[Record]):
    """A kind of record and its columns, in the order of every file."""

    record: type[Record]
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def table(self, records: Sequence[Record], *, first: int = 1) -> list[Sequence[Cell]]:
        """The records as one checked sequence of cells per column.

        Args:
            records: at least one.
            first: the number of the first record in its file, for the error.

        Raises:
            ExportError: A cell does not fit its column.
        """
        rows = map(attrgetter(*self.names), records)
        return [
            column.cells(values, first=first)
            for column, values in zip(self.columns, zip(*rows, strict=True), strict=True)
        ]


def schema_of(record: type[Record]) -> Schema[Record]:
    """Read the columns off a dataclass whose fields are str, int, float or bool, the last three perhaps or None.

    Raises:
        TypeError: A field has another type, or there are fewer than two.
    """
    hints = get_type_hints(record)
    columns = tuple(_column(field.name, hints[field.name]) for field in fields(record))  # type: ignore[arg-type]
    if len(columns) < 2:
        raise TypeError(f"{record.__name__} has {len(columns)} fields; a file of records needs at least 2.")
    return Schema(record, columns)


def _column(name: str, hint: Any) -> Column:
    choices = set(get_args(hint)) if get_origin(hint) in (Union, types.UnionType) else {hint}
    optional = types.NoneType in choices
    choices.discard(types.NoneType)
    if len(choices) != 1 or not choices <= _WORDS.keys() or (optional and choices == {str}):
        raise TypeError(f"Field `{name}` is {hint}; make it str, int, float or bool, or one of the last three or None.")
    return Column(name, choices.pop(), optional)


def _encodable(text: str) -> bool:
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False
