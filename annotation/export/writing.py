"""Records to a file of any format, streamed: the first bytes leave before the last record is read."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from annotation.batches import batches
from annotation.export.encoders import CsvEncoder, Encoder, JsonLinesEncoder, ParquetEncoder
from annotation.export.errors import ExportError
from annotation.export.schema import Record, Schema


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: how it is served, what its name ends with, what writes it."""

    media_type: str
    suffix: str
    encoder: Callable[[Schema[Any]], Encoder]


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "csv": Format("text/csv; charset=utf-8", ".csv", CsvEncoder),
        "jsonl": Format("application/x-ndjson; charset=utf-8", ".jsonl", JsonLinesEncoder),
        "parquet": Format("application/vnd.apache.parquet", ".parquet", ParquetEncoder),
    }
)


def write(records: Iterable[Record], format_: str, *, schema: Schema[Record]) -> Iterator[bytes]:
    """The bytes of a file of the records, in chunks; the same records make the same bytes.

    Memory holds one batch at a time, whatever the number of records.

    Args:
        format_: `csv`, `jsonl` or `parquet`.

    Raises:
        ExportError: There is no such format (at once), or a record does not fit the schema (when it is reached; what
            has been written by then is not a whole file).
    """
    return _chunks(records, schema, format_named(format_).encoder(schema))


def format_named(name: str) -> Format:
    """The format.

    Raises:
        ExportError: There is none of that name.
    """
    if name not in FORMATS:
        raise ExportError(f"There is no format {name!r}; choose one of {', '.join(FORMATS)}.")
    return FORMATS[name]


def _chunks(records: Iterable[Record], schema: Schema[Record], encoder: Encoder) -> Iterator[bytes]:
    if head := encoder.start():
        yield head
    written = 0
    for batch in batches(records, encoder.batch):
        yield encoder.rows(schema.table(batch, first=written + 1))
        written += len(batch)
    if tail := encoder.finish():
        yield tail
