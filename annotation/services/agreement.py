"""The agreement report of a campaign: computed once for one state of its labels, then kept.

What is kept lies in the home folder, where every process of the web and the workers finds the same. A small campaign
is computed while its lead waits, a large one by a worker.
"""

import logging
import time
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.filebased import FileBasedCache
from django.db import transaction
from django.utils import timezone

from annotation.models import Campaign
from annotation.selectors.agreement import State, campaign_votes, changes_since, labelled_items, state_of

if TYPE_CHECKING:
    pass

logger = logging.getLogger(__name__)
AT_ONCE = 20_000
"""Labelled queries up to which a report is computed while its lead waits: so many take five seconds of a core."""
RESAMPLES = 1_000
UNTAKEN = timedelta(seconds=30)
"""After this long a task that no worker has begun is said to wait for one."""
LATE = timedelta(minutes=11)
"""Just above the task's hard limit: a worker that has not answered by then is gone."""
_MOST_KEPT = 10_000
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known about a campaign's agreement now.

    Attributes:
        kept: the last report with what it was computed from, as `compute` makes it; None before the first.
        since: labels given, changed or taken back after it.
        current: whether another computation would give the same.
        job: of a computation that a worker does: `waiting`, `untaken` (no worker has begun), `running`, `failed`;
            empty where there is none.
    """

    kept: dict[str, Any] | None
    since: int
    current: bool
    job: str = ""

    @property
    def computed_at(self) -> datetime | None:
        return datetime.fromisoformat(self.kept["computed_at"]) if self.kept else None

    @property
    def busy(self) -> bool:
        return self.job in {"waiting", "untaken", "running"}


def standing(campaign: Campaign) -> Standing:
    """The last report; a small campaign without one gets it now. Three queries where it is kept."""
    kept = _cache().get(_key(campaign, "report"))
    if kept is None and labelled_items(campaign) <= AT_ONCE:
        kept = compute(campaign)
    now = state_of(campaign)
    if kept is None:
        return Standing(None, 0, False, _job(campaign))
    then = State(**kept["state"])
    since = changes_since(campaign, then.event) if then.event != now.event else 0
    return Standing(kept, since, then == now, _job(campaign))


def recompute(campaign: Campaign) -> Standing:
    """Bring the report up to date: now, or by a worker where it takes longer. One that is current stays."""
    found = standing(campaign)
    if found.current or found.job in {"waiting", "running"}:
        return found
    if labelled_items(campaign) <= AT_ONCE:
        compute(campaign)
    else:
        _note(campaign, "waiting")
        transaction.on_commit(lambda: _publish(campaign))
    return standing(campaign)


def compute(campaign: Campaign) -> dict[str, Any]:
    """Compute the report from the labels as they are, and keep it. Five queries.

    Returns:
        `report` as `AgreementReport.to_json` gives it, of the planned labels; `counted`, the confusion of all that
        count; `state`, `computed_at`, `seconds`; `outdated`, labels made under an older version of the taxonomy.
    """
    from annotation.agreement.confusion import confusion
    from annotation.agreement.report import agreement_report

    began = time.perf_counter()
    state = state_of(campaign)  # before the labels are read: one that comes between is then among those since
    votes = campaign_votes(campaign)
    report = agreement_report(
        votes.planned,
        groups=votes.groups,
        families=votes.families,
        seed=campaign.seed,
        resamples=RESAMPLES,
        times=votes.times,
    )
    kept = {
        "state": asdict(state),
        "computed_at": timezone.now().isoformat(),
        "seconds": time.perf_counter() - began,
        "report": report.to_json(),
        "counted": {"votes": len(votes.counted), "confusion": confusion(votes.counted).as_json()},
        "outdated": votes.outdated,
    }
    _cache().set(_key(campaign, "report"), kept)
    logger.info(
        "agreement.computed campaign=%s votes=%s seconds=%.2f", campaign.slug, len(votes.planned), kept["seconds"]
    )
    return kept


def compute_as_job(campaign_id: int) -> None:
    """The worker's side of `recompute`. A second call finds the report current and does nothing."""
    campaign = Campaign.objects.select_related("taxonomy").filter(pk=campaign_id).first()
    if campaign is None:
        return
    kept = _cache().get(_key(campaign, "report"))
    if kept is None or State(**kept["state"]) != state_of(campaign):
        _note(campaign, "running")
        try:
            compute(campaign)
        except BaseException:  # the edge of the process: the page must not wait for what will not come
            _note(campaign, "failed")
            raise
    _cache().delete(_key(campaign, "job"))


def report_file(kept: dict[str, Any]) -> dict[str, Any]:
    """The report as its JSON file holds it."""
    return {
        **kept["report"],
        "computed_at": kept["computed_at"],
        "labels_used": "the first labels planned for each query",
        "all_labels": kept["counted"],
        "outdated_labels": kept["outdated"],
    }


def _publish(campaign: Campaign) -> None:
    from kombu.exceptions import OperationalError

    from annotation.tasks import compute_agreement

    try:
        compute_agreement.delay(campaign.pk)
    except (OperationalError, OSError):
        logger.exception("agreement.not_published campaign=%s", campaign.slug)
        _note(campaign, "failed")


def _job(campaign: Campaign) -> str:
    job = _cache().get(_key(campaign, "job"))
    if job is None:
        return ""
    age = timezone.now() - datetime.fromisoformat(job["at"])
    if job["state"] == "waiting" and age > UNTAKEN:
        return "untaken"
    return "failed" if job["state"] == "running" and age > LATE else str(job["state"])


def _note(campaign: Campaign, state: str) -> None:
    _cache().set(_key(campaign, "job"), {"state": state, "at": timezone.now().isoformat()}, timeout=3_600)


def _cache() -> BaseCache:
    """Django's default cache is one for each process, so one of them would show what another has replaced."""
    return FileBasedCache(str(settings.HOME / "agreement"), {"timeout": None, "max_entries": _MOST_KEPT})


def _key(campaign: Campaign, what: str) -> str:
    """The time is in it because a database may give the number of a deleted campaign to another one."""
    return f"{_FORMAT}:{what}:{campaign.pk}:{campaign.created_at.timestamp()}"
