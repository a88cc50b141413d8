"""Columns of many rows, packed into one value by the database and unpacked as an array.

No object is made per row. numpy comes in with the first call, not with this module.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Aggregate, BigIntegerField, BinaryField, Func

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler
    from numpy.typing import NDArray


class Bytes(Func):
    """A whole number as eight bytes, the highest first; in hexadecimal where the database has no such function."""

    output_field = BinaryField()
    template = "int8send(%(expressions)s)"

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="printf('%%%%016x', %(expressions)s)", **context)


class Microseconds(Func):
    """A time as microseconds since 1970."""

    output_field = BigIntegerField()
    template = "(EXTRACT(EPOCH FROM %(expressions)s) * 1000000)::bigint"

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        # The text is 2026-01-31 12:00:00.123456, or ends with the seconds. strftime would round it to milliseconds.
        whole = "CAST(strftime('%%%%s', substr(%(expressions)s, 1, 19)) AS INTEGER)"
        rest = "CAST(substr(%(expressions)s || '.000000', 21, 6) AS INTEGER)"
        return self.as_sql(compiler, connection, template=f"({whole} * 1000000 + {rest})", **context)


class Packed(Aggregate):
    """Some bytes of every row, one after the other, in any order of the rows."""

    output_field = BinaryField()
    arg_joiner = " || "
    template = "string_agg(%(expressions)s, ''::bytea)"

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="group_concat(%(expressions)s, '')", **context)


def unpacked(parts: Iterable[Any]) -> NDArray[Any]:
    """The numbers behind `Packed` values of `Bytes`, one value after the other."""
    import numpy as np

    values = list(parts)
    data = bytes.fromhex("".join(values)) if values and isinstance(values[0], str) else b"".join(values)
    return np.frombuffer(data, ">i8").astype(np.int64)
