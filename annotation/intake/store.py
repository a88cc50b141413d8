"""The file in which an intake waits: one SQLite database per log, outside the product's own."""

import sqlite3
from pathlib import Path
from typing import Any

from annotation.intake.errors import IntakeError

VERSION = 1
_CACHE_KIB = 32 * 1024
_SCHEMA = """
CREATE TABLE intake (
    file TEXT NOT NULL, settings TEXT NOT NULL, format TEXT NOT NULL,
    row_offset INTEGER NOT NULL DEFAULT 0, lines INTEGER NOT NULL DEFAULT 0, rows INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0, bytes_read INTEGER NOT NULL DEFAULT 0, bytes_total INTEGER NOT NULL,
    finished INTEGER NOT NULL DEFAULT 0,
    choice TEXT NOT NULL DEFAULT '', steps INTEGER NOT NULL DEFAULT 0, decided INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE row (
    number INTEGER PRIMARY KEY, line INTEGER NOT NULL, id TEXT NOT NULL, text TEXT NOT NULL, language TEXT NOT NULL,
    guessed INTEGER NOT NULL, user BLOB, answer TEXT, exact INTEGER NOT NULL, near INTEGER NOT NULL,
    draw INTEGER NOT NULL
);
CREATE TABLE label (
    number INTEGER NOT NULL, annotator TEXT NOT NULL, category TEXT NOT NULL, seconds REAL,
    PRIMARY KEY (number, annotator)
) WITHOUT ROWID;
CREATE TABLE problem (
    number INTEGER PRIMARY KEY, line INTEGER NOT NULL, field TEXT NOT NULL, kind TEXT NOT NULL, sentence TEXT NOT NULL
);
CREATE TABLE problem_count (kind TEXT PRIMARY KEY, rows INTEGER NOT NULL) WITHOUT ROWID;
-- only rows that are not kept have a line here, so that deciding again does not write every row again
CREATE TABLE fate (number INTEGER PRIMARY KEY, reason TEXT NOT NULL);
"""
_TABLES = ("intake", "row", "label", "problem", "problem_count", "fate")


class Store:
    """The connection to a staging file, and its one line of progress."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it, readable by nobody else.

        Raises:
            IntakeError: It was made by another version.
        """
        path.touch(mode=0o600)
        self.connection = sqlite3.connect(path, isolation_level=None, timeout=30)
        for setting in (
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "temp_store = FILE",
            f"cache_size = -{_CACHE_KIB}",
        ):
            self.connection.execute(f"PRAGMA {setting}")
        version = self.value("PRAGMA user_version")
        if version not in (0, VERSION):
            self.connection.close()
            raise IntakeError(f"{path.name} was staged by version {version}, this one reads {VERSION}; stage it again.")
        if version == 0:
            self.connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")

    def close(self) -> None:
        self.connection.close()

    def clear(self) -> None:
        """Forget everything, the indexes with it."""
        drops = "".join(f"DROP TABLE {table};" for table in _TABLES)
        self.connection.executescript(f"BEGIN IMMEDIATE; {drops} {_SCHEMA} COMMIT;")

    def value(self, sql: str, *parameters: object) -> Any:
        """The first column of the first row, or None."""
        row = self.connection.execute(sql, parameters).fetchone()
        return None if row is None else row[0]

    def counts(self, sql: str, *parameters: object) -> dict[str, int]:
        """A query of two columns as a dictionary, in the order of its rows."""
        return dict(self.connection.execute(sql, parameters).fetchall())


class Transaction:
    """One write to a store, whole or not at all; takes the write lock at once, so that what it reads stays true."""

    def __init__(self, store: Store) -> None:
        self._connection = store.connection

    def __enter__(self) -> sqlite3.Connection:
        self._connection.execute("BEGIN IMMEDIATE")
        return self._connection

    def __exit__(self, kind: object, *_: object) -> None:
        self._connection.execute("COMMIT" if kind is None else "ROLLBACK")


def discard(path: Path) -> None:
    """Delete a staging file that nobody has open."""
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
