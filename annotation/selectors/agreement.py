"""The labels behind the agreement of a campaign, and the queries behind one cell of its confusion matrix.

Agreement takes the first labels that were planned for an item. A further one is asked for only where those differ, so
it would count disagreement a second time, and on average make it look smaller than it is. Confusion takes them all.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, QuerySet, Sum

from annotation.agreement_page import Named
from annotation.models import Annotator, Assignment, Campaign, Item, LabelEvent, TaxonomyVersion
from annotation.taxonomy import Category

if TYPE_CHECKING:  # numpy comes in with the first report, not with every page
    from annotation.votes import Votes

CHUNK = 2_000
_CHANGES = (LabelEvent.Action.LABEL, LabelEvent.Action.CHANGE, LabelEvent.Action.UNDO, LabelEvent.Action.REOPEN)
Triple = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class State:
    """What a report was computed from: equal states give equal reports.

    Attributes:
        labels: that count.
        event: last line of the campaign's history, 0 before the first.
    """

    labels: int
    event: int
    taxonomy: int
    seed: int


@dataclass(frozen=True, slots=True)
class CampaignVotes:
    """The labels that count, as the agreement core takes them; items are named by their query's number.

    Attributes:
        planned: the first labels of each item, as many as were planned for it.
        counted: all of them; its items are those of `planned`, in the same order.
        families: of each item.
        times: when each (item, annotator) was labelled last, seconds.
        groups: the half of each category, None where the taxonomy has none.
        outdated: labels of `counted` made under an older version of the taxonomy.
    """

    planned: "Votes"
    counted: "Votes"
    families: tuple[str, ...]
    times: Mapping[tuple[str, str], float]
    groups: Mapping[str, str] | None
    outdated: int


@dataclass(frozen=True, slots=True)
class CaseVote:
    who: Named
    category: str
    title: str
    comment: str
    unclear: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A query behind a cell; `decided` if a lead has settled it."""

    query: int
    text: str
    language: str
    decided: bool
    votes: tuple[CaseVote, ...]


def state_of(campaign: Campaign) -> State:
    """Two queries."""
    return State(
        labels=Item.objects.filter(campaign=campaign, kind=Item.Kind.WORK).aggregate(sum=Sum("labelled"))["sum"] or 0,
        event=LabelEvent.objects.filter(campaign=campaign).order_by("-pk").values_list("pk", flat=True).first() or 0,
        taxonomy=campaign.taxonomy_id,
        seed=campaign.seed,
    )


def changes_since(campaign: Campaign, event: int) -> int:
    """Labels given, changed, taken back or sent round again after a line of the history. One query."""
    return LabelEvent.objects.filter(campaign=campaign, pk__gt=event, action__in=_CHANGES).count()


def labelled_items(campaign: Campaign) -> int:
    """Items with a label that counts. One query."""
    return Item.objects.filter(campaign=campaign, kind=Item.Kind.WORK, labelled__gt=0).count()


def campaign_votes(campaign: Campaign) -> CampaignVotes:
    """Read all labels that count; four queries, the long ones streamed."""
    from annotation.votes import Votes

    read = _Reading(first=_first_labels(campaign), people=_pseudonyms(campaign), number=campaign.taxonomy.number)
    for _item, rows in groupby(_rows(campaign), key=itemgetter(0)):
        read.add(list(rows))
    known = categories_of(campaign)
    now = campaign.taxonomy.taxonomy.slugs
    slugs = [*now, *(slug for slug in known if slug not in now and slug in read.categories)]
    return CampaignVotes(
        planned=Votes.from_triples(read.planned, categories=slugs),
        counted=Votes.from_triples(read.counted, categories=slugs),
        families=tuple(read.families),
        times=read.times,
        groups=_halves(known, slugs),
        outdated=read.outdated,
    )


def _rows(campaign: Campaign) -> Iterator[tuple[Any, ...]]:
    votes = Assignment.objects.votes().filter(campaign=campaign).order_by("item_id", "acted_at", "pk")
    columns = (
        "item_id", "item__query_id", "item__query__family", "item__planned", "annotator_id", "category", "acted_at",
        "taxonomy_version",
    )  # fmt: skip
    rows: Iterator[tuple[Any, ...]] = votes.values_list(*columns).iterator(chunk_size=CHUNK)
    return rows


@dataclass(slots=True)
class _Reading:
    first: Mapping[tuple[int, int], int]
    people: Mapping[int, str]
    number: int
    planned: list[Triple] = field(default_factory=list)
    counted: list[Triple] = field(default_factory=list)
    families: list[str] = field(default_factory=list)
    times: dict[tuple[str, str], float] = field(default_factory=dict)
    categories: set[str] = field(default_factory=set)
    outdated: int = 0

    def add(self, rows: list[tuple[Any, ...]]) -> None:
        """Take the labels of one item."""
        item, query, family, planned = rows[0][:4]
        if len(rows) > planned:
            rows.sort(key=lambda row: self.first.get((item, row[4]), 0))
        triples = [(str(query), self.people[row[4]], row[5]) for row in rows]
        self.planned += triples[: max(1, planned)]
        self.counted += triples
        self.families.append(family or f"query {query}")
        for (name, person, category), row in zip(triples, rows, strict=True):
            self.times[name, person] = row[6].timestamp()
            self.categories.add(category)
            self.outdated += row[7] != self.number


