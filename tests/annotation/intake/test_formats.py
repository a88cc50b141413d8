"""Every shape of file, as the tool that writes it writes it, from bytes to kept rows."""

import gzip
import json

import pytest

from annotation.intake.columns import Columns
from annotation.intake.errors import IntakeError
from annotation.intake.rows import Label

SLUGS = ("travel", "work-study", "noise")


def taken(rows) -> list[tuple]:
    return [(row.id, row.text, row.language, tuple(tuple(label) for label in row.labels)) for row in rows]


PLAIN = [("line-2", "для бега", "ru", ()), ("line-3", "work, focus", "en", ())]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("csv", 'user_id,query,ts\nu1,для бега,5\nu2,"work, focus",6\n'),
        ("csv", "\ufeffuser_id;query;ts\r\nu1;для бега;5\r\nu2;work, focus;6\r\n"),
        ("tsv", "query\tuser\nдля бега\tu1\nwork, focus\tu2\n"),
        ("csv", "q\nдля бега\nwork, focus"),
    ],
)
@pytest.mark.parametrize("pack", [False, True])
def test_tables(stage, staging, name, content, pack):
    data = content.encode()
    assert taken(stage(gzip.compress(data) if pack else data)) == PLAIN
    assert staging.state.format == name


@pytest.mark.parametrize("encoding", ["cp1251", "utf-16", "koi8-r"])
def test_a_stated_encoding(stage, encoding):
    assert taken(stage('query,user\nдля бега,u1\n"work, focus",u2\n'.encode(encoding), encoding=encoding)) == PLAIN


def test_stated_columns(stage):
    rows = stage("text;phrase;who\nx;для бега;u1\n", columns=Columns(text="phrase", user="who"))
    assert (rows[0].text, rows[0].user is not None) == ("для бега", True)


def test_a_log_of_json_lines(stage, staging):
    lines = [{"query": "для бега", "user_id": 5}, {"text": "lofi", "lang": "en", "id": "q2", "user": None}]
    rows = stage("\n".join(json.dumps(line) for line in lines))
    assert taken(rows) == [("line-1", "для бега", "ru", ()), ("q2", "lofi", "en", ())]
    assert [row.user is None for row in rows] == [False, True]
    assert staging.state.format == "json-lines"


def test_labelled_queries_of_a_data_set(stage):
    line = {"id": "q1", "text": "Van life", "lang": "en", "annotations": []}
    line["annotations"] = [{"annotator": "a1", "category": "travel"}, {"annotator": "a2", "category": "noise"}]
    rows = stage(json.dumps(line), known_categories=SLUGS)
    assert taken(rows) == [("q1", "Van life", "en", (("a1", "travel", None), ("a2", "noise", None)))]


TASK = {
    "id": 41,
    "data": {"text": "для бега", "lang": "ru", "user": "u1"},
    "annotations": [
        {
            "id": 1001,
            "completed_by": 10,
            "result": [
                {
                    "value": {"choices": ["Travel"]},
                    "id": "Dx_aB91ISN",
                    "from_name": "category",
                    "to_name": "text",
                    "type": "choices",
                    "origin": "manual",
                }
            ],
            "was_cancelled": False,
            "ground_truth": False,
            "created_at": "2026-03-09T22:16:08.728353Z",
            "lead_time": 4.288,
            "task": 41,
        },
        {
            "id": 1002,
            "completed_by": {"id": 11, "email": "anna@example.org"},
            "result": [{"value": {"choices": ["noise"]}, "from_name": "c", "to_name": "text", "type": "choices"}],
            "was_cancelled": False,
            "ground_truth": True,
            "lead_time": 2,
        },
        {"id": 1003, "completed_by": 12, "result": [], "was_cancelled": True, "lead_time": 1.0},
    ],
    "predictions": [{"result": [{"value": {"choices": ["work-study"]}, "type": "choices"}], "model_version": "m"}],
    "meta": {},
}


