"""Reading a log into its staging file: in batches, each one whole, to be gone on with after any interruption."""

import json
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import BinaryIO

from annotation.intake.columns import Columns
from annotation.intake.duplicates import exact_key, near_key
from annotation.intake.errors import IntakeError
from annotation.intake.formats import Position, Rows, detect
from annotation.intake.languages import language_code
from annotation.intake.pseudonyms import Pseudonyms
from annotation.intake.records import Fault
from annotation.intake.rows import Problem, Row, Rules, check_row, fold
from annotation.intake.selection import drawn
from annotation.intake.source import Source
from annotation.intake.store import Store, Transaction

BATCH = 5_000
"""Rows per transaction: what a process that dies has read for nothing."""
PROBLEMS_KEPT = 1_000
"""Problems whose sentences are kept; all are counted."""


@dataclass(frozen=True, slots=True)
class StagingState:
    """How far a file has been read.

    Attributes:
        rows: read so far, the refused ones among them.
        refused: rows with a problem.
        bytes_read, bytes_total: of the file as it lies on the disk.
        finished: the whole file was read.
    """

    format: str
    rows: int
    refused: int
    bytes_read: int
    bytes_total: int
    finished: bool


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides about the rows that are staged; it must stay the same until the file is read.

    Attributes:
        categories: names that a label may have in the file and the slug of each, or the slugs alone; None leaves the
            labels and answers of the file unread.
    """

    secret: bytes
    seed: int
    categories: Mapping[str, str] | Collection[str] | None = None
    columns: Columns = field(default_factory=Columns)
    encoding: str = "utf-8"

    def folded_categories(self) -> dict[str, str] | None:
        """Slugs by the names under which they may stand."""
        if self.categories is None:
            return None
        names = self.categories
        pairs = names.items() if isinstance(names, Mapping) else ((slug, slug) for slug in names)
        return {fold(name): slug for name, slug in pairs}

    def fingerprint(self) -> str:
        """What two settings that stage the same rows share; the secret cannot be read from it."""
        known = {
            "categories": self.folded_categories(),
            "columns": asdict(self.columns),
            "secret": Pseudonyms(self.secret).fingerprint(),
            "seed": self.seed,
        }
        return json.dumps(known, sort_keys=True)


def stage(
    store: Store,
    stream: BinaryIO,
    settings: Settings,
    *,
    resume: bool = True,
    progress: Callable[[StagingState], None] | None = None,
    limit_seconds: float | None = None,
) -> StagingState:
    """Read on until the end or the time limit, one batch at least; `Staging.stage` says it all."""
    deadline = time.monotonic() + (float("inf") if limit_seconds is None else limit_seconds)
    source = Source(stream, settings.encoding)
    begun = _begun(store, source, settings, resume=resume)
    if begun is not None and begun.finished:
        return begun
    format_ = detect(source, settings.columns)
    rules = Rules(
        pseudonyms=Pseudonyms(settings.secret),
        categories=settings.folded_categories(),
        default_annotator=settings.columns.default_annotator,
        default_language=_default_language(settings.columns),
        by_line=format_.by_line,
        quoting=format_.quotable,
    )
    if begun is None:
        _begin(store, source, settings, format_.name)
    rows = Rows(source, format_, _position(store))
    checked = _checked(rows, rules)
    while True:
        before = rows.position
        batch = list(islice(checked, BATCH))
        if not batch and before.rows == 0:
            raise IntakeError("The file has no rows; give one with at least one query.")
        with Transaction(store):
            _advance(store, before, rows.position, source.bytes_read, finished=len(batch) < BATCH)
            _write(store, batch, settings.seed)
        state = staging_state(store)
        if progress is not None:
            progress(state)
        if state.finished or time.monotonic() >= deadline:
            return state


def staging_state(store: Store) -> StagingState:
    """How far the file has been read.

    Raises:
        IntakeError: Nothing was staged here.
    """
    row = store.connection.execute(
        "SELECT format, rows, refused, bytes_read, bytes_total, finished FROM intake"
    ).fetchone()
    if row is None:
        raise IntakeError("Nothing was staged here; stage a file first.")
    name, rows, refused, bytes_read, bytes_total, finished = row
    return StagingState(name, rows, refused, bytes_read, bytes_total, bool(finished))


def _default_language(columns: Columns) -> str | None:
    if columns.default_language is None:
        return None
    code = language_code(columns.default_language)
    if code is None:
        raise IntakeError(f"{columns.default_language[:40]!r} is not a code such as ru or en-GB; correct the language.")
    return code


def _begun(store: Store, source: Source, settings: Settings, *, resume: bool) -> StagingState | None:
    """The state of an intake of the same file under the same settings, None where there is nothing to go on with."""
    if not resume:
        store.clear()
    row = store.connection.execute("SELECT file, settings FROM intake").fetchone()
    if row is None:
        return None
    file, known = row
    if file != source.fingerprint():
        raise IntakeError("The file is not the one that was begun; give that one, or start again without resuming.")
    if known != settings.fingerprint():
        raise IntakeError(
            "Columns, categories, seed or secret are not those the reading was begun with; give the same, or start "
            "again without resuming."
        )
    return staging_state(store)


def _begin(store: Store, source: Source, settings: Settings, name: str) -> None:
    values = (source.fingerprint(), settings.fingerprint(), name, source.size)
    with Transaction(store) as connection:
        if store.value("SELECT COUNT(*) FROM intake"):
            raise _busy()
        connection.execute("INSERT INTO intake (file, settings, format, bytes_total) VALUES (?, ?, ?, ?)", values)


def _position(store: Store) -> Position:
    return Position(*store.connection.execute("SELECT row_offset, lines, rows FROM intake").fetchone())


def _checked(rows: Rows, rules: Rules) -> Iterator[Row | Problem]:
    for number, line, found in rows:
        if isinstance(found, Fault):
            yield Problem(number, line, "", found.kind, found.sentence)
        else:
            yield check_row(number, line, found, rules)


def _advance(store: Store, before: Position, after: Position, bytes_read: int, *, finished: bool) -> None:
    """Note how far the batch goes; with another process at the same file, one of the two must give way."""
    moved = store.connection.execute(
        "UPDATE intake SET row_offset = ?, lines = ?, rows = ?, bytes_read = ?, finished = ? "
        "WHERE rows = ? AND NOT finished",
        (
            after.offset,
            after.lines,
            after.rows,
            store.value("SELECT bytes_total FROM intake") if finished else bytes_read,
            finished,
            before.rows,
        ),
    )
    if moved.rowcount != 1:
        raise _busy()


def _busy() -> IntakeError:
    return IntakeError("Another process is reading this file; let it finish.")


def _write(store: Store, batch: list[Row | Problem], seed: int) -> None:
    rows = [one for one in batch if isinstance(one, Row)]
    problems = [one for one in batch if isinstance(one, Problem)]
    store.connection.executemany(
        "INSERT INTO row (number, line, id, text, language, guessed, user, answer, exact, near, draw) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (_values(row, seed) for row in rows),
    )
    store.connection.executemany(
        "INSERT INTO label (number, annotator, category, seconds) VALUES (?, ?, ?, ?)",
        ((row.number, *label) for row in rows for label in row.labels),
    )
    if problems:
        _write_problems(store, problems)


def _values(row: Row, seed: int) -> tuple[object, ...]:
    return (
        row.number,
        row.line,
        row.id,
        row.text,
        row.language,
        row.guessed,
        row.user and bytes.fromhex(row.user),
        row.answer,
        exact_key(row.text),
        near_key(row.text),
        drawn(seed, row.user, row.number) if row.user else 0,
    )


def _write_problems(store: Store, problems: list[Problem]) -> None:
    room = PROBLEMS_KEPT - store.value("SELECT COUNT(*) FROM problem")
    store.connection.executemany(
        "INSERT INTO problem (number, line, field, kind, sentence) VALUES (?, ?, ?, ?, ?)",
        ((one.number, one.line, one.field, one.kind, one.sentence) for one in problems[:room]),
    )
    store.connection.executemany(
        "INSERT INTO problem_count (kind, rows) VALUES (?, ?) ON CONFLICT DO UPDATE SET rows = rows + excluded.rows",
        Counter(one.kind for one in problems).items(),
    )
    store.connection.execute("UPDATE intake SET refused = refused + ?", (len(problems),))
