"""The database's way to the statistics gives what the judgments file gives."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from evaluation.models import Judgment, StudySystem
from evaluation.query_halves import HALVES
from evaluation.selectors.finished import finished_participants
from evaluation.selectors.judgments import judgment_table
from evaluation.services.exports import judgment_records
from evaluation.services.reports import study_report
from evaluation.stats.analysis import analyze
from evaluation.stats.tables import JudgmentTable

pytestmark = pytest.mark.django_db


def names_of(study):
    return list(study.systems.order_by("name").values_list("name", flat=True))


def assert_same(ours, theirs):
    for each in fields(JudgmentTable):
        mine, other = getattr(ours, each.name), getattr(theirs, each.name)
        if isinstance(other, np.ndarray):
            assert mine.tolist() == other.tolist(), each.name
            assert mine.dtype == other.dtype, each.name
        elif each.name == "labels":
            assert {name: label.names for name, label in mine.items()} == {n: label.names for n, label in other.items()}
            assert all(mine[name].of.tolist() == label.of.tolist() for name, label in other.items())
        else:
            assert mine == other, each.name


def test_the_table_is_that_of_the_records(promoted, study, judge_study):
    judge_study(study, people=5, each=7)
    assert_same(judgment_table(study), JudgmentTable.of(judgment_records(study), names_of(study)))


def test_times_are_exact_and_equal_ones_go_by_number(study, judge_study):
    judge_study(study, people=4, each=4, told=False)
    times = (
        datetime(2026, 1, 1, tzinfo=UTC),  # no fraction at all
        datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
        datetime(2026, 1, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 1, 31, 23, 59, 59, 999_500, tzinfo=UTC),
        datetime(2038, 1, 19, 3, 14, 8, 120_000, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    )
    for number, judgment in enumerate(Judgment.objects.order_by("-pk")):
        Judgment.objects.filter(pk=judgment.pk).update(created_at=times[number % len(times)])
    table = judgment_table(study)
    assert_same(table, JudgmentTable.of(judgment_records(study), names_of(study)))
    since = [(time - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) for time in sorted(times)]
    assert sorted(set(table.microseconds.tolist())) == since
    assert table.latest == max(times)


def test_the_report_is_the_analysis_of_the_file(promoted, study, judge_study):
    judge_study(study, people=8, each=12)
    report = study_report(study=study, seed=3, replicates=60)
    options = {"seed": 3, "replicates": 60, "elo_k": study.elo_k, "systems": names_of(study), "halves": HALVES}
    options |= {"trials": 96, "looks": 1, "complete": finished_participants(study)}
    assert report.analysis == analyze(judgment_records(study), **options).as_json()
    assert report.analysis["breakdown"]
    assert report.as_of == judgment_records(study)[-1].created_at


def test_a_study_without_judgments(study, participant):
    table = judgment_table(study)
    assert_same(table, JudgmentTable.of([], names_of(study)))
    assert table.latest is None
    assert study_report(study=study).as_of is None


def test_another_study_stays_out(study, judge_study, versions):
    from evaluation.services.studies import create_study, open_study

    systems = {"popularity": versions["popularity"], "bm25": versions["bm25"]}
    other = open_study(
        study=create_study(slug="other", title="Other", systems=systems, consent="I agree.", playlist_length=5)
    )
    judge_study(study, people=2, each=3, told=False)
    judge_study(other, people=3, each=2, told=False)
    assert len(judgment_table(study)) == len(judgment_table(other)) == 6
    assert_same(judgment_table(other), JudgmentTable.of(judgment_records(other), names_of(other)))


def test_systems_that_nobody_judged_are_named(study, judge_study, versions):
    judge_study(study, people=2, each=2, told=False)
    StudySystem.objects.create(study=study, name="never", version_id=versions["retriever"])
    assert judgment_table(study).systems == ("bm25", "never", "popularity")


def test_the_number_of_queries_does_not_grow(study, judge_study, django_assert_num_queries):
    judge_study(study, people=6, each=5, told=False)
    with django_assert_num_queries(4):
        judgment_table(study)
