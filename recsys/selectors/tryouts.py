"""What the try-it box shows: whom one may listen as, and a try-out as it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from annotation.public import BY_SLUG
from playoff.common.clock import database_now
from recsys.models import Interaction, Listener, SystemVersion, Tryout
from recsys.services.tryouts import LATE, deadline

if TYPE_CHECKING:
    from playoff.accounts.models import User

AWAY_AFTER_S = 8
"""After so long without a worker the page says so."""


@dataclass(frozen=True, slots=True)
class ListenerRow:
    """A listener to choose: `events` lines of interactions, none of which means a taste nobody knows."""

    id: str
    description: str
    events: int


@dataclass(frozen=True, slots=True)
class Part:
    """One number of a track's score. `width` of 100 is the largest of the list; None where there is no such number."""

    value: float
    width: float


@dataclass(frozen=True, slots=True)
class TriedTrack:
    """One place of the playlist with its score taken apart.

    Attributes:
        semantic: s_llm, how near the track is to the words.
        collaborative: s_cf, how near it is to the listener's habits.
        factor: s_cf ** alpha, what is left of it by the exponent: score = semantic * factor.
    """

    position: int
    title: str
    artists: str
    year: int | None
    score: Part
    semantic: Part | None
    collaborative: Part | None
    factor: float | None


@dataclass(frozen=True, slots=True)
class SeenTryout:
    """A try-out as it stands now.

    Attributes:
        state: `queued`, `away` (nobody has taken it for a while), `working`, `done` or `failed`.
        words: sentences on what the scores are made of.
    """

    row: Tryout
    state: str
    error: str = ""
    tracks: tuple[TriedTrack, ...] = ()
    words: tuple[str, ...] = ()
    alpha: float | None = None
    category: str = ""
    seconds: float | None = None

    @property
    def pending(self) -> bool:
        return self.state in ("queued", "away", "working")


def tryouts_of(person: "User") -> QuerySet[Tryout]:
    """A person's own try-outs, the newest first. One query."""
    return Tryout.objects.filter(asked_by=person).select_related("version__dataset")


def find_listeners(version: SystemVersion, words: str, n: int, *, chosen: str = "") -> list[ListenerRow]:
    """The first `n` listeners of a version's data set that hold every word in id or description; `chosen` comes first.

    Without words, those whose taste is known come before the others. Two queries.
    """
    words, chosen = words.replace("\0", " "), chosen.replace("\0", "")  # PostgreSQL takes no such character
    listeners = Listener.objects.filter(dataset_id=version.dataset_id)
    for word in words.split()[:8]:
        spellings = {word, word.lower(), word.capitalize()}  # SQLite folds no Cyrillic letters
        holds = Q(pk__in=[])
        for spelling in spellings:
            for column in ("external_id", "description_en", "description_ru"):
                holds |= Q(**{f"{column}__icontains": spelling})
        listeners = listeners.filter(holds)
    if chosen:
        listeners = listeners | Listener.objects.filter(dataset_id=version.dataset_id, external_id=chosen)
    listeners = listeners.annotate(
        known=Exists(Interaction.objects.filter(listener=OuterRef("pk"))), is_chosen=Q(external_id=chosen)
    )
    found = list(listeners.order_by("-is_chosen", "-known", "external_id")[:n])
    events = _events([listener.pk for listener in found])
    russian = (get_language() or "").startswith("ru")
    return [
        ListenerRow(
            one.external_id, (one.description_ru if russian else "") or one.description_en, events.get(one.pk, 0)
        )
        for one in found
    ]


def seen(tryout: Tryout) -> SeenTryout:
    """A try-out in words. Past its deadline it has failed, whether or not the clock has come by to write so.

    At most two queries.
    """
    if tryout.state == Tryout.State.FAILED:
        return SeenTryout(tryout, "failed", error=_(tryout.error) if tryout.error else "")
    if tryout.state == Tryout.State.QUEUED:
        now = database_now()
        if tryout.created_at < deadline(now):
            return SeenTryout(tryout, "failed", error=_(LATE))
        if tryout.started_at is not None:
            return SeenTryout(tryout, "working")
        away = tryout.created_at < now - timedelta(seconds=AWAY_AFTER_S)
        return SeenTryout(tryout, "away" if away else "queued")
    answer: Mapping[str, Any] = tryout.answer or {}
    alpha = answer.get("alpha")
    category = BY_SLUG.get(answer.get("category") or "")
    return SeenTryout(
        tryout,
        "done",
        tracks=tuple(_tried(answer.get("tracks", []), alpha)),
        words=tuple(_words(tryout, answer)),
        alpha=alpha,
        category=category.title(get_language() or "en") if category else "",
        seconds=answer.get("seconds"),
    )


def _tried(tracks: Sequence[Mapping[str, Any]], alpha: float | None) -> list[TriedTrack]:
    most = {
        name: max((track[name] for track in tracks if name in track), default=0.0)
        for name in ("score", "semantic", "collaborative")
    }

    def part(track: Mapping[str, Any], name: str) -> Part | None:
        if name not in track:
            return None
        largest = 1.0 if name == "collaborative" else most[name]  # s_cf has an end of its own
        return Part(track[name], max(0.0, min(100.0, 100 * track[name] / largest)) if largest > 0 else 0.0)

    return [
        TriedTrack(
            position=position,
            title=track["title"],
            artists=", ".join(track["artists"]),
            year=track.get("year"),
            score=part(track, "score") or Part(0.0, 0.0),
            semantic=part(track, "semantic"),
            collaborative=part(track, "collaborative"),
            factor=track["collaborative"] ** alpha if alpha is not None and "collaborative" in track else None,
        )
        for position, track in enumerate(tracks, start=1)
    ]


def _words(tryout: Tryout, answer: Mapping[str, Any]) -> list[str]:
    """Whether the listener counted, and why not."""
    if answer.get("alpha") is None:
        return [_("This system asks for no listener: its score has one part.")]
    if not tryout.listener:
        return [_("Nobody’s taste was asked for, so the collaborative part is 1 for every track.")]
    listener = Listener.objects.filter(dataset_id=tryout.version.dataset_id, external_id=tryout.listener)
    if not Interaction.objects.filter(listener__in=listener).exists():
        return [_("The data set holds no history of this listener, so the collaborative part is 1 for every track.")]
    if all(track.get("collaborative") == 1 for track in answer.get("tracks", [])):
        return [_("Nothing of this listener’s history counts here: the collaborative part is 1 for every track.")]
    return []


def _events(listeners: Sequence[int]) -> dict[int, int]:
    rows = Interaction.objects.filter(listener_id__in=listeners).values_list("listener_id")
    return dict(rows.annotate(count=Count("pk")).order_by())
