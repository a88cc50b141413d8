"""Runs of classifiers as pages show them, and which of them is in use."""

from django.db.models import Q, QuerySet

from annotation.classifier_version import ClassifierVersion
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
    run = promotion.run
    return ClassifierVersion(run=run.pk, name=run.name, fingerprint=run.fingerprint, path=run.directory.absolute())
