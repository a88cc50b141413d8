"""What a lead sees when deciding: the queue, one case of it with names hidden, and how decisions turned out."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from annotation.models import Adjudication, Assignment, Campaign, Item
from annotation.overlap import majority
from annotation.taxonomy import Category, Taxonomy
from playoff.accounts.models import User
from playoff.common.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class Filters:
    """Which part of the queue: flagged as unclear only; with a vote of one category, or of both of a pair."""

    unclear: bool = False
    first: str = ""
    second: str = ""

    @classmethod
    def of(cls, given: QueryDict) -> "Filters":
        """The filters of an address: `?unclear=1&first=CATEGORY&second=CATEGORY`."""
        return cls(unclear=given.get("unclear") == "1", first=given.get("first", ""), second=given.get("second", ""))

    def query_string(self, **more: str) -> str:
        given = {"unclear": "1" if self.unclear else "", "first": self.first, "second": self.second, **more}
        return urlencode({name: value for name, value in given.items() if value})

    def __bool__(self) -> bool:
        return bool(self.unclear or self.first or self.second)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the queue: highest dispute first, then by item. Written `0.75_123`."""

    dispute: float
    item: int

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """The place that an address names, None if it names none."""
        if not text:
            return None
        dispute, _sign, item = text.partition("_")
        try:
            return cls(float(dispute), int(item))
        except ValueError:
            raise InvalidInputError(
                _("`after` must be a place in the queue, such as 0.75_123, got %(text)s.") % {"text": text}
            ) from None

    def __str__(self) -> str:
        return f"{self.dispute!r}_{self.item}"


@dataclass(frozen=True, slots=True)
class Choice:
    """A category in one language, with its key."""

    slug: str
    title: str
    definition: str
    not_this: str
    code: str
    cap: str
    personalised: bool | None


@dataclass(frozen=True, slots=True)
class HiddenVote:
    """One annotator's view of a case, without a name. `choice` is None where they gave no label."""

    number: int
    choice: Choice | None
    seconds: float | None
    comment: str
    unclear: bool
    surplus: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A query to be decided.

    Attributes:
        guess: the classifier's view, None where no classifier has seen the query.
        guideline: the categories that somebody or the classifier named, most votes first.
        decision: what stands already, None in the queue.
    """

    item: Item
    votes: tuple[HiddenVote, ...]
    guess: Choice | None
    guideline: tuple[Choice, ...]
    decision: Adjudication | None

    @property
    def place(self) -> str:
        return "" if self.item.dispute is None else str(Place(self.item.dispute, self.item.pk))


def choices(taxonomy: Taxonomy, language: str) -> tuple[Choice, ...]:
    return tuple(_choice(category, language) for category in taxonomy.categories)


def _choice(category: Category, language: str) -> Choice:
    return Choice(
        slug=category.slug,
        title=category.title(language),
        definition=category.definition(language),
        not_this=category.not_this(language),
        code=category.code or "",
        cap=category.key_cap(language),
        personalised=category.personalised,
    )


def queue(campaign: Campaign, filters: Filters = Filters(), *, after: Place | None = None) -> QuerySet[Item]:
    """Items that need a decision, highest dispute first, after a place if one is given."""
    items = Item.objects.filter(campaign=campaign, dispute__isnull=False, adjudication__isnull=True)
    if filters.unclear:
        flagged = Assignment.objects.filter(item=OuterRef("pk"), flag=Assignment.Flag.UNCLEAR)
        items = items.filter(Exists(flagged))
    for category in {filters.first, filters.second} - {""}:
        items = items.filter(Exists(Assignment.objects.votes().filter(item=OuterRef("pk"), category=category)))
    if after is not None:
        items = items.filter(Q(dispute__lt=after.dispute) | Q(dispute=after.dispute, pk__gt=after.item))
    return items.select_related("query").order_by("-dispute", "pk")


def next_cases(
    campaign: Campaign, filters: Filters, *, after: Place | None, language: str, count: int = 2
) -> list[Case]:
    """The next cases of the queue; one query and two for each case."""
    return [case_of(campaign, item, language) for item in queue(campaign, filters, after=after)[:count]]


def case_of(campaign: Campaign, item: Item, language: str) -> Case:
    """An item as a lead decides it: two queries."""
    by_slug = {choice.slug: choice for choice in choices(campaign.taxonomy.taxonomy, language)}
    seen = Assignment.objects.filter(item=item).filter(
        Q(state=Assignment.State.LABELLED) | ~Q(flag="") | ~Q(comment="")
    )
    ordered = sorted(seen, key=lambda assignment: _lot(campaign, item, assignment.annotator_id))
    votes = tuple(
        HiddenVote(
            number=number,
            choice=_named(by_slug, assignment.category),
            seconds=assignment.seconds,
            comment=assignment.comment,
            unclear=assignment.flag == Assignment.Flag.UNCLEAR,
            surplus=assignment.surplus,
        )
        for number, assignment in enumerate(ordered, start=1)
    )
    voted = [vote.choice for vote in votes if vote.choice is not None]
    guess = _named(by_slug, item.guess)
    named = sorted(set(voted), key=lambda choice: (-voted.count(choice), choice.slug))
    if guess is not None and guess not in named:
        named.append(guess)
    decision = Adjudication.objects.filter(item=item).select_related("decided_by").first()
    return Case(item=item, votes=votes, guess=guess, guideline=tuple(named), decision=decision)


def _lot(campaign: Campaign, item: Item, annotator: int) -> bytes:
    """The order of annotators in a case: the same each time, another in each case, so that nobody can be told."""
    return hashlib.blake2b(f"{campaign.seed}:{item.pk}:{annotator}".encode(), digest_size=8).digest()


def _named(by_slug: dict[str, Choice], slug: str) -> Choice | None:
    """The category; one that a later version of the taxonomy dropped is shown by its slug."""
    if not slug:
        return None
    return by_slug.get(slug) or Choice(slug, slug, "", "", "", "", None)


@dataclass(frozen=True, slots=True)
class Counters:
    """How far adjudication is: cases left (with the filters), and what this person decided today."""

    left: int
    today: int


def counters(campaign: Campaign, by: User, filters: Filters) -> Counters:
    """Two queries."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    today = Adjudication.objects.filter(item__campaign=campaign, decided_by=by, decided_at__gte=midnight)
    return Counters(left=queue(campaign, filters).count(), today=today.count())


