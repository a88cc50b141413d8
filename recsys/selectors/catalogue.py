"""What pages and studies ask of the loaded catalogues. Each selector says how many queries it costs."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.translation import get_language

from recsys.core.errors import RequestError
from recsys.core.ranking import Heard
from recsys.models import Interaction, Listener, Track


@dataclass(frozen=True, slots=True)
class TrackCard:
    """What a person sees of a track in a playlist."""

    id: str
    title: str
    artists: tuple[str, ...]
    year: int | None
    preview_url: str


@dataclass(frozen=True, slots=True)
class ListenerChoice:
    """A listener whose taste a person may borrow to try a system."""

    id: str
    description_en: str
    description_ru: str

    @property
    def description(self) -> str:
        """The description in the reader's language; without one, the id."""
        russian = (get_language() or "").startswith("ru")
        return (self.description_ru if russian else "") or self.description_en or self.id


def track_cards(dataset_id: int, track_ids: Sequence[str]) -> list[TrackCard]:
    """The cards of these tracks, in this order; an id that stands twice has two cards. One query.

    Raises:
        RequestError: An id is not in the data set.
    """
    columns = ("external_id", "title", "artists", "year", "preview_url")
    rows = Track.objects.filter(dataset_id=dataset_id, external_id__in=set(track_ids)).order_by().values_list(*columns)
    cards = {row[0]: TrackCard(row[0], row[1], tuple(row[2]), row[3], row[4]) for row in rows}
    unknown = [track_id for track_id in track_ids if track_id not in cards]
    if unknown:
        raise RequestError(f"Data set {dataset_id} holds no track {unknown[0]!r}; load the data set it comes from.")
    return [cards[track_id] for track_id in track_ids]


def is_known_listener(dataset_id: int, listener: str) -> bool:
    """Whether the data set knows this listener. One query."""
    return Listener.objects.filter(dataset_id=dataset_id, external_id=listener).exists()


def listening_history(dataset_id: int, listener: str) -> list[Heard]:
    """What a listener did, earlier first; of a listener whom the data set does not know, nothing. One query."""
    events = Interaction.objects.filter(listener__dataset_id=dataset_id, listener__external_id=listener)
    columns = ("track__external_id", "event", "count")
    return [Heard(*row) for row in events.order_by("timestamp", "pk").values_list(*columns)]


def listener_choices(dataset_id: int, n: int) -> list[ListenerChoice]:
    """The first `n` listeners, by id, who like something: a taste that shows in a playlist. One query."""
    likes = Interaction.objects.filter(listener=OuterRef("pk"), event=Interaction.Event.LIKE)
    listeners = Listener.objects.filter(Exists(likes), dataset_id=dataset_id).order_by("external_id")
    return [
        ListenerChoice(*row) for row in listeners.values_list("external_id", "description_en", "description_ru")[:n]
    ]
