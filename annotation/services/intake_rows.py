"""A handful of rows becomes queries, items, labels and gold questions of a campaign, in the caller's transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from types import SimpleNamespace
from typing import NamedTuple

from annotation.intake.rows import Row
from annotation.models import Campaign, Item, Query
from annotation.services.imported_labels import ImportedLabel, place_labels
from annotation.services.items import LOTS, lot, work_item
from annotation.services.plain_insert import insert_missing
from annotation.services.queries import family_of


@dataclass(frozen=True, slots=True)
class Written:
    """What came of some rows: queries new in the database, items new in the campaign, labels, gold questions."""

    queries: int = 0
    items: int = 0
    labels: int = 0
    gold: int = 0

    def added_to(self, sums: dict[str, int]) -> dict[str, int]:
        return {name: sums.get(name, 0) + number for name, number in asdict(self).items()}


class QueryRow(NamedTuple):
    """The columns of a `Query`; an instance of the model costs thirty times as much to make."""

    dataset: str
    dataset_version: str
    external_id: str
    text: str
    language: str
    family: str
    listener: str


def as_queries(rows: Sequence[Row], *, dataset: str, version: str) -> list[QueryRow]:
    """The rows as queries of a data set; a third of the work, and nobody has to wait for it."""
    return [
        QueryRow(
            dataset=dataset,
            dataset_version=version,
            external_id=row.id,
            text=row.text,
            language=row.language,
            family=family_of(row.text),
            listener=row.user or "",
        )
        for row in rows
    ]


def write_rows(*, campaign: Campaign, rows: Sequence[Row], made: Sequence[QueryRow], gold: bool) -> Written:
    """Write rows that are not there yet, `made` into queries already, and put their queries into the campaign.

    A row is known again by its id within its data set and version, so that writing it twice changes nothing.
    With `gold`, a row whose answer is known becomes a gold question and its labels are left out.
    """
    queries, new = _queries(made)
    kinds = {} if new == len(rows) else _kinds(campaign, list(queries.values()))
    absent = [row for row in rows if queries[row.id] not in kinds]
    asked = [row for row in absent if gold and row.answer]
    asked_ids = {row.id for row in asked}
    labelled = [row for row in rows if row.labels and row.id not in asked_ids and _is_work(kinds, queries[row.id])]
    labelled_ids = {row.id for row in labelled}
    plain = [row for row in absent if row.id not in asked_ids | labelled_ids]
    insert_missing(Item, [_question(campaign, queries[row.id], row.answer or "") for row in asked])
    insert_missing(Item, work_rows(campaign, [queries[row.id] for row in plain]))
    given = [ImportedLabel(queries[row.id], *label) for row in labelled for label in row.labels]
    labels = place_labels(campaign=campaign, labels=given) if given else 0
    return Written(queries=new, items=len(absent), labels=labels, gold=len(asked))


def add_items(*, campaign: Campaign, queries: Sequence[int]) -> Written:
    """Put queries that are in the database already into the campaign."""
    return Written(items=insert_missing(Item, work_rows(campaign, queries)))


def work_rows(campaign: Campaign, queries: Sequence[int]) -> Iterator[SimpleNamespace]:
    """The columns of the items that `work_item` would make, at a fifth of the time."""
    common = vars(work_item(campaign, 0))
    by_age = campaign.order == Campaign.Order.OLDEST
    for query in queries:
        draw = lot(campaign.seed, query)
        places = campaign.overlap if draw < campaign.overlap_share * LOTS else 1
        rank = query if by_age else draw
        own = {"query_id": query, "draw": draw, "rank": rank, "planned": places, "wanted": places}
        yield SimpleNamespace(**{**common, **own})


def _queries(made: Sequence[QueryRow]) -> tuple[dict[str, int], int]:
    """Primary keys by the id of the row, and how many of them are new."""
    new = insert_missing(Query, made)
    here = Query.objects.filter(
        dataset=made[0].dataset,
        dataset_version=made[0].dataset_version,
        external_id__in=[query.external_id for query in made],
    )
    return dict(here.order_by().values_list("external_id", "pk")), new


def _kinds(campaign: Campaign, queries: Sequence[int]) -> dict[int, str]:
    items = Item.objects.filter(campaign=campaign, query__in=queries)
    return dict(items.order_by().values_list("query", "kind"))


def _is_work(kinds: dict[int, str], query: int) -> bool:
    return kinds.get(query, Item.Kind.WORK) == Item.Kind.WORK


def _question(campaign: Campaign, query: int, answer: str) -> Item:
    draw = lot(campaign.seed, query)
    return Item(
        campaign=campaign, query_id=query, kind=Item.Kind.GOLD, answer=answer, planned=0, wanted=0, draw=draw,
        rank=draw, origin=Item.Kind.GOLD,
    )  # fmt: skip