@dataclass(frozen=True, slots=True)
class Reversal:
    """Labels of one annotator, or of one category, on decided items: how many the decision went against."""

    name: str
    labels: int
    reversed: int

    @property
    def share(self) -> float:
        return self.reversed / self.labels


@dataclass(frozen=True, slots=True)
class Summary:
    """How decisions turned out.

    Attributes:
        items: items with a label that counts.
        decided: with a decision; `undecidable` of them have no category.
        with_majority: decided as a category, by labels of which more than half had agreed; `against_majority` of them
            were decided otherwise.
        annotators, categories: reversals by pseudonym and by the category chosen; decisions with a category only.
    """

    items: int
    decided: int
    undecidable: int
    with_majority: int
    against_majority: int
    annotators: tuple[Reversal, ...]
    categories: tuple[Reversal, ...]
    latest: tuple[Adjudication, ...]

    @property
    def share(self) -> float | None:
        return self.decided / self.items if self.items else None


def summary(campaign: Campaign) -> Summary:
    """Four queries; memory grows with the labels on decided items."""
    decisions = dict(Adjudication.objects.filter(item__campaign=campaign).values_list("item", "category"))
    labels = Assignment.objects.votes().filter(campaign=campaign, item__adjudication__isnull=False)
    of_item: dict[int, list[str]] = defaultdict(list)
    people: dict[str, list[bool]] = defaultdict(list)
    categories: dict[str, list[bool]] = defaultdict(list)
    rows = labels.order_by("pk").values_list("item", "annotator__pseudonym", "category")
    for item, annotator, category in rows:
        if not decisions[item]:
            continue
        of_item[item].append(category)
        people[annotator].append(category != decisions[item])
        categories[category].append(category != decisions[item])
    leading = {item: majority(given) for item, given in of_item.items()}
    latest = Adjudication.objects.filter(item__campaign=campaign).select_related("item__query", "decided_by")[:20]
    return Summary(
        items=Item.objects.filter(campaign=campaign, kind=Item.Kind.WORK, labelled__gt=0).count(),
        decided=len(decisions),
        undecidable=sum(not category for category in decisions.values()),
        with_majority=sum(category is not None for category in leading.values()),
        against_majority=sum(category not in (None, decisions[item]) for item, category in leading.items()),
        annotators=_reversals(people),
        categories=_reversals(categories),
        latest=tuple(latest),
    )


def _reversals(found: dict[str, list[bool]]) -> tuple[Reversal, ...]:
    rows = [Reversal(name, len(against), sum(against)) for name, against in found.items()]
    return tuple(sorted(rows, key=lambda row: (-row.reversed, row.name)))
