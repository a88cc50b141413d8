"""One run at a time, on however many machines; whoever dies lets go."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

from django.conf import settings
from django.db import connection


class Work(Enum):
    """What is done one at a time; the number tells its locks from others that a database may hold."""

    REORDER = 0x72656F72
    CLASSIFIER = 0x636C6173


@contextmanager
def only_one(work: Work, key: int) -> Iterator[bool]:
    """Give whether this is the only run of its kind, of the campaign or row with this key; never waits.

    A row that says "running" would outlive a killed run. PostgreSQL lets an advisory lock go with its connection, and
    the system a file's lock with its process; with SQLite all processes share that file's machine.
    """
    with _advisory(work, key) if connection.vendor == "postgresql" else _file(work, key) as held:
        yield held


@contextmanager
def _advisory(work: Work, key: int) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [work.value, key])
        (held,) = cursor.fetchone()
    try:
        yield held
    finally:
        if held and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [work.value, key])


@contextmanager
def _file(work: Work, key: int) -> Iterator[bool]:
    with (Path(settings.HOME) / f"{work.name.lower()}-{key}.lock").open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
