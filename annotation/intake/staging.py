"""An intake from the first byte to the last kept row: read, decide, report, hand over."""

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from annotation.intake.columns import Columns
from annotation.intake.kept import kept_rows
from annotation.intake.reading import Settings, StagingState, stage, staging_state
from annotation.intake.report import IntakeReport, make_report
from annotation.intake.rows import Row
from annotation.intake.selection import Choice, ChoosingState, decide
from annotation.intake.store import Store, discard


class Staging:
    """One log in one staging file, which holds texts and pseudonyms and never a user's id.

    Everything can be interrupted at any point, by `kill -9` too, and is gone on with by the same call. An object is for
    one thread; of two processes at one file the second is refused.
    """

    def __init__(self, path: Path) -> None:
        """Open the staging file or make it.

        Raises:
            IntakeError: The file was made by another version.
        """
        self._path = path
        self._store = Store(path)

    def __enter__(self) -> "Staging":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the staging file; it stays."""
        self._store.close()

    def discard(self) -> None:
        """Close and delete the staging file."""
        self._store.close()
        discard(self._path)

    @property
    def state(self) -> StagingState:
        """How far the file has been read.

        Raises:
            IntakeError: Nothing was staged here.
        """
        return staging_state(self._store)

    def stage(
        self,
        stream: BinaryIO,
        *,
        secret: bytes,
        seed: int,
        known_categories: Mapping[str, str] | Collection[str] | None = None,
        columns: Columns | None = None,
        encoding: str = "utf-8",
        resume: bool = True,
        progress: Callable[[StagingState], None] | None = None,
        limit_seconds: float | None = None,
    ) -> StagingState:
        """Read a log, or go on reading it, in batches of `reading.BATCH` rows.

        Args:
            stream: a seekable binary file of CSV, TSV, JSON lines, or a JSON array; of Label Studio or doccano too;
                packed with gzip or not.
            secret: at least 16 bytes under which user ids are hashed.
            seed: of the draw among the queries of a user.
            known_categories: the slugs that a label may have, or a mapping from the names that stand in the file to the
                slugs, compared without case; None leaves labels and answers unread.
            columns: what the columns are called, where not by a usual name.
            encoding: one of `source.ENCODINGS`.
            resume: go on where the last call stopped; otherwise forget what is staged and begin again.
            progress: called after every batch.
            limit_seconds: stop after the batch in which so much time has passed; one batch is always read.

        Raises:
            IntakeError: The file cannot be read as a whole, it or the settings changed since the last call, or another
                process is reading it. What was staged before stays.
        """
        settings = Settings(secret, seed, known_categories, columns or Columns(), encoding)
        return stage(self._store, stream, settings, resume=resume, progress=progress, limit_seconds=limit_seconds)

    def decide(
        self,
        *,
        per_user: int | None = 2,
        drop_exact: bool = True,
        drop_near: bool = False,
        progress: Callable[[ChoosingState], None] | None = None,
        limit_seconds: float | None = None,
    ) -> ChoosingState:
        """Choose which rows are kept; again with other options, they are chosen anew.

        Args:
            per_user: queries kept of one user, drawn by the seed; None keeps all. Rows without a user have no cap.
            drop_exact: keep a text once only.
            drop_near: keep one text only of those that differ in case, ё, blanks, punctuation or drawn-out letters.
            progress: called after every step.
            limit_seconds: stop after the step in which so much time has passed; one step is always done.

        Raises:
            IntakeError: The file is not read to its end, `per_user` is below 1, or another process is choosing.
        """
        choice = Choice(per_user, drop_exact, drop_near)
        return decide(self._store, choice, progress=progress, limit_seconds=limit_seconds)

    def report(self) -> IntakeReport:
        """What is in the file, what of it is kept and why the rest is not; seconds for a million rows.

        Raises:
            IntakeError: The rows were not chosen yet.
        """
        return make_report(self._store)

    def kept_rows(self, *, after: int = 0, limit: int | None = None) -> Iterator[Row]:
        """Yield the kept rows in the order of the file.

        With `drop_exact`, a row has the labels of all rows of its text; otherwise those of the rows with its id and
        text. Of several labels by one annotator the last one counts.

        Args:
            after: go on behind the row of this `number`.
            limit: rows at most.

        Raises:
            IntakeError: The rows were not chosen yet.
        """
        return kept_rows(self._store, after=after, limit=limit)
