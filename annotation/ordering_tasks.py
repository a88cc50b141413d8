"""Celery's door to reordering. The work is done in a child process, at low priority, and no task waits for it."""

import logging
import time

from celery import shared_task

from annotation.child_runs import Children

logger = logging.getLogger(__name__)
MOST_S = 600.0
"""A run that takes longer hangs, and is ended."""
PAUSE_AFTER_FAILURE_S = 300.0

_children = Children("reorder")
_failed: dict[str, float] = {}


@shared_task(name="annotation.tasks.start_reorders", acks_late=False)
def start_reorders() -> None:
    """Start a run for every campaign that is due, and look after those that are on."""
    from annotation.selectors.ordering import due_campaigns

    tend_runs()
    for campaign in due_campaigns():
        if time.monotonic() - _failed.get(campaign.slug, -PAUSE_AFTER_FAILURE_S) >= PAUSE_AFTER_FAILURE_S:
            _children.start(campaign.slug)


@shared_task(name="annotation.tasks.start_reorder", acks_late=False)
def start_reorder(campaign_id: int) -> None:
    """Start a run for a campaign now, because a lead asked for it."""
    from annotation.models import Campaign

    tend_runs()
    slug = Campaign.objects.filter(pk=campaign_id).values_list("slug", flat=True).first()
    if slug is not None:
        _children.start(slug)


def tend_runs() -> None:
    """Say which runs failed, end those that hang, forget those that are over."""
    for run in _children.tend(most_s=MOST_S):
        if run.code:  # what went wrong the child has written where this process logs
            _failed[run.key] = time.monotonic()
            logger.error("reorder.failed campaign=%s code=%d seconds=%.0f", run.key, run.code, run.seconds)
