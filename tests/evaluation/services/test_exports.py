"""Judgments as files: what they say of the type of a query, in every format."""

import io
import json

import pyarrow.parquet as pq
import pytest

from evaluation.models import Trial
from evaluation.services.exports import export_judgments, judgment_records
from evaluation.stats.judgments import read_judgments

pytestmark = pytest.mark.django_db


def rows_of(study):
    lines = [json.loads(line) for line in export_judgments(study=study, format_="jsonl").decode().splitlines()]
    table = pq.read_table(io.BytesIO(export_judgments(study=study, format_="parquet")))
    return lines, table


def test_the_three_formats_say_the_same_of_the_type(promoted, study, judge_study, tmp_path):
    judge_study(study, people=3, each=2)
    lines, table = rows_of(study)
    assert table.to_pylist() == lines
    (tmp_path / "judgments.csv").write_bytes(export_judgments(study=study, format_="csv"))
    csv = read_judgments(tmp_path / "judgments.csv")
    trials = {trial.public_id.hex: trial for trial in Trial.objects.all()}
    assert len(lines) == len(csv) == 6
    for line, record in zip(lines, csv, strict=True):
        trial = trials[line["trial"]]
        assert line["category"] == record.category == trial.category != ""
        assert line["alpha"] == trial.alpha
        assert line["classifier"] == promoted.fingerprint
    assert str(table.schema.field("alpha").type) == "double"
    assert csv == judgment_records(study)


def test_a_type_that_is_not_told_is_absent(promoted, study, judge_study):
    judge_study(study, people=1, each=2, told=False)
    lines, table = rows_of(study)
    assert [(line["category"], line["alpha"], line["classifier"]) for line in lines] == [("", None, "")] * 2
    assert table.to_pylist() == lines
    assert b",,en" in export_judgments(study=study, format_="csv")


def test_a_study_without_a_classifier(study, judge_study):
    judge_study(study, people=1, each=1)
    lines, _ = rows_of(study)
    assert (lines[0]["category"], lines[0]["alpha"], lines[0]["classifier"]) == ("", None, "")


def test_the_number_of_queries_does_not_grow(promoted, study, judge_study, django_assert_max_num_queries):
    judge_study(study, people=4, each=3)
    with django_assert_max_num_queries(5):
        export_judgments(study=study, format_="jsonl")
