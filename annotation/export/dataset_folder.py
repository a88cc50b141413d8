"""A data set as a folder that the Hugging Face `datasets` library loads: whole or absent, the same bytes again.

README.md  taxonomy.json  manifest.json  data/gold-{train,validation,test}.parquet  data/votes.parquet
"""

import hashlib
import json
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Generic

from annotation.export.dataset_card import SPLITS, card
from annotation.export.description import Description
from annotation.export.difference import ascending
from annotation.export.digest import ContentHash
from annotation.export.encoders import ParquetEncoder
from annotation.export.errors import ExportError
from annotation.export.records import GOLD, VOTES, GoldRecord, VoteRecord
from annotation.export.schema import Record, Schema
from annotation.export.tally import GoldCounts, VoteCounts
from annotation.export.writing import write

FORMAT = 1
"""Raised when the files or their columns change."""


@dataclass(frozen=True, slots=True)
class DatasetSummary:
    """What was written: rows of each data file by its path in the folder, and the content hashes."""

    rows: dict[str, int]
    gold_hash: str
    votes_hash: str


def write_dataset_folder(
    directory: Path, *, votes: Iterable[VoteRecord], gold: Iterable[GoldRecord], description: Description
) -> DatasetSummary:
    """Put a complete data set at `directory`; votes and gold are read once, and only a batch of each is held.

    Args:
        votes: in an order that is the same each time.
        gold: in the order of their query ids by code point, each query once; any number of each split.

    Raises:
        ExportError: There is something at `directory`, a record does not fit, gold is out of order or in an unknown
            split, or there are neither votes nor gold. Nothing is left behind.
    """
    _check_free(directory)
    directory.parent.mkdir(parents=True, exist_ok=True)
    draft = directory.with_name(f".{directory.name}.{secrets.token_hex(8)}.draft")
    (draft / "data").mkdir(parents=True)
    try:
        summary = _fill(draft, votes, gold, description)
        try:
            draft.replace(directory)
        except OSError:
            _check_free(directory)  # somebody else was quicker
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return summary


def _check_free(directory: Path) -> None:
    if directory.is_dir() and not any(directory.iterdir()):
        return
    if directory.exists() or directory.is_symlink():
        raise ExportError(f"{directory}: there is something here already; choose another folder.")


def _fill(
    folder: Path, votes: Iterable[VoteRecord], gold: Iterable[GoldRecord], description: Description
) -> DatasetSummary:
    gold_counts, vote_counts = GoldCounts(), VoteCounts()
    gold_hash, votes_hash = ContentHash(GOLD), ContentHash(VOTES)
    _write_gold(folder, gold_counts.through(gold_hash.through(ascending(gold))))
    with (folder / "data/votes.parquet").open("wb") as stream:
        stream.writelines(write(vote_counts.through(votes_hash.through(votes)), "parquet", schema=VOTES))
    summary = DatasetSummary(
        rows=_keep_filled(folder, gold_counts, votes_hash.records),
        gold_hash=gold_hash.hexdigest(),
        votes_hash=votes_hash.hexdigest(),
    )
    text = card(
        description,
        rows=summary.rows,
        gold=gold_counts,
        votes=vote_counts,
        gold_hash=summary.gold_hash,
        votes_hash=summary.votes_hash,
    )
    (folder / "README.md").write_text(text, encoding="utf-8", newline="\n")
    _write_json(folder / "taxonomy.json", description.taxonomy)
    _write_json(folder / "manifest.json", _manifest(folder, summary, description))
    return summary


def _keep_filled(folder: Path, gold: GoldCounts, votes: int) -> dict[str, int]:
    """Remove the files without a row and return the rows of the others, by path."""
    rows = {**{f"data/gold-{split}.parquet": gold.splits[split] for split in SPLITS}, "data/votes.parquet": votes}
    if not any(rows.values()):
        raise ExportError("There is neither a gold label nor a vote; label some queries first.")
    for path, number in rows.items():
        if not number:
            (folder / path).unlink()
    return {path: number for path, number in rows.items() if number}


def _write_gold(folder: Path, records: Iterable[GoldRecord]) -> None:
    """One file per split, all three open at once, so that the records are read once and in any mixture."""
    with ExitStack() as stack:
        files = {
            split: _RecordFile(stack.enter_context((folder / f"data/gold-{split}.parquet").open("wb")), GOLD)
            for split in SPLITS
        }
        for record in records:
            if record.split not in files:
                raise ExportError(
                    f"Query {record.query_id!r} is in the split {record.split!r}; use one of {', '.join(SPLITS)}."
                )
            files[record.split].add(record)
        for file in files.values():
            file.finish()


class _RecordFile(Generic[Record]):
    """A Parquet file that takes its records one by one."""

    def __init__(self, stream: BinaryIO, schema: Schema[Record]) -> None:
        self._stream, self._schema, self._encoder = stream, schema, ParquetEncoder(schema)
        self._waiting: list[Record] = []
        stream.write(self._encoder.start())

    def add(self, record: Record) -> None:
        self._waiting.append(record)
        if len(self._waiting) == self._encoder.batch:
            self._flush()

    def finish(self) -> None:
        if self._waiting:
            self._flush()
        self._stream.write(self._encoder.finish())

    def _flush(self) -> None:
        self._stream.write(self._encoder.rows(self._schema.table(self._waiting)))
        self._waiting.clear()


def _manifest(folder: Path, summary: DatasetSummary, description: Description) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "title": description.title,
        "version": description.version,
        "state_at": description.state_at,
        "licence": description.licence,
        "content": {"gold": summary.gold_hash, "votes": summary.votes_hash},
        "rows": summary.rows,
        "files": {path.relative_to(folder).as_posix(): _file_hash(path) for path in files_of(folder)},
    }


def files_of(folder: Path) -> Iterator[Path]:
    """All files in the folder, sorted by their path in it."""
    yield from sorted(
        (path for path in folder.rglob("*") if path.is_file()), key=lambda p: p.relative_to(folder).as_posix()
    )


def _write_json(path: Path, value: Any) -> None:
    path.write_text(
        json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8", newline="\n"
    )


def _file_hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
