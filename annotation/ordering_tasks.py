"""Celery's door to reordering. The work is done in a child process, at low priority, and no task waits for it.

Learning takes seconds of a whole core, and up to half a minute for a large pool. The embedded worker is a single
process that makes playlists as well, for people who wait: it must not stand still that long, nor keep the memory.
"""

import logging
import subprocess
import sys
import time
from dataclasses import dataclass, field

from celery import shared_task
from django.conf import settings

logger = logging.getLogger(__name__)
MOST_S = 600.0
"""A run that takes longer hangs, and is ended."""
PAUSE_AFTER_FAILURE_S = 300.0


@dataclass
class Run:
    """A child process that reorders one campaign."""

    slug: str
    process: subprocess.Popen[bytes]
    began: float = field(default_factory=time.monotonic)


_runs: dict[str, Run] = {}
_failed: dict[str, float] = {}


@shared_task(name="annotation.tasks.start_reorders", acks_late=False)
def start_reorders() -> None:
    """Start a run for every campaign that is due, and look after those that are on."""
    from annotation.selectors.ordering import due_campaigns

    tend_runs()
    for campaign in due_campaigns():
        if time.monotonic() - _failed.get(campaign.slug, -PAUSE_AFTER_FAILURE_S) >= PAUSE_AFTER_FAILURE_S:
            start_run(campaign.slug)


@shared_task(name="annotation.tasks.start_reorder", acks_late=False)
def start_reorder(campaign_id: int) -> None:
    """Start a run for a campaign now, because a lead asked for it."""
    from annotation.models import Campaign

    tend_runs()
    slug = Campaign.objects.filter(pk=campaign_id).values_list("slug", flat=True).first()
    if slug is not None:
        start_run(slug)


def start_run(slug: str) -> None:
    """Start a child unless this process has one for the campaign; other processes' children keep it out by a lock."""
    if slug in _runs:
        return
    command = [sys.executable, str(settings.ROOT / "manage.py"), "reorder", slug, "--low-priority"]
    _runs[slug] = Run(slug, subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL))
    logger.info("reorder.started campaign=%s pid=%d", slug, _runs[slug].process.pid)


def tend_runs() -> None:
    """Say which runs failed, end those that hang, forget those that are over."""
    for run in list(_runs.values()):
        code = run.process.poll()
        if code is None and time.monotonic() - run.began < MOST_S:
            continue
        if code is None:
            run.process.kill()
            code = run.process.wait()
        del _runs[run.slug]
        if code:  # what went wrong the child has written where this process logs
            _failed[run.slug] = time.monotonic()
            logger.error(
                "reorder.failed campaign=%s code=%d seconds=%.0f", run.slug, code, time.monotonic() - run.began
            )
