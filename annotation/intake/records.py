"""Reading lines: JSON lines and tables, one row in memory, a fault in a row staying with that row."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from annotation.intake.errors import IntakeError
from annotation.intake.source import Source

LINE_LIMIT = 1 << 20
"""Bytes of one line. A longer one is damage, and must not be pulled into memory to find out."""
ROW_LIMIT = 1 << 16
"""Characters of one table row over all its lines. More means a quote that nobody closed."""
ONE_COLUMN = "\x1f"
"""Stands for the delimiter of a table with one column: commas in it are part of the text."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row cannot be read at all. `sentence` never quotes the row: it may hold a user's name."""

    kind: str
    sentence: str


class _Lines:
    """Decoded lines with their numbers; those taken for a row that failed can be given back.

    Attributes:
        offset: bytes of UTF-8 up to the end of the lines given.
        lines: number of the last line given.
    """

    def __init__(self, source: Source, offset: int, lines: int) -> None:
        self._source = source
        self._again: list[tuple[str, int]] = []
        self._row: list[tuple[str, int]] = []
        self._length = 0
        self.offset, self.lines = offset, lines
        source.seek(offset)

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        text, size = self._again.pop() if self._again else self._read()
        self._row.append((text, size))
        self._length += len(text)
        self.offset += size
        self.lines += 1
        if self._length > ROW_LIMIT and len(self._row) > 1:
            raise _Refused("quote", "a quote is opened and not closed; close it, or double the quotes inside the text")
        return text

    def begin_row(self) -> None:
        """Forget the lines of the last row."""
        self._row.clear()
        self._length = 0

    def give_back_all_but_first(self) -> None:
        """The next row begins on the line after the one on which this one began."""
        for text, size in reversed(self._row[1:]):
            self._again.append((text, size))
            self.offset -= size
            self.lines -= 1
        self.begin_row()

    def _read(self) -> tuple[str, int]:
        raw = self._source.readline(LINE_LIMIT + 1)
        if not raw:
            raise StopIteration
        size = len(raw)
        if size > LINE_LIMIT and not raw.endswith(b"\n"):
            while rest := self._source.readline(LINE_LIMIT):
                size += len(rest)
                if rest.endswith(b"\n"):
                    break
            self.offset += size
            self.lines += 1
            raise _Refused("long-line", f"the line is longer than {LINE_LIMIT} bytes; split or shorten it")
        try:
            return raw.decode(), size
        except UnicodeDecodeError as error:
            self.offset += size
            self.lines += 1
            byte = f"byte {error.start + 1} of the line is 0x{raw[error.start]:02X}"
            raise _Refused("not-utf-8", f"{byte}, which is not UTF-8; save the file as UTF-8") from error


class _Refused(Exception):  # noqa: N818 — it never leaves this module
    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(sentence)
        self.fault = Fault(kind, sentence)


class JsonLines:
    """One JSON object per line; blank lines are passed."""

    def __init__(self, source: Source, *, offset: int = 0, lines: int = 0) -> None:
        self._lines = _Lines(source, offset, lines)

    @property
    def offset(self) -> int:
        return self._lines.offset

    @property
    def lines(self) -> int:
        return self._lines.lines

    def __iter__(self) -> Iterator[tuple[int, object]]:
        """Yield (line number, dict or `Fault`)."""
        while True:
            self._lines.begin_row()
            try:
                text = next(self._lines)
                if text.isspace():
                    continue
                yield self.lines, _json_object(text)
            except StopIteration:
                return
            except _Refused as refused:
                yield self.lines, refused.fault


def _json_object(text: str) -> dict[str, object]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise _Refused("not-json", f"not JSON at column {error.colno} ({error.msg}); correct the line") from error
    except (ValueError, RecursionError) as error:
        raise _Refused("not-json", f"cannot be read as JSON ({type(error).__name__}); correct the line") from error
    if not isinstance(value, dict):
        raise _Refused("not-json", "not a JSON object; write the line in curly brackets")
    return value


class Table:
    """Rows of a CSV or TSV file with a header (RFC 4180); a row may go over several lines.

    Attributes:
        header: names of the columns, in order.
    """

    def __init__(self, source: Source, delimiter: str, *, offset: int = 0, lines: int = 0) -> None:
        """Read the header, and go to the place where to go on.

        Raises:
            IntakeError: The header cannot be read.
        """
        self._delimiter = delimiter
        self._lines = _Lines(source, 0, 0)
        try:
            self.header: list[str] = next((row for row in self._reader() if row), [])
        except (_Refused, csv.Error) as error:
            raise IntakeError(f"The header cannot be read: {error}; correct the first line.") from error
        if offset:
            self._lines = _Lines(source, offset, lines)

    @property
    def offset(self) -> int:
        return self._lines.offset

    @property
    def lines(self) -> int:
        return self._lines.lines

    def __iter__(self) -> Iterator[tuple[int, list[str] | Fault]]:
        """Yield (line on which the row starts, its cells or `Fault`)."""
        reader, width = self._reader(), len(self.header)
        while True:
            self._lines.begin_row()
            line = self.lines + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except _Refused as refused:
                fault = refused.fault
            except csv.Error as error:
                fault = _csv_fault(error)
            else:
                if row:
                    yield line, row if len(row) == width else _cells(row, width)
                continue
            # the reader is in the middle of a row that is none: a new one begins on the next line
            self._lines.give_back_all_but_first()
            reader = self._reader()
            yield line, fault

    def _reader(self) -> Iterator[list[str]]:
        return csv.reader(self._lines, delimiter=self._delimiter, strict=True)


def _cells(row: Sequence[str], width: int) -> Fault:
    return Fault("cells", f"it has {len(row)} cells where the header has {width}; quote the text that holds delimiters")


def _csv_fault(error: csv.Error) -> Fault:
    if "unexpected end of data" in str(error):
        return Fault("quote", "a quote is opened and not closed; close it, or double the quotes inside the text")
    if "field limit" in str(error):
        return Fault("cells", f"a cell has more than {csv.field_size_limit()} characters; shorten it")
    if "new-line character" in str(error):
        return Fault("line-end", "it holds a bare carriage return; end lines with a line feed or quote the text")
    return Fault("quote", "a quoted cell goes on after its closing quote; double the quotes inside the text")