@pytest.mark.parametrize("indent", [None, 2])
def test_label_studio_export(stage, staging, indent):
    untouched = {"id": 42, "data": {"text": "lofi"}, "annotations": [], "predictions": []}
    content = json.dumps([TASK, untouched], indent=indent)
    rows = stage(content, known_categories={"Travel": "travel", "noise": "noise"})
    assert taken(rows) == [
        ("41", "для бега", "ru", (("10", "travel", 4.288), ("11", "noise", 2.0))),
        ("42", "lofi", "en", ()),
    ]
    assert [row.answer for row in rows] == ["noise", None]
    assert [row.user is None for row in rows] == [False, True]
    assert [row.line for row in rows] == ([1, 1] if indent is None else [2, content[: content.index("42")].count("\n")])
    assert staging.state.format == "label-studio-json"


def test_label_studio_import_and_short_export(stage):
    assert taken(stage('[{"data": {"text": "lofi"}}, {"data": {"query": "jazz"}}]')) == [
        ("row-1", "lofi", "en", ()),
        ("row-2", "jazz", "en", ()),
    ]
    short = [{"text": "lofi", "id": 7, "choice": "travel", "annotator": 1, "annotation_id": 3, "lead_time": 2.5}]
    rows = stage(json.dumps(short), resume=False, known_categories=SLUGS)
    assert taken(rows) == [("7", "lofi", "en", (("1", "travel", 2.5),))]


def test_label_studio_table_has_a_row_per_annotation(stage, staging):
    # all that is no number is quoted; one row per annotation; the cells of several choices hold JSON
    content = (
        '"annotation_id","annotator","category","created_at","id","lead_time","text","updated_at"\n'
        '1,"anna@example.org","Travel","2026-03-09T21:52:49Z",41,3.5,"для бега","2026-03-09T21:52:49Z"\n'
        '2,"2","noise","2026-03-09T21:53:49Z",41,1.25,"для бега","2026-03-09T21:53:49Z"\n'
        '3,"2","","2026-03-09T21:54:49Z",42,1.25,"lofi","2026-03-09T21:54:49Z"\n'
        '4,"2","{""choices"": [""Travel"", ""noise""]}","",43,1.25,"jazz","2026-03-09T21:54:49Z"\n'
    )
    rows = stage(content, known_categories=SLUGS)
    (anna,) = (label.annotator for label in rows[0].labels if label.annotator != "2")
    assert anna.startswith("annotator-")
    assert rows[0].labels == (Label(anna, "travel", 3.5), Label("2", "noise", 1.25))
    assert [(row.id, row.text) for row in rows] == [("41", "для бега"), ("42", "lofi")]
    report = staging.report()
    assert (report.format, report.dropped, report.problem_kinds) == (
        "label-studio-csv",
        {"repeat": 1},
        {"several-categories": 1},
    )


def test_doccano_json_lines(stage, staging):
    lines = [
        {"id": 1, "text": "для бега", "label": ["travel"], "Comments": []},
        {"id": 2, "text": "lofi", "label": []},
        {"id": 3, "data": "jazz", "labels": ["noise"]},
    ]
    content = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    rows = stage(content, known_categories=SLUGS, columns=Columns(default_annotator="anna"))
    assert taken(rows) == [
        ("1", "для бега", "ru", (("anna", "travel", None),)),
        ("2", "lofi", "en", ()),
        ("3", "jazz", "en", (("anna", "noise", None),)),
    ]
    assert staging.state.format == "doccano-json-lines"


def test_doccano_table(stage, staging):
    rows = stage("id,text,label\n1,для бега,travel\n2,lofi,\n3,jazz,noise#travel\n", known_categories=SLUGS)
    assert taken(rows) == [("1", "для бега", "ru", (("imported", "travel", None),)), ("2", "lofi", "en", ())]
    report = staging.report()
    assert (report.format, report.problem_kinds) == ("doccano-csv", {"several-categories": 1})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("phrase,when\nx,y\n", "No column is named text or query; the file has 'phrase', 'when'"),
        ("text,user\n", "The file has no rows"),
        ("[]", "The JSON array holds no objects"),
        ("[1, 2]", "The JSON array holds no objects"),
        ('[{"data": {"image": "x"}}]', "No column is named text or query; the file has 'image'"),
        ('{"phrase": "x"}', "No column is named text or query; the file has 'phrase'"),
        ('{\n"text": "x"\n}', "The first line cannot be read: not JSON at column 1 .*JSON lines have one whole object"),
    ],
)
def test_files_that_are_refused(stage, content, words):
    with pytest.raises(IntakeError, match=words) as refusal:
        stage(content)
    assert "\n" not in str(refusal.value)
