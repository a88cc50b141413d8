"""Runs of classifiers as pages show them, and which of them is in use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from annotation.classifier_version import ClassifierFigure, ClassifierQuality, ClassifierVersion
from annotation.models import Campaign, ClassifierPromotion, ClassifierRun
from playoff.common.clock import database_now

PATIENCE = timedelta(seconds=30)
"""A worker that is there takes a run sooner than this."""
SILENCE = timedelta(minutes=5)
ACTIVE = (ClassifierRun.State.QUEUED, ClassifierRun.State.RUNNING, ClassifierRun.State.STOPPING)


def all_runs() -> QuerySet[ClassifierRun]:
    """Latest first, with what their row in a table names."""
    return ClassifierRun.objects.select_related("campaign", "gold", "created_by").defer(
        "campaign__instructions", "gold__summary", "gold__parameters"
    )


@dataclass(frozen=True, slots=True)
class NewestClassifier:
    """The latest finished run on a campaign.

    Attributes:
        macro_f1: of the 19 categories.
        since: labels newer than the gold that it learned from.
    """

    run: ClassifierRun
    macro_f1: float | None
    since: int


def newest_classifier(campaign: Campaign, labels: int) -> NewestClassifier | None:
    """One query; `labels` are those that count, now."""
    finished = ClassifierRun.objects.filter(campaign=campaign, state=ClassifierRun.State.FINISHED)
    run = finished.select_related("gold").defer("gold__parameters").order_by("-created_at", "-pk").first()
    if run is None or run.gold is None:
        return None
    figure = run.metrics.get("categories", {}).get("macro_f1", {})
    return NewestClassifier(run, figure.get("value"), max(0, labels - run.gold.summary.get("votes", 0)))


def newest_promotion() -> ClassifierPromotion | None:
    """The promotion that holds, with its run; one query."""
    return ClassifierPromotion.objects.select_related("run", "by").order_by("-pk").first()


def promotion_before(current: ClassifierPromotion) -> ClassifierPromotion | None:
    """The latest promotion of another run before this one: what a roll-back goes back to; one query."""
    earlier = ClassifierPromotion.objects.select_related("run", "by").filter(pk__lt=current.pk)
    return earlier.filter(~Q(run=current.run_id)).order_by("-pk").first()


def promotions() -> QuerySet[ClassifierPromotion]:
    """The history, latest first; one query."""
    return ClassifierPromotion.objects.select_related("run", "by").order_by("-pk")


def promoted_classifier() -> ClassifierVersion | None:
    """The classifier in use, None before the first promotion; one query."""
    promotion = newest_promotion()
    if promotion is None:
        return None
    return _version(promotion.run)


def classifier_version(*, run: int) -> ClassifierVersion:
    """The classifier of a finished run; one query."""
    return _version(ClassifierRun.objects.get(pk=run, state=ClassifierRun.State.FINISHED))


def classifier_quality(*, run: int) -> ClassifierQuality:
    """How good the classifier of a finished run was on its own test; one query."""
    metrics = ClassifierRun.objects.values_list("metrics", flat=True).get(pk=run, state=ClassifierRun.State.FINISHED)
    return ClassifierQuality(
        queries=metrics["queries"],
        families=metrics["families"],
        binary_accuracy=_figure(metrics["binary"]["accuracy"]),
        binary_macro_f1=_figure(metrics["binary"]["macro_f1"]),
        category_accuracy=_figure(metrics["categories"]["accuracy"]),
        category_macro_f1=_figure(metrics["categories"]["macro_f1"]),
    )


def _version(run: ClassifierRun) -> ClassifierVersion:
    return ClassifierVersion(run=run.pk, name=run.name, fingerprint=run.fingerprint, path=run.directory.absolute())


@dataclass(frozen=True, slots=True)
class Live:
    """How far a run is that waits or is on.

    Attributes:
        percent: of the step it is at, None before the first report.
        untaken: it waits for longer than a worker needs to take it, and none trains another run meanwhile.
        behind: the number of the run that is trained before it.
        silent: it is on and has said nothing for minutes.
    """

    percent: float | None = None
    untaken: bool = False
    behind: int | None = None
    silent: bool = False


def live(run: ClassifierRun) -> Live:
    """As `lives`, of one run."""
    return lives([run])[0]


def lives(runs: Sequence[ClassifierRun]) -> list[Live]:
    """How far each run is; two queries at most, however many there are, and none where all are over."""
    if not any(run.state in ACTIVE for run in runs):
        return [Live() for _ in runs]
    now = database_now()
    on = ClassifierRun.objects.filter(state__in=[ClassifierRun.State.RUNNING, ClassifierRun.State.STOPPING])
    trained: dict[str, int] = {}
    for device, number in on.order_by("started_at").values_list("device", "pk"):
        trained.setdefault(device, number)
    return [_live(run, now, trained) for run in runs]


def _live(run: ClassifierRun, now: datetime, trained: Mapping[str, int]) -> Live:
    """`trained` has, by device, the run that has been on for longest."""
    if run.state not in ACTIVE:
        return Live()
    if run.state == ClassifierRun.State.QUEUED:
        behind = trained.get(run.device)
        return Live(untaken=behind is None and now - run.queued_at > PATIENCE, behind=behind)
    percent = round(100 * min(1.0, run.done / run.total), 1) if run.total else None
    return Live(percent=percent, silent=run.heartbeat is not None and now - run.heartbeat > SILENCE)


def _figure(given: dict[str, Any]) -> ClassifierFigure:
    low, high = given["ci"]
    return ClassifierFigure(value=given["value"], ci=(low, high))
