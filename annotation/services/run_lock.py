"""One run at a time, on however many machines; whoever dies lets go."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

REORDER = 0x72656F72
"""Tells these locks from others that a database may hold."""


@contextmanager
def only_reorder(campaign_id: int) -> Iterator[bool]:
    """Give whether this is the campaign's only run; never waits.

    A row that says "running" would outlive a killed run. PostgreSQL lets an advisory lock go with its connection, and
    the system a file's lock with its process; with SQLite all processes share that file's machine.
    """
    with _advisory(campaign_id) if connection.vendor == "postgresql" else _file(campaign_id) as held:
        yield held


@contextmanager
def _advisory(campaign_id: int) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [REORDER, campaign_id])
        (held,) = cursor.fetchone()
    try:
        yield held
    finally:
        if held and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [REORDER, campaign_id])


@contextmanager
def _file(campaign_id: int) -> Iterator[bool]:
    with (Path(settings.HOME) / f"reorder-{campaign_id}.lock").open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
