"""What kind of file it is, found from its beginning, and how its rows are read."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from annotation.intake.columns import Columns
from annotation.intake.errors import IntakeError
from annotation.intake.fields import RawRow, RecordFields, table_fields
from annotation.intake.json_array import JsonArray
from annotation.intake.records import ONE_COLUMN, Fault, JsonLines, Table
from annotation.intake.source import Source

_DELIMITERS = (",", ";", "\t")
_LABEL_STUDIO_CSV = {"annotation_id", "annotator", "lead_time"}
_DOCCANO_CSV = {"id", "text", "data", "label", "Comments"}


@dataclass(frozen=True, slots=True)
class Position:
    """How far a file has been read: bytes of UTF-8, line ends and rows."""

    offset: int = 0
    lines: int = 0
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Format:
    """What was found out about a file.

    Attributes:
        name: for people: csv, tsv, label-studio-csv, doccano-csv, json-lines, doccano-json-lines,
            label-studio-json-lines, json or label-studio-json.
        delimiter: of a table; empty for JSON.
        columns: what is where in a table; in JSON what was stated, for each row may have other keys.
    """

    name: str
    delimiter: str
    columns: Columns

    @property
    def by_line(self) -> bool:
        """A row can be told by its line; an array of JSON may stand on one line as a whole."""
        return self.name not in ("json", "label-studio-json")

    @property
    def quotable(self) -> bool:
        """No user's name can slip into another column."""
        return not self.delimiter or self.columns.user is None


class _Reader(Protocol):
    @property
    def offset(self) -> int: ...
    @property
    def lines(self) -> int: ...
    def __iter__(self) -> Iterator[tuple[int, Any]]: ...


class Rows:
    """The rows of a file from a position on; `position` is the place behind the last one given."""

    def __init__(self, source: Source, format_: Format, position: Position) -> None:
        place = {"offset": position.offset, "lines": position.lines}
        self._pick: Callable[[Any], RawRow] = RecordFields(format_.columns)
        self._reader: _Reader
        if format_.delimiter:
            table = Table(source, format_.delimiter, **place)
            self._pick, self._reader = table_fields(table.header, format_.columns), table
        elif format_.by_line:
            self._reader = JsonLines(source, **place)
        else:
            self._reader = JsonArray(source, elements=position.rows, **place)
        self._kind = list if format_.delimiter else dict
        self._rows = position.rows

    @property
    def position(self) -> Position:
        return Position(self._reader.offset, self._reader.lines, self._rows)

    def __iter__(self) -> Iterator[tuple[int, int, RawRow | Fault]]:
        """Yield (number of the row, line on which it starts, what is in it)."""
        for line, record in self._reader:
            self._rows += 1
            if isinstance(record, self._kind):
                yield self._rows, line, self._pick(record)
            else:
                yield self._rows, line, record if isinstance(record, Fault) else _NO_OBJECT


_NO_OBJECT = Fault("not-json", "the element is not a JSON object; write it in curly brackets")


def detect(source: Source, columns: Columns) -> Format:
    """Find out the format from the beginning of a file.

    Raises:
        IntakeError: No column holds the text, or the first row cannot be read.
    """
    start = source.head.lstrip()[:1]
    if start == b"[":
        return _json_format("json", JsonArray(source), columns)
    if start == b"{":
        return _json_format("json-lines", JsonLines(source), columns)
    return _table_format(source, columns)


def _json_format(name: str, reader: _Reader, columns: Columns) -> Format:
    first = next((record for _, record in reader), None)
    if isinstance(first, Fault) and name == "json-lines":
        # a line in the middle may be wrong; with the first one wrong, the whole file is probably something else
        raise IntakeError(
            f"The first line cannot be read: {first.sentence}. JSON lines have one whole object per line."
        )
    if not isinstance(first, dict):
        raise IntakeError("The JSON array holds no objects; give a list of tasks, each in curly brackets.")
    data = first.get("data")
    if isinstance(data, dict):
        columns.found_in(tuple(data)).check_against(tuple(data))
        return Format(f"label-studio-{name}", "", columns)
    found = columns.found_in(tuple(first))
    if found.text is None:
        found.check_against(tuple(first))
    is_doccano = found.label is not None and isinstance(first.get(found.label), list) and name == "json-lines"
    return Format(f"doccano-{name}" if is_doccano else name, "", columns)


def _table_format(source: Source, columns: Columns) -> Format:
    first = next((line for line in source.head.splitlines() if line.strip()), b"").decode("utf-8", "replace")
    delimiter = _delimiter(first, columns)
    header = Table(source, delimiter).header
    found = columns.found_in(header)
    found.check_against(header)
    names = set(header)
    if names >= _LABEL_STUDIO_CSV:
        return Format("label-studio-csv", delimiter, found)
    if names <= _DOCCANO_CSV and {"id", "label"} <= names:
        return Format("doccano-csv", delimiter, found)
    return Format("tsv" if delimiter == "\t" else "csv", delimiter, found)


def _delimiter(first: str, columns: Columns) -> str:
    """The delimiter under which most columns are known, then the one that makes most columns."""

    def merit(delimiter: str) -> tuple[int, int]:
        names = _split(first, delimiter)
        return columns.known_in(names), len(names)

    best = max(_DELIMITERS, key=merit)
    return best if len(_split(first, best)) > 1 else ONE_COLUMN


def _split(line: str, delimiter: str) -> Sequence[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return [line]
