"""A study is rehearsed: simulated participants, real systems, a closed study beside the real one."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from evaluation.language import query_language
from evaluation.models import Judgment, Participant, Side, Study, StudySystem, Trial
from evaluation.rehearsal import Ask, Crowd, Plan, asks
from evaluation.sampling import SAMPLER, Draw, draw
from evaluation.selectors.listeners import listener_choices
from evaluation.services.generation import shown
from playoff.common.clock import database_now
from playoff.common.errors import InvalidInputError
from recsys import public as recsys

logger = logging.getLogger(__name__)
Progress = Callable[[str, int, int], None]
CONSENT = "A rehearsal: its participants are simulated."
COPIED = ("intro", "intro_ru", "question", "question_ru", "playlist_length", "elo_k", "sample_listeners", "classifier")


@dataclass
class _Rows:
    """What is written at the end, all at once."""

    trials: list[Trial] = field(default_factory=list)
    sides: list[Side] = field(default_factory=list)
    judgments: list[Judgment] = field(default_factory=list)


def rehearse(*, study: Study, slug: str, plan: Plan, queries: Sequence[str], progress: Progress | None = None) -> Study:
    """Hold a rehearsal of the study, under a short name of its own; nothing of it counts for the study.

    Pairs and sides are drawn as for participants, and the study's systems make the playlists; only who judges is
    simulated. The new study is closed and marked as a rehearsal for good.

    Raises:
        RehearsalError: There are too few queries.
        InvalidInputError: The short name is taken, or the study has fewer than two systems.
    """
    asked = asks(plan, queries)
    if Study.objects.filter(slug=slug).exists():
        raise InvalidInputError(f"There is a study `{slug}` already; choose another short name.")
    systems = list(study.systems.order_by("pk"))
    if len(systems) < 2:
        raise InvalidInputError(f"A comparison needs at least two systems; this study has {len(systems)}.")
    copy, entries = _copy(study, slug, plan, systems)
    try:  # the systems run between two short transactions, so that nobody else waits for them
        rows = _rows(copy, entries, plan, asked, progress)
        _insert(copy, rows)
    except BaseException:
        copy.delete()
        raise
    logger.info("study.rehearsed study=%s rehearsal=%s judgments=%s", study.slug, slug, len(rows.judgments))
    return copy


Playlist = tuple[list[recsys.TrackCard], float]


def _rows(
    copy: Study,
    entries: dict[int, StudySystem],
    plan: Plan,
    asked: list[Ask],
    progress: Progress | None,
) -> _Rows:
    people = list(copy.participants.order_by("pk"))
    crowd, rows = Crowd(plan, list(entries)), _Rows()
    seen: dict[int, list[tuple[int, int]]] = {}
    for number, ask in enumerate(asked):
        before = seen.setdefault(ask.participant, [])
        chosen = draw(seed=copy.seed, number=number, systems=list(entries), firsts_before=before)
        before.append((chosen.first, chosen.second))
        trial = _trial(copy, people[ask.participant], number, ask, chosen)
        sides = [
            _side(trial, name, entries[system])
            for name, system in ((Side.Name.A, chosen.first), (Side.Name.B, chosen.second))
        ]
        trial.visible_from = max(side.finished_at for side in sides if side.finished_at) + timedelta(seconds=1)
        choice = crowd.choice(participant=ask.participant, trial=number, first=chosen.first, second=chosen.second)
        if sides[0].tracks == sides[1].tracks:
            trial.state = Trial.State.IDENTICAL
        elif choice is None:
            trial.state = Trial.State.EXPIRED
        else:
            trial.state = Trial.State.JUDGED
            at = trial.visible_from + timedelta(seconds=20 + (trial.number * 7919 + plan.seed) % 40)
            rows.judgments.append(Judgment(trial=trial, choice=choice, created_at=at))
        rows.trials.append(trial)
        rows.sides += sides
        if progress is not None:
            progress("trials", number + 1, len(asked))
    return rows


@transaction.atomic
def _copy(study: Study, slug: str, plan: Plan, systems: list[StudySystem]) -> tuple[Study, dict[int, StudySystem]]:
    now = database_now()
    copy = Study.objects.create(
        slug=slug,
        title=f"Rehearsal: {study.title}"[:200],
        title_ru=f"Репетиция: {study.title_ru}"[:200] if study.title_ru else "",
        rehearsal=True,
        consent=CONSENT,
        opened_at=now - timedelta(days=plan.days + 1),
        **{name: getattr(study, name) for name in COPIED},
    )
    entries = StudySystem.objects.bulk_create(
        StudySystem(study=copy, name=system.name, version_id=system.version_id) for system in systems
    )
    borrowed = [choice.id for choice in listener_choices(study)]
    Participant.objects.bulk_create(
        Participant(
            study=copy,
            platform_id=f"simulated-{number + 1:04d}",
            # a sample listener's taste, in turn, or that of somebody whom the systems do not know
            listener=borrowed[number % len(borrowed)] if borrowed else f"simulated-{number + 1:04d}",
            language="en",
            consent_sha256="simulated",
        )
        for number in range(plan.participants)
    )
    return copy, {entry.pk: entry for entry in entries}


def _trial(copy: Study, participant: Participant, number: int, ask: Ask, chosen: Draw) -> Trial:
    assert copy.opened_at is not None
    at = copy.opened_at + timedelta(seconds=ask.at)
    return Trial(
        study=copy,
        participant=participant,
        number=number,
        idempotency_key=f"rehearsal-{number}",
        query=ask.query,
        query_language=query_language(ask.query),
        sampler=SAMPLER,
        pair_probability=chosen.pair_probability,
        side_probability=chosen.side_probability,
        created_at=at,
        deadline=at + timedelta(seconds=settings.GENERATION_DEADLINE_S),
        expires_at=at + timedelta(hours=settings.JUDGING_HOURS),
    )


def _side(trial: Trial, name: str, system: StudySystem) -> Side:
    began = time.perf_counter()
    cards = recsys.playlist_for(
        version_id=system.version_id,
        query=trial.query,
        listener=trial.participant.listener,
        k=trial.study.playlist_length,
    )
    seconds = time.perf_counter() - began
    return Side(
        trial=trial,
        name=name,
        system=system,
        state=Side.State.READY,
        attempt=1,
        sent_at=trial.created_at,
        tracks=[card.id for card in cards],
        playlist=[shown(card) for card in cards],
        model_seconds=seconds,
        finished_at=trial.created_at + timedelta(seconds=seconds),
    )


@transaction.atomic
def _insert(copy: Study, rows: _Rows) -> None:
    times = [judgment.created_at for judgment in rows.judgments]
    Trial.objects.bulk_create(rows.trials, batch_size=500)
    Side.objects.bulk_create(rows.sides, batch_size=500)
    Judgment.objects.bulk_create(rows.judgments, batch_size=500)
    for judgment, at in zip(rows.judgments, times, strict=True):
        judgment.created_at = at  # the field takes the time of insertion for itself
    Judgment.objects.bulk_update(rows.judgments, ["created_at"], batch_size=500)
    copy.draws, copy.status, copy.closed_at = len(rows.trials), Study.Status.CLOSED, database_now()
    copy.save(update_fields=["draws", "status", "closed_at"])