def _first_labels(campaign: Campaign) -> dict[tuple[int, int], int]:
    """When (item, annotator) was first labelled, of items with more labels than planned, as lines of the history.

    A label that is changed later keeps its place: its last time would let the third label of an item, which is there
    only because the first two differ, pass for one of the first.
    """
    events = LabelEvent.objects.filter(
        campaign=campaign, action__in=[LabelEvent.Action.LABEL, LabelEvent.Action.REOPEN],
        annotator__isnull=False, item__labelled__gt=F("item__planned"),
    )  # fmt: skip
    first: dict[tuple[int, int], int] = {}
    rows = events.order_by("pk").values_list("item_id", "annotator_id", "pk", "action")
    for item, annotator, pk, action in rows.iterator(chunk_size=CHUNK):
        if action == LabelEvent.Action.REOPEN:
            first.pop((item, annotator or 0), None)
        else:
            first.setdefault((item, annotator or 0), pk)
    return first


def _pseudonyms(campaign: Campaign) -> dict[int, str]:
    return dict(Annotator.objects.filter(campaign=campaign).values_list("pk", "pseudonym"))


def categories_of(campaign: Campaign) -> dict[str, Category]:
    """Every category that a version of the campaign's taxonomy has, as its latest version says it; one query."""
    found: dict[str, Category] = {}
    versions = TaxonomyVersion.objects.filter(slug=campaign.taxonomy.slug, number__lte=campaign.taxonomy.number)
    for version in versions.defer("document").order_by("-number"):
        for category in version.taxonomy.categories:
            found.setdefault(category.slug, category)
    return found


def _halves(known: Mapping[str, Category], slugs: Iterable[str]) -> dict[str, str] | None:
    halves = {slug: known[slug].personalised for slug in slugs}
    if None in halves.values():
        return None
    return {slug: "personalised" if half else "not-personalised" for slug, half in halves.items()}


def names_of(campaign: Campaign) -> dict[str, str]:
    """Whose pseudonym is whose, for the lead; people without an account are left out. One query."""
    people = Annotator.objects.filter(campaign=campaign, user__isnull=False).select_related("user")
    return {person.pseudonym: person.user.get_full_name() or person.user.get_username() for person in people}  # type: ignore[union-attr]


def confusion_between(campaign: Campaign, between: tuple[str, str], slugs: Iterable[str]) -> dict[str, Any] | None:
    """From one annotator's labels to another's on the items of both, as `Confusion.as_json`; None where there are none.

    One query. Categories that `slugs` lacks come after them.
    """
    from annotation.agreement.confusion import confusion
    from annotation.votes import Votes

    votes = Assignment.objects.votes().filter(campaign=campaign, annotator__pseudonym__in=between)
    rows = votes.order_by("item_id").values_list("item_id", "annotator__pseudonym", "category")
    given: dict[str, dict[str, str]] = defaultdict(dict)
    for item, person, category in rows.iterator(chunk_size=CHUNK):
        given[str(item)][person] = category
    shared = [(item, person, label) for item, by in given.items() if len(by) == 2 for person, label in by.items()]
    if not shared:
        return None
    categories = list(dict.fromkeys([*slugs, *sorted({label for _, _, label in shared})]))
    return confusion(Votes.from_triples(shared, categories=categories), between=between).as_json()


def items_behind_cell(
    campaign: Campaign, row: str, column: str, *, between: tuple[str, str] | None = None
) -> QuerySet[Item]:
    """The items counted in a cell, in the order of their queries' numbers; one query.

    Without `between`: somebody chose the row and somebody else the column. With it: the first person chose the row and
    the second one the column.
    """
    items = Item.objects.filter(campaign=campaign, kind=Item.Kind.WORK)
    votes = Assignment.objects.votes().filter(campaign=campaign)
    if between is not None:
        for person, category in zip(between, (row, column), strict=True):
            chosen = votes.filter(annotator__pseudonym=person, category=category)
            items = items.filter(pk__in=chosen.values("item"))
    elif row != column:
        for category in (row, column):
            items = items.filter(pk__in=votes.filter(category=category).values("item"))
    else:
        twice = votes.filter(category=row).order_by().values("item").annotate(votes=Count("pk")).filter(votes__gte=2)
        items = items.filter(pk__in=twice.values("item"))
    return items.order_by("query_id")


def cases_of(items: Sequence[Item], titles: Mapping[str, str], names: Mapping[str, str]) -> list[Case]:
    """Some items with their queries and the labels that count, oldest first. Three queries for any number of items."""
    keys = [item.pk for item in items]
    votes: dict[int, list[CaseVote]] = defaultdict(list)
    columns = ("item_id", "category", "annotator__pseudonym", "comment", "flag")
    rows = Assignment.objects.votes().filter(item__in=keys).order_by("acted_at", "pk").values_list(*columns)
    for item, category, person, comment, flag in rows:
        who = Named(person, names.get(person, ""))
        unclear = flag == Assignment.Flag.UNCLEAR
        votes[item].append(CaseVote(who, category, titles.get(category, category), comment, unclear))
    read = Item.objects.filter(pk__in=keys).select_related("query", "adjudication").order_by("query_id")
    return [
        Case(
            query=item.query_id,
            text=item.query.text,
            language=item.query.language,
            decided=hasattr(item, "adjudication"),
            votes=tuple(votes[item.pk]),
        )
        for item in read
    ]
