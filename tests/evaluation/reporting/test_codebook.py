"""Every column of every file is in the codebook, with a meaning that somebody wrote."""

import csv
import io
import json

from evaluation.reporting.codebook import codebook, codebook_markdown, meaning_of
from evaluation.reporting.csv_tables import csv_table, csv_tables
from evaluation.reporting.folder import Front, folder
from evaluation.reporting.pseudonyms import renumbered
from evaluation.services.exports import COLUMNS
from evaluation.stats.analysis import analyze
from evaluation.stats.judgments import OPTIONAL, REQUIRED
from tests.evaluation.reporting.conftest import drawn


def test_every_column_has_a_meaning(report):
    files = {name: text.partition("\n")[0].split(",") for name, text in csv_tables(report).items()}
    files["judgments.csv"] = [*REQUIRED, *OPTIONAL]
    files["judgments.jsonl, judgments.parquet"] = list(COLUMNS)
    assert len(files) == 12
    assert [(file, name) for file, names in files.items() for name in names if not meaning_of(file, name)] == []
    for entry in codebook(files):
        assert entry["type"] in {"text", "integer", "number", "time", "boolean"} and entry["meaning"]


def test_the_files_agree_with_their_codebook(report):
    files = folder(report, front=Front("x"), html="", judgments="participant,query\n", language="en")
    entries = json.loads(files["codebook.json"])
    for name, content in files.items():
        if name.endswith(".csv"):
            header = next(csv.reader(io.StringIO(content.decode())))
            assert [entry["column"] for entry in entries if entry["file"] == name] == header
            assert f"## {name}" in files["codebook.md"].decode()


def test_a_bar_in_a_cell_does_not_break_the_table():
    shown = codebook_markdown([{"file": "f", "column": "c", "meaning": "a | b", "type": "text", "values": ""}])
    assert "a \\| b" in shown


def test_an_interval_that_some_rows_lack_takes_two_columns():
    rows = [{"name": "a", "bt_ci": None}, {"name": "b", "bt_ci": [1.0, 2.0]}]
    assert csv_table(rows) == "name,bt_ci_low,bt_ci_high\na,,\nb,1.0,2.0\n"


def test_a_formula_is_defused():
    assert csv_table([{"name": "=1+1", "x": -1.5}]) == "name,x\n'=1+1,-1.5\n"


def test_participants_are_numbered_alike_everywhere():
    judgments = drawn(("a", "b"), people=11)
    numbered = renumbered(judgments)
    assert {judgment.participant for judgment in numbered} == {f"p{number:02d}" for number in range(1, 12)}
    pairs = {(before.participant, after.participant) for before, after in zip(judgments, numbered, strict=True)}
    assert len(pairs) == 11  # one number each, one each number
    before, after = (analyze(group, replicates=50).as_json() for group in (judgments, numbered))
    assert [pair["by_participant"] for pair in before["pairs"]] == [pair["by_participant"] for pair in after["pairs"]]
    assert [row["bt_ci"] for row in before["systems"]] == [row["bt_ci"] for row in after["systems"]]


def test_nobody_gets_no_number():
    from dataclasses import replace

    unknown = [replace(judgment, participant="") for judgment in drawn(("a", "b"))]
    assert renumbered(unknown) == unknown
