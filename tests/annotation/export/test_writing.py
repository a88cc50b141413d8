"""Files of records: read back by us and by others, the same bytes twice, in constant memory."""

import csv
import io
import json
import tracemalloc
from itertools import cycle, islice

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotation.export.errors import ExportError
from annotation.export.reading import read
from annotation.export.records import GOLD, VOTES, GoldRecord, VoteRecord
from annotation.export.writing import FORMATS, write

NASTY = [
    'says "hi", twice',
    "two\r\nlines\nand\rmore",
    "\ttab",
    "=cmd|'/C calc'!A0",
    "'=already",
    "a;=1+1",
    "🎧 для бега 👩‍👩‍👧",
    "موسيقى للجري",
    "\u202eright to left\u202c",
    "\ufeffmark",
    "\u2028",
    "100 % jazz %s %(x)s",
    "null",
    "true",
    "",
    " ",
    "\\N",
    "'",
]
TEXT = st.sampled_from(NASTY) | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
SHARE = st.floats(0, 1)
VOTE = st.builds(
    VoteRecord,
    query_id=TEXT,
    text=TEXT,
    language=TEXT,
    annotator=TEXT,
    category=TEXT,
    personalised=st.none() | st.booleans(),
    taxonomy=TEXT,
    taxonomy_version=st.integers(-(2**63), 2**63 - 1),
    seconds=st.none() | st.floats(0, allow_infinity=False),
    labelled_at=st.just("2026-11-21T10:00:00Z"),
    origin=TEXT,
    kind=st.sampled_from(["work", "gold", "practice"]),
    guess=TEXT,
    guess_model=TEXT,
    late=st.booleans(),
    surplus=st.booleans(),
    flag=TEXT,
    comment=TEXT,
)
GOLD_LABEL = st.builds(
    GoldRecord,
    query_id=TEXT,
    text=TEXT,
    language=TEXT,
    family=TEXT,
    split=TEXT,
    category=TEXT,
    personalised=st.none() | st.booleans(),
    probability=SHARE,
    method=TEXT,
    source=st.just("unanimous"),
    votes=st.integers(0, 2**63 - 1),
    agreement=st.none() | SHARE,
    votes_by_category=TEXT,
    origin=TEXT,
)


def written(records, format_, schema):
    return b"".join(write(records, format_, schema=schema))


@pytest.mark.parametrize("format_", FORMATS)
@given(votes=st.lists(VOTE, max_size=4), labels=st.lists(GOLD_LABEL, max_size=4))
@settings(max_examples=60, deadline=None)
def test_what_is_read_is_what_was_written(format_, votes, labels):
    for records, schema in ((votes, VOTES), (labels, GOLD)):
        data = written(records, format_, schema)
        assert list(read(io.BytesIO(data), format_, schema=schema)) == records
        assert written(records, format_, schema) == data


def test_others_read_the_same(vote):
    votes = [vote(query_id=f"q{n}", text=text, personalised=None, seconds=0.1) for n, text in enumerate(NASTY)]
    rows = [json.loads(line) for line in written(votes, "jsonl", VOTES).decode().split("\n")[:-1]]
    assert [row["text"] for row in rows] == NASTY
    assert rows == pq.read_table(io.BytesIO(written(votes, "parquet", VOTES))).to_pylist()
    cells = list(csv.DictReader(io.StringIO(written(votes, "csv", VOTES).decode(), newline="")))
    assert [row["text"] for row in cells if row["text"][:1] in tuple("=+-@\t'")] == [
        "'\ttab",
        "'=cmd|'/C calc'!A0",
        "''=already",
        "'",
    ]
    assert {(row["personalised"], row["seconds"], row["late"]) for row in cells} == {("", "0.1", "false")}


def test_the_files_as_they_stand(gold):
    label = gold(text='"a", b')
    assert written([label], "csv", GOLD).decode() == (
        "query_id,text,language,family,split,category,personalised,probability,method,source,votes,agreement,"
        "votes_by_category,origin,dataset,external_id\r\n"
        'q1,"""a"", b",ru,длябега,train,sports-activity,true,0.75,majority,aggregated,3,0.6666666666666666,'
        '"{""sports-activity"":2,""travel"":1}",random,,\r\n'
    )
    assert written([label], "jsonl", GOLD).decode() == (
        '{"query_id":"q1","text":"\\"a\\", b","language":"ru","family":"длябега","split":"train",'
        '"category":"sports-activity","personalised":true,"probability":0.75,"method":"majority",'
        '"source":"aggregated","votes":3,"agreement":0.6666666666666666,'
        '"votes_by_category":"{\\"sports-activity\\":2,\\"travel\\":1}","origin":"random","dataset":"","external_id":""}\n'
    )


def test_no_records_are_a_whole_file(vote):
    assert written([], "csv", VOTES).decode().split(",")[0] == "query_id"
    assert written([], "jsonl", VOTES) == b""
    table = pq.read_table(io.BytesIO(written([], "parquet", VOTES)))
    assert (table.num_rows, tuple(table.column_names)) == (0, VOTES.names)


def test_parquet_says_which_columns_are_always_there(gold):
    file = pq.ParquetFile(io.BytesIO(written([gold()] * 10_001, "parquet", GOLD)))
    assert {field.name for field in file.schema_arrow if field.nullable} == {"personalised", "agreement"}
    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [10_000, 1]


@pytest.mark.parametrize("format_", FORMATS)
def test_equal_records_make_equal_bytes_whatever_the_numbers_type(gold, format_):
    whole, decimal = gold(probability=1, agreement=1), gold(probability=1.0, agreement=1.0)
    assert written([whole], format_, GOLD) == written([decimal], format_, GOLD)


@pytest.mark.parametrize("format_", FORMATS)
def test_bytes_leave_before_the_last_record_is_read(vote, format_):
    taken = 0

    def records():
        nonlocal taken
        for number in range(25_000):
            taken += 1
            yield vote(query_id=f"q{number}")

    chunks = write(records(), format_, schema=VOTES)
    assert taken == 0
    next(chunks)
    next(chunks)
    assert taken <= 10_000
    assert list(chunks)
    assert taken == 25_000


@pytest.mark.parametrize("format_", FORMATS)
def test_memory_does_not_grow_with_the_records(vote, format_):
    # ready-made records, because making them would take most of the time under tracemalloc
    votes = [vote(query_id=f"q{n}", text=f"песни для бега {n}") for n in range(1_000)]

    def peak(number):
        tracemalloc.start()
        try:
            for _ in write(islice(cycle(votes), number), format_, schema=VOTES):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    few = peak(20_000)
    assert few < 16 * 2**20
    # one pointer kept for each of the 80,000 more would be 640 kB
    assert peak(100_000) < few + 2**19


def test_an_unknown_format_is_refused_at_once():
    with pytest.raises(ExportError, match="no format 'xlsx'; choose one of csv, jsonl, parquet"):
        write([], "xlsx", schema=VOTES)


@pytest.mark.parametrize("format_", FORMATS)
def test_a_record_that_does_not_fit_is_named_by_its_number(vote, format_):
    records = [vote()] * 10_050 + [vote(comment=None)]
    with pytest.raises(ExportError, match="Record 10051: `comment` must be text, got None"):
        written(records, format_, VOTES)
