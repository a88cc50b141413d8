"""Everything that happened to one item, for its lead: who, when, from what to what."""

from dataclasses import dataclass
from datetime import datetime

from annotation.models import Item, LabelEvent
from annotation.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of history.

    Attributes:
        who: the pseudonym of an annotator, the name of a lead; empty where the account is gone.
        about: whose label a lead acted on, empty where they acted on the query.
        by_lead: whether a lead did it.
        action: in the reader's language; `kind` is its name in data.
        old, new: titles of categories, or what else changed; empty for none.
    """

    at: datetime
    who: str
    about: str
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
    pseudonym = event.annotator.pseudonym if event.annotator else ""
    by_lead = event.annotator is None or event.action == LabelEvent.Action.REOPEN
    lead = event.actor.get_username() if event.actor else ""
    return Happening(
        at=event.at,
        who=lead if by_lead else pseudonym,
        about=pseudonym if by_lead else "",
        by_lead=by_lead,
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
