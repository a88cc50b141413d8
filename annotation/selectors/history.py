"""Everything that happened to one item, for its lead: who, when, from what to what."""

from dataclasses import dataclass
from datetime import datetime

from annotation.models import Item, LabelEvent
from annotation.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of history.

    Attributes:
        who: the pseudonym of an annotator, the name of a lead; empty where the account is gone or labels were imported
            by nobody.
        by_lead: whether it belongs to the layer of decisions.
        action: in the reader's language; `kind` is its name in data.
        old, new: titles of categories, or what else changed; empty for none.
    """

    at: datetime
    who: str
    by_lead: bool
    kind: str
    action: str
    old: str
    new: str
    note: str
    seconds: float | None
    taxonomy_version: int | None
    guess: str
    guess_model: str
    origin: str
    late: bool


def history_of(item: Item, taxonomy: Taxonomy, language: str) -> list[Happening]:
    """The whole history, oldest first; one query."""
    titles = {category.slug: category.title(language) for category in taxonomy.categories}
    events = LabelEvent.objects.filter(item=item).select_related("annotator", "actor").order_by("pk")
    return [_happening(event, titles) for event in events]


def _happening(event: LabelEvent, titles: dict[str, str]) -> Happening:
    if event.annotator is not None:
        who = event.annotator.pseudonym
    else:
        who = event.actor.get_username() if event.actor else ""
    return Happening(
        at=event.at,
        who=who,
        by_lead=event.annotator is None,
        kind=event.action,
        action=event.get_action_display(),
        old=titles.get(event.old, event.old),
        new=titles.get(event.new, event.new),
        note=event.note,
        seconds=event.seconds,
        taxonomy_version=event.taxonomy_version,
        guess=titles.get(event.guess, event.guess),
        guess_model=event.guess_model,
        origin=event.origin,
        late=event.late,
    )
