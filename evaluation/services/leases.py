"""A lease is renewed while its worker lives, so that a slow playlist is not taken for a dead one."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection

from evaluation.models import Side
from playoff.common.clock import database_now

logger = logging.getLogger(__name__)


@contextmanager
def keep_lease(*, side_id: int, attempt: int) -> Iterator[None]:
    """Renew the lease four times per period from a thread of its own, until the block ends."""
    done = threading.Event()

    def renew() -> None:
        try:
            while not done.wait(settings.GENERATION_LEASE_S / 4):
                _renew(side_id, attempt)
        finally:
            connection.close()

    thread = threading.Thread(target=renew, name=f"lease-{side_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _renew(side_id: int, attempt: int) -> None:
    until = database_now() + timedelta(seconds=settings.GENERATION_LEASE_S)
    try:
        Side.objects.filter(pk=side_id, state=Side.State.LEASED, attempt=attempt).update(lease_until=until)
    except DatabaseError:  # the next beat tries again; a lease that does run out only costs a second attempt
        logger.warning("lease.not_renewed side=%s attempt=%s", side_id, attempt, exc_info=True)
