"""Many rows of plain values in one statement, several times as fast as `bulk_create`.

Of a thousand queries written by `bulk_create`, nineteen parts in twenty of the time went into composing SQL, all of it
while every other writer waited. Only for models whose columns are numbers, strings and nulls: nothing is converted.
"""

from collections.abc import Iterable
from operator import attrgetter

from django.db import connection, models


def insert_missing(model: type[models.Model], rows: Iterable[object]) -> int:
    """Insert the rows that no unique constraint knows yet; returns how many.

    Args:
        rows: instances, or anything with the attributes of one but the primary key, which is not filled in.
    """
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key and not field.generated]
    values = list(map(attrgetter(*(field.attname for field in fields)), rows))
    if not values:
        return 0
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column or "") for field in fields)
    insert = f"INSERT INTO {quote(model._meta.db_table)} ({columns})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # a statement a row takes it several times as long
            arrays = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
            by_column = [list(column) for column in zip(*values, strict=True)]
            cursor.execute(f"{insert} SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING", by_column)
        else:
            places = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"{insert} VALUES ({places}) ON CONFLICT DO NOTHING", values)
        return int(cursor.rowcount)
