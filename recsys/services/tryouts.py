"""A researcher tries a system: a row is written and a worker is called. Answering is in `tryout_answering`.

Unlike a trial, a lost try-out costs nobody anything: so there is no lease to renew, and one deadline after which nobody
answers any more.
"""

import logging
import os
import socket
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from playoff.common.errors import InvalidInputError
from playoff.common.turns import writing_turn
from recsys.errors import TryoutKeyReusedError
from recsys.models import SystemVersion, Tryout
from recsys.selectors.catalogue import is_known_listener

if TYPE_CHECKING:
    from playoff.accounts.models import User

logger = logging.getLogger(__name__)
MAX_QUERY = 500
MAX_K = 100
MAX_KEY = 100
AT_ONCE = 2
_NAMESPACE = uuid.UUID("6f0a4c1e-6d1b-4b57-9f6e-2a1f7f3f8a55")

BROKE = gettext_noop("The system failed on this query; the log of the worker says why.")
LATE = gettext_noop("No worker has answered in time. Ask again once one runs.")
LOST = gettext_noop("The worker died on this query, and again; its log may say why. Often it is too little memory.")


def ask(
    *, by: "User", versions: Sequence[SystemVersion], query: str, listener: str = "", k: int = 20, key: str
) -> tuple[list[Tryout], bool]:
    """Ask one or two system versions the same, and call a worker. Returns the rows and whether they are new.

    The same key by the same person again is the same question, asked once.

    Raises:
        InvalidInputError: The query, k, the key or the listener is not to be had.
        TryoutKeyReusedError: The key was used for another question.
    """
    query = query.strip()
    _check(versions, query, listener, k, key)
    wanted = [
        Tryout(
            public_id=uuid.uuid5(_NAMESPACE, f"{by.pk}/{place}/{key}"),
            asked_by=by, version=version, query=query, listener=listener, k=k,
        )
        for place, version in enumerate(versions)
    ]  # fmt: skip
    with writing_turn(), transaction.atomic():
        Tryout.objects.bulk_create(wanted, ignore_conflicts=True)  # the unique id keeps a double click to one row
        found = {row.public_id: row for row in Tryout.objects.filter(public_id__in=[row.public_id for row in wanted])}
        rows = [found[row.public_id] for row in wanted]
        new = all(row.attempts == 0 and row.sent_at == mine.sent_at for row, mine in zip(rows, wanted, strict=True))
        if any(_question(row) != _question(mine) for row, mine in zip(rows, wanted, strict=True)):
            raise TryoutKeyReusedError(_("This Idempotency-Key was used for another query; send a new one."))
        if new:
            call_worker([row.pk for row in rows])
    logger.info("tryout.asked versions=%s new=%s", ",".join(str(version.pk) for version in versions), new)
    return rows, new


def call_worker(keys: Sequence[int]) -> None:
    """Call a worker for each row once the transaction has committed; a broker that is down is not an error."""
    transaction.on_commit(lambda: _send(keys), robust=True)


def is_abandoned(tryout: Tryout, now: datetime) -> bool:
    """Whether whoever took it will not answer: its process is gone, or has had all the time a task may take."""
    if tryout.started_at is None:
        return False
    if tryout.started_at < now - timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT + 10):
        return True
    host, _sep, process = tryout.worker.rpartition("/")
    if host != socket.gethostname() or not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return int(process) == os.getpid()  # one child works on one thing at a time: what I held before, a dead one held


def deadline(now: datetime) -> datetime:
    """What was asked before this moment is over, answered or not."""
    return now - timedelta(seconds=settings.GENERATION_DEADLINE_S)


def _check(versions: Sequence[SystemVersion], query: str, listener: str, k: int, key: str) -> None:
    if not 1 <= len({version.pk for version in versions}) == len(versions) <= AT_ONCE:
        raise InvalidInputError(_("Choose one system version, or two different ones."))
    if not 1 <= len(query) <= MAX_QUERY:
        raise InvalidInputError(_("A query has between 1 and %(most)s characters.") % {"most": MAX_QUERY})
    if not 1 <= k <= MAX_K:
        raise InvalidInputError(_("A playlist has between 1 and %(most)s tracks, got %(k)s.") % {"most": MAX_K, "k": k})
    if not 1 <= len(key) <= MAX_KEY:
        raise InvalidInputError(_("The Idempotency-Key must have between 1 and 100 characters."))
    for version in versions:
        if listener and not is_known_listener(version.dataset_id, listener):
            raise InvalidInputError(
                _("The data set %(dataset)s knows no listener “%(listener)s”.")
                % {"dataset": version.dataset, "listener": listener[:50]}
            )


def _question(row: Tryout) -> tuple[object, ...]:
    return row.version_id, row.query, row.listener, row.k


def _send(keys: Sequence[int]) -> None:
    from recsys.tasks import answer_tryout

    for key in keys:
        try:
            answer_tryout.apply_async((key,), expires=settings.GENERATION_DEADLINE_S)
        except Exception:  # the edge to the broker: whatever it raises, the row is safe and the clock will call again
            logger.warning("tryout.unsent tryout=%s: the clock will send it", key, exc_info=True)
            return
