"""Files of records, as `writing.write` makes them, back to records: streamed, and refused at the first wrong line."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from annotation.export.errors import ExportError
from annotation.export.formula_cells import restore
from annotation.export.schema import Cell, Column, Record, Schema
from annotation.export.writing import format_named

_TRUTH = {"true": True, "false": False}


def read(stream: BinaryIO, format_: str, *, schema: Schema[Record]) -> Iterator[Record]:
    """The records of a file, one after another.

    Args:
        stream: opened for reading bytes; Parquet must be able to seek in it.
        format_: `csv`, `jsonl` or `parquet`.
        schema: columns are found by name; columns of other names are left aside.

    Raises:
        ExportError: There is no such format (at once); the file is not of this format, lacks a column or holds a cell
            that does not fit; the sentence names the line.
    """
    format_named(format_)
    rows = {"csv": _csv_rows, "jsonl": _json_rows, "parquet": _parquet_rows}[format_]
    return _records(rows(stream, schema), schema)


def _records(rows: Iterator[tuple[str, Mapping[str, Any]]], schema: Schema[Record]) -> Iterator[Record]:
    for place, row in rows:
        try:
            yield schema.record(**{column.name: column.cell(row[column.name]) for column in schema.columns})
        except ExportError as error:
            raise ExportError(f"{place}: {error}") from None


def _csv_rows(stream: BinaryIO, schema: Schema[Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    lines = csv.reader(io.TextIOWrapper(stream, encoding="utf-8-sig", newline=""), strict=True)
    line = 1  # where the record starts; a quoted cell may span lines
    try:
        header = next(lines, [])
        _check_columns("Line 1", header, schema)
        line = lines.line_num + 1
        for record in lines:
            place = f"Line {line}"
            if len(record) != len(header):
                raise ExportError(f"{place}: expected {len(header)} cells as in the header, got {len(record)}.")
            texts = dict(zip(header, record, strict=True))
            yield place, {column.name: _from_csv(place, column, texts[column.name]) for column in schema.columns}
            line = lines.line_num + 1
    except UnicodeDecodeError:
        raise ExportError(f"Line {line} or soon after: this is not UTF-8; save the file as UTF-8.") from None
    except csv.Error as error:
        raise ExportError(f"Line {line}: not well-formed CSV ({error}); mend its quotes.") from None


def _from_csv(place: str, column: Column, text: str) -> Cell:
    if column.type is str:
        return restore(text)
    if text == "" and column.optional:
        return None
    try:
        value: Cell = _TRUTH[text] if column.type is bool else column.type(text)
    except (KeyError, ValueError):
        raise ExportError(
            f"{place}: `{column.name}` cannot be read from {text!r}; write it as the export does."
        ) from None
    return value


def _json_rows(stream: BinaryIO, schema: Schema[Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for number, line in enumerate(stream, 1):
        place = f"Line {number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            raise ExportError(f"{place}: this is no JSON in UTF-8; write one object per line.") from None
        if not isinstance(row, dict):
            raise ExportError(f"{place}: this is no JSON object; write one object per line.")
        _check_columns(place, row, schema)
        yield place, row


def _parquet_rows(stream: BinaryIO, schema: Schema[Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(stream)
    except pa.ArrowInvalid:
        raise ExportError("This is no whole Parquet file; export it again.") from None
    _check_columns("The Parquet file", file.schema_arrow.names, schema)
    number = 0
    for batch in file.iter_batches(batch_size=2_000, columns=list(schema.names)):
        for row in batch.to_pylist():
            number += 1
            yield f"Row {number}", row


def _check_columns(place: str, names: Any, schema: Schema[Any]) -> None:
    if missing := [name for name in schema.names if name not in names]:
        raise ExportError(f"{place}: the column `{missing[0]}` is missing; the columns are {', '.join(schema.names)}.")
