"""CSV, JSON lines and Parquet, each as an encoder that takes a batch of rows and gives the bytes so far.

The same rows in the same batches give the same bytes: no clock, no chance, no order but the given one. Parquet names
the version of the library that wrote it, so there it holds for one version of pyarrow.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar, Protocol

from annotation.export.formula_cells import defuse
from annotation.export.schema import Cell, Column, Schema

Table = Sequence[Sequence[Cell]]
"""One sequence of cells per column, as `Schema.table` gives them."""


class Encoder(Protocol):
    """Rows to bytes; what the three methods return, put together in order, is the file."""

    batch: ClassVar[int]
    """Rows to hand over at once; all that is held in memory."""

    def start(self) -> bytes: ...
    def rows(self, table: Table) -> bytes: ...
    def finish(self) -> bytes: ...


class CsvEncoder:
    """RFC 4180: UTF-8, a header, commas, CRLF. Empty cell: None or no text; text passes `formula_cells.defuse`."""

    batch: ClassVar[int] = 2_000

    def __init__(self, schema: Schema[Any]) -> None:
        self._columns = schema.columns

    def start(self) -> bytes:
        return _csv_lines([[column.name for column in self._columns]])

    def rows(self, table: Table) -> bytes:
        texts = [_csv_cells(column, cells) for column, cells in zip(self._columns, table, strict=True)]
        return _csv_lines(zip(*texts, strict=True))

    def finish(self) -> bytes:
        return b""


class JsonLinesEncoder:
    """One object per line, keys in column order, no spaces, UTF-8 unescaped, numbers in their shortest exact form."""

    batch: ClassVar[int] = 2_000

    def __init__(self, schema: Schema[Any]) -> None:
        self._columns = schema.columns
        members = ",".join(f"{json.dumps(name).replace('%', '%%')}:%s" for name in schema.names)
        self._line = "{" + members + "}\n"

    def start(self) -> bytes:
        return b""

    def rows(self, table: Table) -> bytes:
        texts = [_json_cells(column, cells) for column, cells in zip(self._columns, table, strict=True)]
        return "".join(map(self._line.__mod__, zip(*texts, strict=True))).encode()

    def finish(self) -> bytes:
        return b""


class ParquetEncoder:
    """One row group per batch, zstd, columns without None marked as required."""

    batch: ClassVar[int] = 10_000

    def __init__(self, schema: Schema[Any]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        types = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}
        self._schema = pa.schema([pa.field(c.name, types[c.type], nullable=c.optional) for c in schema.columns])
        self._sink = Sink()
        # the Arrow schema says nothing that Parquet's own does not, and its bytes are another library's affair
        self._writer = pq.ParquetWriter(
            pa.PythonFile(self._sink, mode="w"), self._schema, compression="zstd", store_schema=False
        )

    def start(self) -> bytes:
        return self._sink.take()

    def rows(self, table: Table) -> bytes:
        import pyarrow as pa

        arrays = [pa.array(cells, field.type) for cells, field in zip(table, self._schema, strict=True)]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema), row_group_size=self.batch)
        return self._sink.take()

    def finish(self) -> bytes:
        self._writer.close()
        return self._sink.take()


class Sink(io.RawIOBase):
    """A file that only remembers what was written since it was last asked."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        data = b"".join(self._parts)
        self._parts.clear()
        return data


def _csv_lines(rows: Iterable[Sequence[str]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode()


def _csv_cells(column: Column, cells: Sequence[Any]) -> Sequence[str]:
    return _written(column, cells, text=defuse, none="")


_json_text = json.JSONEncoder(ensure_ascii=False).encode


def _json_cells(column: Column, cells: Sequence[Any]) -> Sequence[str]:
    return _written(column, cells, text=_json_text, none="null")


def _written(column: Column, cells: Sequence[Any], *, text: Callable[[str], str], none: str) -> Sequence[str]:
    if column.type is str:
        # most columns of text hold few different ones, and each is written once per batch
        texts = {cell: text(cell) for cell in set(cells)}
        return [texts[cell] for cell in cells]
    writers: dict[type, Callable[[Any], str]] = {int: int.__repr__, float: float.__repr__, bool: _truth}
    write = writers[column.type]
    return [none if cell is None else write(cell) for cell in cells]


def _truth(value: bool) -> str:
    return "true" if value else "false"
