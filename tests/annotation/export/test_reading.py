import io

import pytest

from annotation.export.errors import ExportError
from annotation.export.reading import read
from annotation.export.records import GOLD, VOTES
from annotation.export.writing import write


def lines_of(records, format_):
    return b"".join(write(records, format_, schema=GOLD))


def refusal(data, format_):
    with pytest.raises(ExportError) as caught:
        list(read(io.BytesIO(data), format_, schema=GOLD))
    return str(caught.value)


def test_columns_are_found_by_name(gold):
    header, row = lines_of([gold()], "csv").decode().split("\r\n")[:2]
    turned = f"mine,{header}\r\n=mine,{row}\r\n".encode("utf-8-sig")
    assert list(read(io.BytesIO(turned), "csv", schema=GOLD)) == [gold()]


def test_a_missing_column_is_named(gold, vote):
    votes = b"".join(write([vote()], "parquet", schema=VOTES))
    assert refusal(votes, "parquet").startswith("The Parquet file: the column `family` is missing")
    assert refusal(b"query_id,text\r\n", "csv").startswith("Line 1: the column `language` is missing")
    assert refusal(b"", "csv").startswith("Line 1: the column `query_id` is missing")
    assert refusal(b'{"query_id": "q"}\n', "jsonl").startswith("Line 1: the column `text` is missing")


def test_a_wrong_line_is_named(gold):
    # the first record spans lines 2 to 4
    good = lines_of([gold(text="one\ntwo\nthree"), gold(query_id="q2")], "csv")
    assert refusal(good.replace(b"q2,", b"q2,extra,"), "csv") == "Line 5: expected 16 cells as in the header, got 17."
    assert refusal(good[:-20] + b'"x\r\n', "csv").startswith("Line 5: not well-formed CSV")
    assert refusal(good.replace(b",3,", b",three,"), "csv").startswith("Line 2: `votes` cannot be read from 'three'")
    assert refusal(good.replace(b",true,", b",yes,"), "csv").startswith("Line 2: `personalised` cannot be read")
    assert "this is not UTF-8" in refusal(good + "музыка".encode("cp1251"), "csv")


def test_a_wrong_object_is_named(gold):
    good = lines_of([gold(), gold(query_id="q2")], "jsonl")
    assert refusal(good + b"[]\n", "jsonl") == "Line 3: this is no JSON object; write one object per line."
    assert refusal(good + b"{\n", "jsonl").startswith("Line 3: this is no JSON in UTF-8")
    assert refusal(good + b"\xff\n", "jsonl").startswith("Line 3: this is no JSON in UTF-8")
    assert refusal(good.replace(b'"votes":3', b'"votes":"3"'), "jsonl") == (
        "Line 1: `votes` must be a whole number, got '3'."
    )
    assert refusal(good.replace(b'"probability":0.75', b'"probability":7'), "jsonl") == (
        "Line 1: `probability` must be between 0 and 1, got 7.0."
    )
    assert refusal(good.replace(b'"probability":0.75', b'"probability":NaN'), "jsonl").startswith("Line 1: `prob")


def test_half_a_parquet_file_is_refused(gold):
    whole = lines_of([gold()], "parquet")
    assert refusal(whole[: len(whole) // 2], "parquet").startswith("This is no whole Parquet file")


def test_an_unknown_format_is_refused_at_once():
    with pytest.raises(ExportError, match="no format 'xlsx'"):
        read(io.BytesIO(), "xlsx", schema=GOLD)
