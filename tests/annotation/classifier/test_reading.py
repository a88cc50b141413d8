import gzip
import json

import pytest

from annotation.classifier.dataset import Example
from annotation.classifier.errors import ClassifierError
from annotation.classifier.reading import LINE_LIMIT, read_queries

ROW = {"id": "q1", "text": "для бега", "lang": "ru", "annotations": [{"annotator": "a1", "category": "travel"}]}


def line(**changes: object) -> str:
    return json.dumps({key: value for key, value in {**ROW, **changes}.items() if value != "-"})


def annotations(*labels: object) -> str:
    return line(annotations=list(labels))


@pytest.fixture
def write(tmp_path):
    def write(content: str | bytes, name: str = "queries.jsonl"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def test_reads_plain_and_packed_alike(write):
    rows = [line(), line(id="-", text="two", surplus=1)]
    plain = write("\ufeff" + "\r\n".join(rows) + "\n\n")
    packed = write(gzip.compress("\n".join(rows).encode()), "queries.jsonl.gz")
    labels = (("a1", "travel"),)
    assert read_queries(plain) == [Example("q1", "для бега", "ru", labels), Example("line-2", "two", "ru", labels)]
    assert read_queries(packed) == read_queries(plain)


def test_reads_the_group_where_there_is_one(write):
    rows = [line(group="g-travel-001"), line(id="q2", group=None), line(id="q3"), line(id="q4", group="g" * 200)]
    assert [query.group for query in read_queries(write("\n".join(rows)))] == ["g-travel-001", "", "", "g" * 200]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("{", "is not JSON at column 2"),
        ("[1]", "is not a JSON object"),
        ("[" * 100_000, "cannot be read as JSON"),
        (line(text="-"), "field text: it is missing; add a string"),
        (line(text=None), "field text: it is missing"),
        (line(text=" "), "field text: it is empty"),
        (line(text=5), "field text: 5 is not a string; put it in quotes"),
        (line(text="\ud800"), "field text: .* half of a surrogate pair; remove it"),
        (line(text="a\x00"), "field text: .* holds a NUL"),
        (line(lang="-"), "field lang: it is missing"),
        (line(id=5), "field id: 5 is not a string"),
        (line(id=""), "field id: it is empty"),
        (line(id="q0"), 'field id: "q0" stands in line 1 already; give each its own'),
        (line(group=5), "field group: 5 is not a string; put it in quotes"),
        (line(group=["g"]), 'field group: \\["g"\\] is not a string'),
        (line(group=""), "field group: it is empty; write at least one character"),
        (line(group=" g1"), 'field group: " g1" begins or ends with a blank; remove it'),
        (line(group="g" * 201), "field group: it has 201 characters; shorten it to 200"),
        (line(group="g\x00"), "field group: .* holds a NUL"),
        (line(annotations="-"), "field annotations: it is missing or empty; write"),
        (annotations(), "field annotations: it is missing or empty"),
        (line(annotations="travel"), 'field annotations: "travel" is not a list'),
        (annotations("travel"), 'field annotations: "travel" is not an object'),
        (annotations({"category": "travel"}), "field annotator: it is missing"),
        (annotations({"annotator": "", "category": "travel"}), "field annotator: it is empty"),
        (annotations({"annotator": "a"}), "field category: it is missing"),
        (annotations({"annotator": "a", "category": "jazz"}), 'field category: "jazz" is not known; use one of'),
        (annotations(*[{"annotator": "a", "category": "travel"}] * 2), '"a" labels the query twice; keep one'),
    ],
)
def test_names_the_line_and_the_mend(write, wrong, words):
    path = write(line(id="q0") + "\n" + wrong + "\n")
    with pytest.raises(ClassifierError, match=rf"^queries\.jsonl, line 2,? .*{words}") as refusal:
        read_queries(path)
    assert "\n" not in str(refusal.value)


def test_names_the_byte_that_is_not_utf8(write):
    with pytest.raises(ClassifierError, match="line 2 is not UTF-8 at byte 4"):
        read_queries(write(line().encode() + b'\n{"t\xff"}'))


def test_refuses_files_without_queries_and_damaged_ones(write):
    with pytest.raises(ClassifierError, match=r"queries\.jsonl is empty; write one labelled query per line"):
        read_queries(write("\n \n"))
    with pytest.raises(ClassifierError, match="is not whole gzip data at line 1; pack it again"):
        read_queries(write(gzip.compress(line().encode())[:-9], "queries.jsonl.gz"))
    with pytest.raises(ClassifierError, match="line 1 is longer than 1048576 bytes"):
        read_queries(write(b"x" * (LINE_LIMIT + 1)))
