"""The writes behind every single label, in SQL by hand, for the reason that `selectors/hot_path.py` gives.

Values go through their fields as the ORM sends them; constraints hold as for any other writer.
"""

from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model


def insert(row: Model) -> None:
    """Add the row and give it its primary key."""
    columns = _written(type(row))
    names = ", ".join(f'"{field.column}"' for field in columns)
    marks = ", ".join(["%s"] * len(columns))
    sql = f'INSERT INTO "{row._meta.db_table}" ({names}) VALUES ({marks}) RETURNING "id"'
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in columns]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias


def update(row: Model, *names: str) -> None:
    """Write the named fields of a row that is there, or all of them."""
    columns = [field for field in _written(type(row)) if not names or field.name in names]
    assignments = ", ".join(f'"{field.column}" = %s' for field in columns)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in columns]
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{row._meta.db_table}" SET {assignments} WHERE "id" = %s', [*values, row.pk])


@lru_cache
def _written(model: type[Model]) -> list["Field[Any, Any]"]:
    return [field for field in model._meta.concrete_fields if not field.primary_key and not field.generated]
