"""Reading `queries.jsonl`, checked whole: the first fault ends it, named by file, line and mend."""

import codecs
import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, cast

from annotation.classifier.dataset import Example
from annotation.classifier.errors import ClassifierError
from annotation.taxonomy import BY_SLUG

LINE_LIMIT = 1 << 20
"""Bytes in one line. A longer one is damage, and must not be pulled into memory to find out."""
GROUP_LIMIT = 200
_SHOWN = 60


def read_queries(path: Path) -> list[Example]:
    """Read labelled queries, `.jsonl` or `.jsonl.gz`.

    Each line is {"id"?, "text", "lang", "annotations": [{"annotator", "category"}, ...], "group"?}; a query without an
    id gets `line-N`.

    Raises:
        ClassifierError: A line is not as it should be, or there is none.
        OSError: The file cannot be read.
    """
    examples: list[Example] = []
    places: dict[str, str] = {}
    for number, text in _lines(path):
        place = f"{path.name}, line {number}"
        example = _example(place, number, _json_object(place, text))
        if example.id in places:
            _refuse(place, "id", f"{_show(example.id)} stands in {places[example.id]} already", "give each its own")
        places[example.id] = f"line {number}"
        examples.append(example)
    if not examples:
        raise ClassifierError(f"{path.name} is empty; write one labelled query per line.")
    return examples


def _example(place: str, number: int, row: dict[str, Any]) -> Example:
    annotations = row.get("annotations")
    if not isinstance(annotations, list) or not annotations:
        problem = "it is missing or empty" if annotations in (None, []) else f"{_show(annotations)} is not a list"
        _refuse(place, "annotations", problem, 'write [{"annotator": …, "category": …}, …]')
    labels: dict[str, str] = {}
    for annotation in annotations:
        if not isinstance(annotation, dict):
            _refuse(place, "annotations", f"{_show(annotation)} is not an object", "write objects into the list")
        annotator = _string(place, annotation, "annotator")
        category = _string(place, annotation, "category")
        if category not in BY_SLUG:
            _refuse(place, "category", f"{_show(category)} is not known", f"use one of {', '.join(BY_SLUG)}")
        if annotator in labels:
            _refuse(place, "annotations", f"{_show(annotator)} labels the query twice", "keep one of the labels")
        labels[annotator] = category
    return Example(
        id=f"line-{number}" if row.get("id") is None else _string(place, row, "id"),
        text=_string(place, row, "text"),
        language=_string(place, row, "lang"),
        annotations=tuple(labels.items()),
        group="" if row.get("group") is None else _group(place, row),
    )


def _group(place: str, row: dict[str, Any]) -> str:
    group = _string(place, row, "group")
    if len(group) > GROUP_LIMIT:
        _refuse(place, "group", f"it has {len(group)} characters", f"shorten it to {GROUP_LIMIT}")
    if group != group.strip():
        _refuse(place, "group", f"{_show(group)} begins or ends with a blank", "remove it")
    return group


def _string(place: str, row: dict[str, Any], field: str) -> str:
    value = row.get(field)
    if value is None:
        _refuse(place, field, "it is missing", "add a string")
    if not isinstance(value, str):
        _refuse(place, field, f"{_show(value)} is not a string", "put it in quotes")
    if not value.strip():
        _refuse(place, field, "it is empty", "write at least one character")
    if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
        _refuse(place, field, f"{_show(value)} holds a NUL or half of a surrogate pair", "remove it")
    return value


def _json_object(place: str, text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise ClassifierError(f"{place} is not JSON at column {error.colno}: {error.msg}; correct it.") from error
    except (ValueError, RecursionError) as error:
        raise ClassifierError(f"{place} cannot be read as JSON ({type(error).__name__}); correct it.") from error
    if not isinstance(value, dict):
        raise ClassifierError(f"{place} is not a JSON object; write it in curly brackets.")
    return value


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (number, text) of the lines that are not blank."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
        number = 0
        while raw := _readline(cast(BinaryIO, stream), path, number + 1):
            number += 1
            if number == 1:
                raw = raw.removeprefix(codecs.BOM_UTF8)
            if raw.strip():
                yield number, decode(f"{path.name}, line {number}", raw)


def _readline(stream: BinaryIO, path: Path, number: int) -> bytes:
    try:
        raw = stream.readline(LINE_LIMIT + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ClassifierError(f"{path.name} is not whole gzip data at line {number}; pack it again.") from error
    if len(raw) > LINE_LIMIT:
        raise ClassifierError(f"{path.name}, line {number} is longer than {LINE_LIMIT} bytes; split or shorten it.")
    return raw


def decode(place: str, raw: bytes) -> str:
    """Decode a line of UTF-8 and drop its end."""
    try:
        return raw.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError as error:
        raise ClassifierError(f"{place} is not UTF-8 at byte {error.start + 1}; save it as UTF-8.") from error


def _refuse(place: str, field: str, problem: str, mend: str) -> NoReturn:
    raise ClassifierError(f"{place}, field {field}: {problem}; {mend}.")


def _show(value: object) -> str:
    """The value as JSON, on one line and short enough for a message."""
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
