from dataclasses import dataclass

import numpy as np
import pytest

from annotation.export.errors import ExportError
from annotation.export.schema import Column, schema_of


@dataclass(frozen=True)
class Row:
    name: str
    count: int | None
    share: float
    right: bool


class Shouted(str):
    def __str__(self):
        return self.upper()


ROWS = schema_of(Row)


def test_a_schema_is_read_off_the_fields():
    assert ROWS.columns == (
        Column("name", str),
        Column("count", int, optional=True),
        Column("share", float),
        Column("right", bool),
    )


def test_a_table_has_one_sequence_per_column_of_exact_types():
    table = ROWS.table([Row("a", 1, 1, True), Row(Shouted("b"), None, np.float64(0.5), False)])
    assert [list(cells) for cells in table] == [["a", "b"], [1, None], [1.0, 0.5], [True, False]]
    assert [[type(cell) for cell in cells] for cells in table[::2]] == [[str, str], [float, float]]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (Row(None, 1, 0.5, True), "Record 11: `name` must be text, got None"),
        (Row("a\0", 1, 0.5, True), "Record 11: `name` holds a NUL or half a surrogate pair"),
        (Row("\ud800", 1, 0.5, True), "Record 11: `name` holds a NUL or half a surrogate pair"),
        (Row("a", True, 0.5, True), "`count` must be a whole number, got True"),
        (Row("a", 1.0, 0.5, True), "`count` must be a whole number, got 1.0"),
        (Row("a", 1, float("nan"), True), "`share` must be a finite number, got nan"),
        (Row("a", 1, float("inf"), True), "`share` must be a finite number, got inf"),
        (Row("a", 1, True, True), "`share` must be a finite number, got True"),
        (Row("a", 1, None, True), "`share` must be a finite number, got None"),
        (Row("a", 1, 0.5, 1), "`right` must be true or false, got 1"),
    ],
)
def test_a_cell_that_does_not_fit_is_named(row, words):
    with pytest.raises(ExportError, match=words):
        ROWS.table([Row("a", 1, 0.5, True), row], first=10)


def test_fields_that_a_file_cannot_hold():
    @dataclass
    class Nested:
        name: str
        parts: list[str]

    @dataclass
    class Vague:
        name: str
        note: str | None

    @dataclass
    class Alone:
        name: str

    for record, words in ((Nested, "`parts`"), (Vague, "`note`"), (Alone, "needs at least 2")):
        with pytest.raises(TypeError, match=words):
            schema_of(record)
