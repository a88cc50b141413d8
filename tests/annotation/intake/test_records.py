import io

import pytest

from annotation.intake import records
from annotation.intake.errors import IntakeError
from annotation.intake.records import ONE_COLUMN, Fault, JsonLines, Table
from annotation.intake.source import Source


def table(text: str | bytes, delimiter: str = ",", **place) -> Table:
    return Table(Source(io.BytesIO(text.encode() if isinstance(text, str) else text)), delimiter, **place)


def kinds(reader) -> list[tuple[int, object]]:
    return [(line, row.kind if isinstance(row, Fault) else row) for line, row in reader]


def test_a_row_is_named_by_the_line_on_which_it_starts():
    text = 'text,user\r\n"one\r\ntwo",u1\n\nthree,u2\n"four ""4""\n\n5",u3\n,'
    assert kinds(table(text)) == [
        (2, ["one\r\ntwo", "u1"]),
        (5, ["three", "u2"]),
        (6, ['four "4"\n\n5', "u3"]),
        (9, ["", ""]),
    ]


def test_going_on_behind_any_row():
    text = 'text,user\n"one\ntwo",u1\nthree,u2\n\nfour,u3\n'
    rows = table(text)
    places = [(rows.offset, rows.lines)]
    found = []
    for entry in rows:
        found.append(entry)
        places.append((rows.offset, rows.lines))
    for number, (offset, lines) in enumerate(places[1:], start=1):
        assert list(table(text, offset=offset, lines=lines)) == found[number:]


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        ("a,b,c", "cells"),
        ("a", "cells"),
        ('"Help!" live,u', "quote"),
        ('"never closed,u', "quote"),
        ("a\rb,u", "line-end"),
        (b"\xe4\xff,u", "not-utf-8"),
        ("x" * (1 << 20) + ",u", "long-line"),
        ("x" * 140_000 + ",u", "cells"),
    ],
)
def test_a_bad_row_costs_only_itself(bad, kind):
    data = "text,user\nхорошо,u1\n".encode() + (bad.encode() if isinstance(bad, str) else bad) + b"\nfine,u2\n"
    assert kinds(table(data)) == [(2, ["хорошо", "u1"]), (3, kind), (4, ["fine", "u2"])]


def test_an_open_quote_does_not_swallow_the_file(monkeypatch):
    monkeypatch.setattr(records, "ROW_LIMIT", 100)
    rows = [f"line {number},u" for number in range(3, 60)]
    text = 'text,user\n"open,u\n' + "\n".join(rows) + "\n"
    assert kinds(table(text)) == [(2, "quote"), *((3 + place, row.split(",")) for place, row in enumerate(rows))]


def test_faults_quote_nothing_of_the_row():
    for bad in ("secret-user,b,c", '"secret-user" x,u', '"secret-user'):
        fault = next(row for _, row in table(f"text,user\n{bad}\n") if isinstance(row, Fault))
        assert "secret" not in fault.sentence and "\n" not in fault.sentence


def test_one_column_keeps_its_commas():
    assert kinds(table('text\njazz, blues\n"quoted, too"\n', ONE_COLUMN)) == [
        (2, ["jazz, blues"]),
        (3, ["quoted, too"]),
    ]


def test_a_header_that_cannot_be_read():
    with pytest.raises(IntakeError, match=r"The header cannot be read: .*; correct the first line"):
        table('"text" x,user\n')
    with pytest.raises(IntakeError, match="The header cannot be read"):
        table("text,user\rold,mac\r")


def test_json_lines():
    lines = [
        '{"a": "ё"}'.encode(),
        b"",
        b"{",
        b"[1]",
        b'{"a": "\xff"}',
        b'{"n": ' + b"9" * 5_000 + b"}",
        b"[" * 100_000,
        b'{"b": 2}',
    ]
    source = Source(io.BytesIO(b"\r\n".join(lines)))
    expected = [(1, {"a": "ё"}), (3, "not-json"), (4, "not-json"), (5, "not-utf-8"), (6, "not-json"), (7, "not-json")]
    reader = JsonLines(source)
    assert kinds(reader) == [*expected, (8, {"b": 2})]
    assert reader.offset == len(b"\r\n".join(lines))
    reader = JsonLines(source, offset=len(lines[0]) + 4, lines=2)
    assert kinds(reader) == [*expected[1:], (8, {"b": 2})]
