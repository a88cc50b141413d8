"""The report's section by kind of query: on the page, in the file, for researchers only."""

import csv
import io
import json
import re
from collections import Counter
from html import unescape

import pytest
from django.core.management import call_command
from django.utils import translation

from annotation.public import BY_SLUG
from evaluation.models import Trial
from evaluation.services.reports import report_files, standalone_html, study_report

pytestmark = pytest.mark.django_db
PAGE = "/research/studies/pilot/report/"
FILE = PAGE + "download/?format=breakdown"


@pytest.fixture
def judged(promoted, study, judge_study):
    return judge_study(study, people=8, each=10)


def section(html: str) -> str:
    found = re.search(r'<section class="block kinds".*?</section>', html, re.S)
    assert found
    return unescape(re.sub(r"\s+", " ", found[0]))


def test_shows_the_figures_of_its_file(client, judged, researcher):
    client.force_login(researcher)
    report = client.get(PAGE + "download/?format=json").json()
    breakdown = report["breakdown"]
    assert {group["value"] for group in breakdown["by_half"]} == {"personalised", "non-personalised"}
    assert sum(group["judgments"] for group in breakdown["by_half"]) == report["judgments"] == 80
    page = section(client.get(PAGE).content.decode())
    for half in breakdown["by_half"]:
        assert f"judgments {half['judgments']}, participants {half['participants']}" in page
        for system in half["systems"]:
            assert system["win_rate"] is None or f"{100 * system['win_rate']:.1f}%" in page
    for group in breakdown["values"]:
        assert BY_SLUG[group["value"]].title("en") in page
    for slug in breakdown["never_asked"]:
        assert BY_SLUG[slug].title("en") in page.partition("Nobody asked for:")[2]


def test_names_the_classifier_and_how_often_it_errs(client, promoted, judged, researcher):
    client.force_login(researcher)
    page = section(client.get(PAGE).content.decode())
    assert "Toy n-grams" in page and promoted.fingerprint[:12] in page
    for target in ("binary", "categories"):
        accuracy = promoted.metrics[target]["accuracy"]
        assert f"{100 * accuracy['value']:.1f}%" in page
        assert f"{100 * accuracy['ci'][0]:.1f}–{100 * accuracy['ci'][1]:.1f}%" in page
        assert f"{promoted.metrics[target]['macro_f1']['value']:.2f}" in page
    told = client.get(PAGE + "download/?format=json").json()["classifier"]
    assert (told["name"], told["fingerprint"]) == (promoted.name, promoted.fingerprint)
    assert told["test"]["binary_accuracy"]["value"] == promoted.metrics["binary"]["accuracy"]["value"]


def test_in_russian(client, judged, researcher):
    client.force_login(researcher)
    page = section(client.get(PAGE, headers={"Accept-Language": "ru"}).content.decode())
    assert "По типам запросов" in page and "Персонализированные" in page
    for group in study_report(study=judged, replicates=100).analysis["breakdown"]["values"]:
        assert BY_SLUG[group["value"]].title("ru") in page
    assert "Nobody" not in page and "judgments" not in page


def test_the_file_alone_has_it_too(judged):
    report = study_report(study=judged, replicates=100)
    with translation.override("en"):
        html = standalone_html(report)
    assert 'aria-labelledby="plot-kinds-title' in section(html) and "<link" not in html and "src=" not in html


def test_the_table_has_a_row_per_figure(client, judged, researcher):
    client.force_login(researcher)
    response = client.get(FILE)
    assert response["Content-Disposition"] == 'attachment; filename="pilot-breakdown.csv"'
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    breakdown = client.get(PAGE + "download/?format=json").json()["breakdown"]
    groups = len(breakdown["by_half"]) + len(breakdown["values"])
    counted = Counter(row["figure"] for row in rows)
    assert counted == {"group": groups, "win_rate": 2 * groups, "pair_win_rate": 2, "difference": 1}
    rates = {(row["group"], row["a"]): row for row in rows if row["figure"] == "win_rate"}
    for half in breakdown["by_half"]:
        for system in half["systems"]:
            row = rates[half["value"], system["name"]]
            assert int(row["judgments"]) == system["judgments"]
            if system["win_rate"] is not None:
                assert float(row["value"]) == system["win_rate"] and row["method"] == breakdown["interval"]
    assert report_files(study_report(study=judged))["breakdown.csv"] == response.content


def test_who_may(client, judged, researcher, annotator, lead, outsider):
    assert client.get(FILE).status_code == 302
    for person in (annotator, lead, outsider):
        client.force_login(person)
        assert client.get(FILE).status_code == 403
    client.force_login(researcher)
    assert client.get(FILE).status_code == 200
    assert FILE.replace("&", "&amp;") in client.get(PAGE).content.decode()


def test_without_a_classifier_it_says_so(client, study, judge_study, researcher):
    judge_study(study, people=2, each=2)
    client.force_login(researcher)
    html = client.get(PAGE).content.decode()
    assert "No query-type classifier was in use when this study opened" in section(html)
    assert "format=breakdown" not in html and client.get(FILE).status_code == 404
    report = study_report(study=study, replicates=100)
    assert report.analysis["breakdown"] is None and report.as_json()["classifier"] is None
    assert "breakdown.csv" not in report_files(report)


def test_before_the_first_type_is_told_it_says_so(client, promoted, study, judge_study, researcher):
    judge_study(study, people=2, each=2, told=False)
    client.force_login(researcher)
    assert "No judged query has a category yet" in section(client.get(PAGE).content.decode())
    assert client.get(FILE).status_code == 404


def test_judgments_whose_query_has_no_type_are_counted(client, judged, researcher):
    Trial.objects.filter(number__lt=3).update(category="", alpha=None)
    client.force_login(researcher)
    assert "left out here: 3." in section(client.get(PAGE).content.decode())


def test_without_judgments_there_is_no_section(client, promoted, study, researcher):
    client.force_login(researcher)
    assert "kinds" not in client.get(PAGE).content.decode()


def test_a_missing_folder_does_not_take_the_report_away(client, promoted, judged, researcher):
    """What the report says of the classifier is in the row; the web process never opens the folder."""
    import shutil

    shutil.rmtree(promoted.directory)
    client.force_login(researcher)
    assert "Toy n-grams" in section(client.get(PAGE).content.decode())


def test_the_study_page_names_it(client, promoted, study, researcher):
    client.force_login(researcher)
    page = client.get("/research/studies/pilot/").content.decode()
    assert "Toy n-grams" in page and promoted.fingerprint[:12] in page


def test_the_interface_gives_the_same(client, judged, researcher):
    client.force_login(researcher)
    ours = client.get("/api/v1/studies/pilot/report/").json()["breakdown"]
    assert ours == client.get(PAGE + "download/?format=json").json()["breakdown"]


def test_analyze_says_the_same_of_the_exported_judgments(judged, tmp_path, capsys):
    call_command("report", "pilot", out=tmp_path)
    assert (tmp_path / "breakdown.csv").exists()
    report = json.loads((tmp_path / "report.json").read_text())
    call_command("analyze", str(tmp_path / "judgments.csv"), json=str(tmp_path / "analysis.json"))
    assert json.loads((tmp_path / "analysis.json").read_text())["breakdown"] == report["breakdown"]
    said = capsys.readouterr().out
    assert "personalised less non-personalised" in said and "Participants chose what to ask for" in said
