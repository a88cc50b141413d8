"""What pages read about studies."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language

from evaluation.models import Judgment, Look, Side, Study, StudySystem, Trial
from evaluation.services.participants import consent_text
from recsys.public import VersionUse


@dataclass(frozen=True, slots=True)
class StudyFace:
    """The study as participants see it, in their language where it has one."""

    slug: str
    title: str
    intro: str
    consent: str
    question: str


def study_face(study: Study) -> StudyFace:
    language = get_language() or "en"
    russian = language.startswith("ru")
    return StudyFace(
        slug=study.slug,
        title=(russian and study.title_ru) or study.title,
        intro=(russian and study.intro_ru) or study.intro,
        consent=consent_text(study, "ru" if russian else "en"),
        question=(russian and study.question_ru) or study.question,
    )


def open_listed_studies() -> list[StudyFace]:
    """Studies that anyone may join from the home page. One query."""
    return [study_face(study) for study in Study.objects.filter(status=Study.Status.OPEN, listed=True)]


def study_rows() -> list[dict[str, object]]:
    """All studies, newest first, with how much there is of everything. One query."""
    counted = Study.objects.annotate(
        n_participants=Count("participants", distinct=True),
        n_trials=Count("trials", distinct=True),
        n_judgments=Count("trials__judgment", distinct=True),
        n_systems=Count("systems", distinct=True),
    )
    return [
        {
            "slug": study.slug,
            "title": study.title,
            "status": study.status,
            "participants": study.n_participants,
            "trials": study.n_trials,
            "judgments": study.n_judgments,
            "systems": study.n_systems,
            "created_at": study.created_at,
        }
        for study in counted
    ]


def trial_states(study: Study) -> dict[str, int]:
    """How many trials are in each state, every state named. One query."""
    counts = dict(study.trials.values_list("state").annotate(count=Count("pk")).order_by())
    return {state: counts.get(state, 0) for state in Trial.State.values}


def shown_trials(study: Study) -> int:
    """How many trials were shown to a participant and answered, or given up. One query.

    Of an open study, a trial that is on show counts once it is answered or has expired: it may still be answered.
    """
    states = [Trial.State.JUDGED, Trial.State.EXPIRED]  # no other state expires than one on show
    if study.status == Study.Status.CLOSED:
        states.append(Trial.State.READY)
    return study.trials.filter(state__in=states).count()


def look_count(study: Study, judgments: int) -> int:
    """How often results were looked at, now included: at so many different numbers of judgments. One query."""
    return Look.objects.filter(study=study).exclude(judgments=judgments).count() + 1


def system_rows(study: Study) -> list[dict[str, object]]:
    """Per system: its version, how many trials it took part in and how often it failed. One query."""
    systems = study.systems.select_related("version").annotate(
        trial_count=Count("sides"), failure_count=Count("sides", filter=Q(sides__state=Side.State.FAILED))
    )
    return [
        {
            "name": system.name,
            "system": system.version.system,
            "artifact": system.version.fingerprint[:12],
            "trials": system.trial_count,
            "failures": system.failure_count,
        }
        for system in systems
    ]


def failures(study: Study) -> list[dict[str, object]]:
    """Why sides failed, by system. One query."""
    rows = (
        Side.objects.filter(trial__study=study, state=Side.State.FAILED)
        .values("system__name", "failure")
        .annotate(count=Count("pk"))
        .order_by("-count", "system__name")
    )
    return [{"system": row["system__name"], "reason": row["failure"], "count": row["count"]} for row in rows]


def studies_of_versions(versions: Sequence[int]) -> dict[int, list[VersionUse]]:
    """The studies that each system version takes part in, the oldest first. One query."""
    found: dict[int, list[VersionUse]] = {}
    for system in StudySystem.objects.filter(version__in=versions).select_related("study").order_by("study_id"):
        url = reverse("evaluation:study", args=[system.study.slug])
        found.setdefault(system.version_id, []).append(VersionUse(system.study.title, url))
    return found


def judgments_of(study: Study) -> QuerySet[Judgment]:
    """The study's judgments in the order they were made, with all that an export names. One query and one prefetch."""
    return (
        Judgment.objects.filter(trial__study=study)
        .select_related("trial__participant", "trial__study__classifier")
        .prefetch_related("trial__sides__system__version")
        .order_by("created_at", "pk")
    )
