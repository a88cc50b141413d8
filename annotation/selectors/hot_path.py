"""The reads behind every single label, in SQL by hand.

The ORM takes ten times longer to compose these queries than either database takes to answer them, and a label is
saved some 15,000 times in a campaign of 5,000 queries: benchmarks/labelling.py. Both databases read the same text;
on PostgreSQL rows are locked as `select_for_update` would, on SQLite a writing transaction is alone anyway.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

from annotation.models import Annotator, Assignment, Item, Query

Row = TypeVar("Row", bound=Model)


def _fields(model: type[Model], *without: str) -> tuple[str, ...]:
    """The columns of a model in its own order, which is how `from_db` takes them."""
    return tuple(field.attname for field in model._meta.concrete_fields if field.attname not in without)


ANNOTATOR = _fields(Annotator, "created_at")
ITEM = _fields(Item, "draw", "guess_probability")
ASSIGNMENT = _fields(Assignment)
QUERY = ("id", "text", "language")

UNTOUCHED = (
    'NOT EXISTS (SELECT 1 FROM "annotation_assignment" "a" WHERE "a"."item_id" = "annotation_item"."id"'
    ' AND "a"."annotator_id" = %s AND "a"."state" <> \'lapsed\')'
)


def lock_annotator(*, campaign_id: int, user_id: int) -> Annotator | None:
    """The person's place in the campaign, locked until the transaction ends."""
    sql = (
        f'SELECT {_columns(Annotator, ANNOTATOR)} FROM "annotation_annotator"'
        f' WHERE "campaign_id" = %s AND "user_id" = %s{_lock("annotation_annotator")}'
    )
    row = _first(sql, [campaign_id, user_id])
    return None if row is None else _read(Annotator, ANNOTATOR, row)


def lock_given(*, annotator_id: int, campaign_id: int, query_id: int) -> tuple[Item, Assignment] | None:
    """The item of a query, locked, and its assignment to the annotator; None if it was never given to them."""
    item_sql = f'SELECT {_columns(Item, ITEM)} FROM "annotation_item" WHERE "campaign_id" = %s AND "query_id" = %s'
    row = _first(item_sql + _lock("annotation_item"), [campaign_id, query_id])
    if row is None:
        return None
    item = _read(Item, ITEM, row)
    # only now: what another transaction did to the item, it did before this one got the lock
    assignment_sql = (
        f'SELECT {_columns(Assignment, ASSIGNMENT)} FROM "annotation_assignment"'
        ' WHERE "item_id" = %s AND "annotator_id" = %s'
    )
    row = _first(assignment_sql, [item.pk, annotator_id])
    if row is None:
        return None
    assignment = _read(Assignment, ASSIGNMENT, row)
    assignment.item = item
    return item, assignment


def held_by(*, annotator_id: int) -> list[Assignment]:
    """What the annotator holds, in the order in which it is shown, with items and queries."""
    sql = (
        f"SELECT {_columns(Assignment, ASSIGNMENT)}, {_columns(Item, ITEM)}, {_columns(Query, QUERY)}"
        ' FROM "annotation_assignment"'
        ' JOIN "annotation_item" ON "annotation_item"."id" = "annotation_assignment"."item_id"'
        ' JOIN "annotation_query" ON "annotation_query"."id" = "annotation_item"."query_id"'
        ' WHERE "annotation_assignment"."annotator_id" = %s AND "annotation_assignment"."state" = \'leased\''
        ' ORDER BY "annotation_assignment"."lease_until", "annotation_assignment"."id"'
    )
    held = []
    for row in _all(sql, [annotator_id]):
        assignment = _read(Assignment, ASSIGNMENT, row[: len(ASSIGNMENT)])
        assignment.item = _item_with_query(row[len(ASSIGNMENT) :])
        held.append(assignment)
    return held


def lapsed_leases(*, campaign_id: int, now: datetime, limit: int) -> list[tuple[int, int]]:
    """(item, assignment) of leases that ran out, the oldest first."""
    sql = (
        'SELECT "item_id", "id" FROM "annotation_assignment"'
        ' WHERE "campaign_id" = %s AND "state" = \'leased\' AND "lease_until" < %s ORDER BY "lease_until" LIMIT %s'
    )
    return [(row[0], row[1]) for row in _all(sql, [campaign_id, connection.ops.adapt_datetimefield_value(now), limit])]


def next_returned(annotator: Annotator) -> Item | None:
    """The first item that got a place back since the annotator last looked, locked; those of others are passed over."""
    return _next(annotator, "returned", annotator.returned_cursor)


def next_ranked(annotator: Annotator) -> Item | None:
    """The first item with a free place behind the annotator's cursor, locked; those of others are passed over."""
    return _next(annotator, "rank", annotator.rank_cursor)


def votes_on(*, item_id: int) -> list[tuple[str, str, str, bool]]:
    """(state, category, flag, surplus) of everybody who was given the item, oldest action first."""
    sql = (
        'SELECT "state", "category", "flag", "surplus" FROM "annotation_assignment" WHERE "item_id" = %s'
        ' ORDER BY "acted_at", "id"'
    )
    return [(state, category, flag, bool(surplus)) for state, category, flag, surplus in _all(sql, [item_id])]


def _next(annotator: Annotator, column: str, after: int) -> Item | None:
    languages: Sequence[str] = annotator.languages
    chosen = f' AND "annotation_query"."language" IN ({", ".join(["%s"] * len(languages))})' if languages else ""
    sql = (
        f"SELECT {_columns(Item, ITEM)}, {_columns(Query, QUERY)}"
        ' FROM "annotation_item" JOIN "annotation_query" ON "annotation_query"."id" = "annotation_item"."query_id"'
        f' WHERE "annotation_item"."campaign_id" = %s AND "annotation_item"."free" > 0'
        f' AND "annotation_item"."{column}" > %s{chosen} AND {UNTOUCHED}'
        f' ORDER BY "annotation_item"."{column}" LIMIT 1'
    )
    values = [annotator.campaign_id, after, *languages, annotator.pk]
    row = _first(sql + _lock("annotation_item", skip_locked=True), values)
    return None if row is None else _item_with_query(row)


def _item_with_query(row: Sequence[Any]) -> Item:
    item = _read(Item, ITEM, row[: len(ITEM)])
    item.query = _read(Query, QUERY, row[len(ITEM) :])
    return item


def _lock(table: str, *, skip_locked: bool = False) -> str:
    if not connection.features.has_select_for_update:
        return ""
    return f' FOR UPDATE OF "{table}"' + (" SKIP LOCKED" if skip_locked else "")


def _all(sql: str, values: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _first(sql: str, values: Sequence[Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()


@lru_cache
def _columns(model: type[Model], names: tuple[str, ...]) -> str:
    return ", ".join(f'"{model._meta.db_table}"."{name}"' for name in names)


Converter = Callable[[Any, Any, Any], Any]


@lru_cache
def _converters(model: type[Model], names: tuple[str, ...], vendor: str) -> list[tuple[int, list[Converter], Any]]:
    """What turns a column as the driver gives it into a field's value; most need nothing."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    found = []
    for place, name in enumerate(names):
        column = fields[name].get_col(model._meta.db_table)
        converters = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
        if converters:
            found.append((place, converters, column))
    return found


def _read(model: type[Row], names: tuple[str, ...], row: Sequence[Any]) -> Row:
    values = list(row)
    for place, converters, column in _converters(model, names, connection.vendor):
        for convert in converters:
            values[place] = convert(values[place], column, connection)
    return model.from_db(connection.alias, names, values)
