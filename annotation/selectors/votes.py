"""The labels of a campaign: as they are now, and as they were at any moment, in one fixed order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import CharField, F, OuterRef, Subquery
from django.db.models.functions import Cast, Collate

from annotation.export.records import VoteRecord, utc_seconds
from annotation.models import Assignment, Campaign, LabelEvent

CHUNK = 2_000
_LABELS = (LabelEvent.Action.LABEL, LabelEvent.Action.CHANGE)
_TAKEN_BACK = (LabelEvent.Action.UNDO, LabelEvent.Action.REOPEN, LabelEvent.Action.SKIP)


@dataclass(frozen=True, slots=True)
class Vote:
    """A label as it stood at a moment.

    Attributes:
        item, query: primary keys.
        annotator: the pseudonym.
        answer: the known right category, of gold questions and practice; empty for real work.
        surplus: whether it is beyond the overlap and does not count. The history does not hold this, it is read off
            the place as it is now.
    """

    item: int
    query: int
    text: str
    language: str
    family: str
    kind: str
    answer: str
    annotator: str
    category: str
    taxonomy_version: int
    seconds: float | None
    at: datetime
    origin: str
    guess: str
    guess_model: str
    late: bool
    surplus: bool
    flag: str = ""
    comment: str = ""
    dataset: str = ""
    external_id: str = ""

    @property
    def counts(self) -> bool:
        return self.kind == "work" and not self.surplus


def by_code_point(field: str) -> Any:
    """Order by a column's text, character by character: both databases then agree, whatever their collation."""
    text: Any = Cast(field, CharField())
    return Collate(text, "BINARY" if connection.vendor == "sqlite" else "C")


def votes_now(campaign: Campaign) -> Iterator[Vote]:
    """Every label as it stands, ordered by query id (as text) and pseudonym; one query, streamed."""
    rows: Iterable[tuple[Any, ...]] = (
        Assignment.objects.labelled()
        .filter(campaign=campaign)
        .order_by(by_code_point("item__query_id"), by_code_point("annotator__pseudonym"))
        .values_list(
            "item_id", "item__query_id", "item__query__text", "item__query__language", "item__query__family",
            "item__kind", "item__answer", "annotator__pseudonym", "category", "taxonomy_version", "seconds",
            "acted_at", "origin", "guess", "guess_model", "late", "surplus", "flag", "comment",
            "item__query__dataset", "item__query__external_id",
        )
        .iterator(chunk_size=CHUNK)
    )  # fmt: skip
    for row in rows:
        yield Vote(*row)


def votes_at(campaign: Campaign, moment: datetime) -> Iterator[Vote]:
    """Every label as it stood at `moment`, rebuilt from the history alone, in the order of `votes_now`.

    Labels that were taken back, skipped after all or sent round again by then are not among them. One query, streamed.
    """
    place = Assignment.objects.filter(item=OuterRef("item"), annotator=OuterRef("annotator"))
    events = (
        LabelEvent.objects.filter(campaign=campaign, annotator__isnull=False, at__lte=moment)
        .order_by(by_code_point("item__query_id"), by_code_point("annotator__pseudonym"), "pk")
        .values(
            "item_id", "action", "new", "note", "seconds", "taxonomy_version", "at", "origin", "guess", "guess_model",
            "late", query=F("item__query_id"), text=F("item__query__text"), language=F("item__query__language"),
            family=F("item__query__family"), kind=F("item__kind"), answer=F("item__answer"),
            dataset=F("item__query__dataset"), external_id=F("item__query__external_id"),
            annotator_name=F("annotator__pseudonym"), surplus=Subquery(place.values("surplus")[:1]),
        )
    )  # fmt: skip
    rows: Iterable[Any] = events.iterator(chunk_size=CHUNK)
    for _place, history in groupby(rows, key=lambda row: (row["item_id"], row["annotator_name"])):
        if (vote := _after(history)) is not None:
            yield vote


def _after(history: Iterator[dict[str, Any]]) -> Vote | None:
    """The label that stands after everything an annotator did with one item."""
    vote: Vote | None = None
    flag = comment = ""
    for event in history:
        action = event["action"]
        if action in _LABELS:
            vote = _labelled(event, vote)
            comment = event["note"] or comment
        elif action in _TAKEN_BACK:
            vote = None
            if action == LabelEvent.Action.REOPEN:
                flag = ""  # what was unclear may be clear under the new guideline
        elif action == LabelEvent.Action.FLAG:
            flag = event["new"]
        elif action == LabelEvent.Action.COMMENT:
            comment = event["note"]
    return None if vote is None else replace(vote, flag=flag, comment=comment)


def _labelled(event: dict[str, Any], before: Vote | None) -> Vote:
    seconds = event["seconds"]
    if seconds is None and before is not None:
        seconds = before.seconds  # a change without a time keeps the first one
    return Vote(
        item=event["item_id"],
        query=event["query"],
        text=event["text"],
        language=event["language"],
        family=event["family"],
        kind=event["kind"],
        answer=event["answer"],
        annotator=event["annotator_name"],
        category=event["new"],
        taxonomy_version=event["taxonomy_version"],
        seconds=seconds,
        at=event["at"],
        origin=event["origin"],
        guess=event["guess"],
        guess_model=event["guess_model"],
        late=event["late"],
        surplus=bool(event["surplus"]),
        dataset=event["dataset"],
        external_id=event["external_id"],
    )


@dataclass(frozen=True, slots=True)
class Decision:
    """What a lead had decided about an item; an empty category: that it cannot be decided."""

    item: int
    query: int
    category: str
    note: str
    at: datetime


def decisions_at(campaign: Campaign, moment: datetime) -> dict[int, Decision]:
    """The decisions that stood at `moment`, by item, rebuilt from the history alone; one query."""
    events = (
        LabelEvent.objects.filter(campaign=campaign, annotator=None, at__lte=moment)
        .filter(action__in=[LabelEvent.Action.DECIDE, LabelEvent.Action.UNDO])
        .order_by("pk")
        .values_list("action", "item_id", "item__query_id", "new", "note", "at")
    )
    standing: dict[int, Decision] = {}
    for action, item, query, category, note, at in events.iterator(chunk_size=CHUNK):
        if action == LabelEvent.Action.UNDO:
            standing.pop(item, None)
        else:
            standing[item] = Decision(item, query, category, note, at)
    return standing


def vote_records(campaign: Campaign, *, at: datetime | None = None) -> Iterator[VoteRecord]:
    """The labels as files hold them, now or at a moment of the past."""
    taxonomy = campaign.taxonomy.taxonomy
    halves = {category.slug: category.personalised for category in taxonomy.categories}
    for vote in votes_now(campaign) if at is None else votes_at(campaign, at):
        yield VoteRecord(
            query_id=str(vote.query),
            text=vote.text,
            language=vote.language,
            annotator=vote.annotator,
            category=vote.category,
            personalised=halves.get(vote.category),
            taxonomy=taxonomy.slug,
            taxonomy_version=vote.taxonomy_version,
            seconds=vote.seconds,
            labelled_at=utc_seconds(vote.at),
            origin=vote.origin,
            kind=vote.kind,
            guess=vote.guess,
            guess_model=vote.guess_model,
            late=vote.late,
            surplus=vote.surplus,
            flag=vote.flag,
            comment=vote.comment,
            dataset=vote.dataset,
            external_id=vote.external_id,
        )
