"""Runs of classifiers as pages show them, and which of them is in use."""

from typing import Any

from django.db.models import Q, QuerySet

from annotation.classifier_version import ClassifierFigure, ClassifierQuality, ClassifierVersion
from annotation.models import ClassifierPromotion, ClassifierRun


def all_runs() -> QuerySet[ClassifierRun]:
    """Latest first, with what their row in a table names."""
    return ClassifierRun.objects.select_related("campaign", "gold", "created_by").defer(
        "campaign__instructions", "gold__summary", "gold__parameters"
    )


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


def _figure(given: dict[str, Any]) -> ClassifierFigure:
    low, high = given["ci"]
    return ClassifierFigure(value=given["value"], ci=(low, high))
