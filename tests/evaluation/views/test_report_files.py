"""The downloads of a report's page, and what only a study's report knows."""

import io
import zipfile
from datetime import timedelta

import pytest

from evaluation.models import Side, Trial
from evaluation.selectors.service_record import service_record
from evaluation.services.reports import report_files, study_report

pytestmark = pytest.mark.django_db
PAGE = "/research/studies/pilot/report/"
FILE = PAGE + "download/?format="


@pytest.fixture
def judged(study, judge_study):
    return judge_study(study, people=8, each=6)


def test_pdf_tables_and_everything(client, judged, researcher):
    client.force_login(researcher)
    page = client.get(PAGE).content.decode()
    files = (("pdf", "report.pdf", b"%PDF"), ("latex", "tables.zip", b"PK"), ("zip", "report.zip", b"PK"))
    for format_, name, start in files:
        response = client.get(FILE + format_)
        assert response["Content-Disposition"] == f'attachment; filename="pilot-{name}"'
        assert response.content.startswith(start) and f"?format={format_}" in page
        assert response.content == client.get(FILE + format_).content
    archive = zipfile.ZipFile(io.BytesIO(client.get(FILE + "zip").content))
    assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    names = {name.partition("/")[2] for name in archive.namelist()}
    assert {"report.html", "report.pdf", "MANIFEST", "codebook.md", "tables/pairs.tex"} <= names


def test_for_researchers_alone(client, judged, annotator, outsider):
    for person in (annotator, outsider):
        client.force_login(person)
        assert [client.get(FILE + format_).status_code for format_ in ("pdf", "latex", "zip")] == [403] * 3


def test_the_page_speaks_russian_throughout(client, judged, researcher):
    client.force_login(researcher)
    page = client.get(PAGE, headers={"Accept-Language": "ru"}).content.decode()
    for heading in ("Рейтинги во времени", "По опыту участника", "Время ожидания", "Сбои", "Методы, готово для статьи"):
        assert heading in page
    assert "Ratings over time" not in page and "Waiting times" not in page


def test_times_and_failures_by_system(judged, django_assert_num_queries):
    first, second = judged.systems.order_by("name")
    sides = Side.objects.filter(system=first).order_by("pk")
    sides.update(model_seconds=0.5)
    Side.objects.filter(pk=sides[0].pk).update(model_seconds=4.5)
    failed = sides[1]
    Side.objects.filter(pk=failed.pk).update(state="failed", model_seconds=None)
    for trial in Trial.objects.all():
        Trial.objects.filter(pk=trial.pk).update(visible_from=trial.created_at + timedelta(seconds=3))
    with django_assert_num_queries(2):
        record = service_record(judged)
    waiting = {row["name"]: row for row in record["waiting"]["systems"]}
    failures = {row["name"]: row for row in record["failures"]["systems"]}
    assert waiting[first.name]["model_seconds"] == {"n": 47, "median": 0.5, "p90": 0.5}
    assert waiting[second.name]["model_seconds"]["n"] == 0
    assert waiting[first.name]["shown_after_seconds"] == {"n": 48, "median": 3.0, "p90": 3.0}
    assert (failures[first.name]["sides"], failures[first.name]["failures"]) == (48, 1)
    assert failures[first.name]["share"] == pytest.approx(1 / 48)
    assert failures[second.name]["failures"] == 0 and failures[second.name]["share_ci"][1] > 0


def test_a_side_that_is_not_finished_is_counted_apart(judged):
    side = Side.objects.order_by("pk").first()
    Side.objects.filter(pk=side.pk).update(state="queued")
    row = next(row for row in service_record(judged)["failures"]["systems"] if row["name"] == side.system.name)
    assert (row["sides"], row["unfinished"]) == (47, 1)


def test_the_json_has_every_part(judged):
    report = study_report(study=judged, replicates=100).as_json()
    parts = {"over_time", "by_language", "by_tenure", "by_side", "waiting", "failures", "software", "trial_states"}
    assert parts <= set(report)
    assert report["over_time"]["points"][-1]["judgments"] == report["judgments"] == 48
    assert report["trial_states"]["judged"] == 48


def test_judgments_that_come_meanwhile_are_left_out(judged):
    from evaluation.models import Judgment

    report = study_report(study=judged, replicates=100)
    latest = Judgment.objects.order_by("-created_at").first()
    Judgment.objects.filter(pk=latest.pk).update(created_at=latest.created_at + timedelta(hours=1))
    assert len(report_files(report)["judgments.csv"].splitlines()) == 48  # 47 and the header
