"""Finding the files of a data set folder and streaming their rows, whatever they are packed in."""

import codecs
import csv
import gzip
import io
import json
import math
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn, cast

from recsys.core.errors import DatasetError
from recsys.data.rows import Row

LINE_LIMIT = 1 << 20
"""Bytes in one line. A longer one is damage, and must not be pulled into memory to find out."""

STEMS = {
    "tracks": (".jsonl", ".jsonl.gz", ".parquet"),
    "playlists": (".jsonl", ".jsonl.gz", ".parquet"),
    "interactions": (".csv", ".csv.gz", ".parquet"),
    "requests": (".jsonl", ".jsonl.gz", ".parquet"),
    "queries": (".jsonl", ".jsonl.gz", ".parquet"),
    "listeners": (".jsonl", ".jsonl.gz", ".parquet"),
}
OBJECTS = ("dataset.json", "tag_names.json")
_COLUMNS = ("listener", "track", "event", "count", "timestamp")


def find(folder: Path, stem: str) -> Path | None:
    """The one file that holds this table, or None.

    Raises:
        DatasetError: There are two, and nobody knows which is meant.
    """
    paths = [path for ending in STEMS[stem] if (path := folder / f"{stem}{ending}").exists()]
    if len(paths) > 1:
        raise DatasetError(f"{' and '.join(path.name for path in paths)} both hold the {stem}; keep one of them.")
    for path in paths:
        if not path.is_file():
            raise DatasetError(f"{path.name} is not a file; put a file of that name there.")
        return path
    return None


def feature_files(folder: Path) -> list[Path]:
    """The arrays under `features/`, by name."""
    directory = folder / "features"
    if directory.exists() and not directory.is_dir():
        raise DatasetError("features is not a folder; make it one that holds NAME.npy files.")
    return sorted(directory.glob("*.npy"))


def read_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a table, one at a time."""
    if path.suffix == ".parquet":
        return _parquet_rows(path)
    if ".csv" in path.suffixes:
        return _csv_rows(path)
    return (Row(place, _json_object(place, text)) for place, text in read_lines(path))


def read_object(path: Path) -> Row:
    """Read a file that is one JSON object."""
    if not path.is_file():
        raise DatasetError(f"{path.name} is not a file; put a file of that name there.")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DatasetError(f"{path.name} is not UTF-8 at byte {error.start + 1}; save it as UTF-8.") from error
    return Row(path.name, _json_object(path.name, text))


def read_lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (place, text without its end) for each line; blank lines may stand at the end only."""
    blank = ""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
        number = 0
        while raw := _readline(cast(io.BufferedIOBase, stream), path, number + 1):
            number += 1
            place = f"{path.name}, line {number}"
            if number == 1:
                raw = raw.removeprefix(codecs.BOM_UTF8)
            try:
                text = raw.decode("utf-8").removesuffix("\n").removesuffix("\r")
            except UnicodeDecodeError as error:
                raise DatasetError(f"{place} is not UTF-8 at byte {error.start + 1}; save it as UTF-8.") from error
            if not text.strip():
                blank = blank or place
                continue
            if blank:
                raise DatasetError(f"{blank} is empty; remove the line.")
            yield place, text


def _readline(stream: io.BufferedIOBase, path: Path, number: int) -> bytes:
    try:
        raw = stream.readline(LINE_LIMIT + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DatasetError(f"{path.name} is not whole gzip data at line {number}; pack it again.") from error
    if len(raw) > LINE_LIMIT:
        raise DatasetError(f"{path.name}, line {number} is longer than {LINE_LIMIT} bytes; split or shorten it.")
    return raw


def _json_object(place: str, text: str) -> dict[str, Any]:
    try:
        value = json.loads(text, object_pairs_hook=_unique_keys, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        where = f"column {error.colno}" if "\n" not in text else f"line {error.lineno}, column {error.colno}"
        raise DatasetError(f"{place} is not JSON at {where}: {error.msg}; correct it.") from error
    except (ValueError, RecursionError) as error:
        problem = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise DatasetError(f"{place} cannot be read as JSON: {problem}; correct it.") from error
    if not isinstance(value, dict):
        raise DatasetError(f"{place} is not a JSON object; write it in curly brackets.")
    return value


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {json.dumps(twice)} stands twice")
    return values


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _csv_rows(path: Path) -> Iterator[Row]:
    """Yield rows whose `count` is an integer where it can be; everything else stays text."""
    place = f"{path.name}, line 1"

    def texts() -> Iterator[str]:
        nonlocal place
        for where, text in read_lines(path):
            place = where
            yield text + "\n"

    reader = csv.reader(texts(), strict=True)
    try:
        header = next(reader, [])
        _check_columns(path.name, header)
        for values in reader:
            if len(values) != len(header):
                raise DatasetError(f"{place} has {len(values)} fields instead of {len(header)}; correct it.")
            row: dict[str, Any] = dict(zip(header, values, strict=True))
            if row["count"].isascii() and row["count"].isdigit() and len(row["count"]) < 20:
                row["count"] = int(row["count"])
            yield Row(place, row)
    except csv.Error as error:
        raise DatasetError(f"{place} is not CSV: {error}; correct its quotes.") from error


def _parquet_rows(path: Path) -> Iterator[Row]:
    import pyarrow as pa  # a third of a second that a folder of text does not pay
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as table:
            if path.name.startswith("interactions"):
                _check_columns(path.name, table.schema_arrow.names)
            number = 0
            for batch in table.iter_batches(batch_size=4096):
                for values in batch.to_pylist():
                    number += 1
                    yield Row(f"{path.name}, row {number}", {key: _plain(value) for key, value in values.items()})
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        problem = str(error).splitlines()[0].rstrip(".")
        raise DatasetError(f"{path.name} cannot be read as Parquet: {problem}; write it again.") from error


def _plain(value: Any) -> Any:
    """Undo what data frames do to columns with gaps: NaN is a gap, and 1984.0 was an integer."""
    if isinstance(value, float):
        if math.isnan(value):
            return None
        if value.is_integer():
            return int(value)
    return value


def _check_columns(name: str, header: list[str]) -> None:
    missing = [column for column in _COLUMNS if column not in header]
    if missing:
        raise DatasetError(f"{name}, line 1: the column {missing[0]} is missing; begin with {','.join(_COLUMNS)}.")
    if len(set(header)) != len(header):
        raise DatasetError(f"{name}, line 1: a column stands twice; begin with {','.join(_COLUMNS)}.")
