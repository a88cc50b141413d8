"""Tables of public sets: separated by tabs, packed with gzip or not, no quoting; refusals name file, line and mend."""

import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path

from evaluation.stats.errors import StatisticsError


class SourceError(StatisticsError):
    """A public set that is not as its source publishes it, or a wish that it cannot meet."""


def read_table(folder: Path, name: str, columns: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the place of each row, in words, and its fields by column.

    Raises:
        SourceError: The file is missing, lacks a column, or has a row of another length.
    """
    lines = _lines(folder, name)
    header = next(lines, "").split("\t")
    missing = [column for column in columns if column not in header]
    if missing:
        raise SourceError(f"{name}, line 1: the column {missing[0]} is missing; take the file as the source has it.")
    for number, line in enumerate(lines, start=2):
        place, fields = f"{name}, line {number}", line.split("\t")
        if len(fields) != len(header):
            raise SourceError(f"{place} has {len(fields)} fields, not {len(header)}; take it as the source has it.")
        yield place, dict(zip(header, fields, strict=True))


def _lines(folder: Path, name: str) -> Iterator[str]:
    plain, packed = folder / name, folder / f"{name}.gz"
    if not plain.is_file() and not packed.is_file():
        raise SourceError(f"{plain} is missing, packed or not; name the folder that holds this public set.")
    try:
        if plain.is_file():
            text = plain.read_text(encoding="utf-8")
        else:
            text = gzip.decompress(packed.read_bytes()).decode("utf-8")
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError) as error:
        raise SourceError(f"{plain}: not readable ({error}); take the file as the source has it.") from error
    yield from text.splitlines()
