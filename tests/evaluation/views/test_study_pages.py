"""The live study, the what-if and the comparison: who may, what they show, and what they refuse."""

import re

import pytest
from django.db import connection

from evaluation.models import Judgment, Participant, Study, Trial
from evaluation.selectors.judgment_tables import study_table
from evaluation.selectors.live import live_study
from evaluation.services.studies import close_study, create_study, open_study
from recsys.models import Dataset, SystemVersion

pytestmark = pytest.mark.django_db

LIVE, RATINGS = "/research/studies/pilot/live/", "/research/studies/pilot/live/ratings/"
WHAT_IF, COMPARE = "/research/studies/pilot/what-if/", "/research/compare/"


@pytest.fixture
def versions(db):
    """System versions as rows alone: these pages load no artifact."""
    dataset = Dataset.objects.create(name="rows", version="1", fingerprint="f", licence="l", source="s", folder="/")
    return {
        name: SystemVersion.objects.create(system=name, fingerprint=name, dataset=dataset, artifact=name).pk
        for name in ("popularity", "bm25", "retriever")
    }


@pytest.fixture
def reader(client, researcher):
    client.force_login(researcher)
    return client


@pytest.fixture
def other_study(study, versions):
    systems = {"popularity": versions["popularity"], "by title": versions["bm25"], "retriever": versions["retriever"]}
    made = create_study(slug="second", title="Second", systems=systems, consent="I agree.")
    made.systems.get(name="retriever").delete()
    return open_study(study=made)


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


class TestWhoMay:
    @pytest.mark.parametrize("path", [LIVE, WHAT_IF, COMPARE, f"{COMPARE}?a=pilot"])
    def test_researchers_alone(self, client, study, path, researcher, annotator, lead, outsider, make_user):
        assert client.get(path).status_code == 302
        for person in (annotator, lead, outsider):
            client.force_login(person)
            assert client.get(path).status_code == 403
        for person in (researcher, make_user("root", is_superuser=True)):
            client.force_login(person)
            assert client.get(path).status_code == 200
        assert client.post(path).status_code == 405

    def test_running_ratings(self, client, study, researcher, annotator, lead, outsider):
        assert client.post(RATINGS).status_code == 302
        for person in (annotator, lead, outsider):
            client.force_login(person)
            assert client.post(RATINGS).status_code == 403
        client.force_login(researcher)
        assert client.get(RATINGS).status_code == 405
        assert client.post(RATINGS).status_code == 200

    def test_a_participant_sees_none(self, client, study):
        client.post("/studies/pilot/", {"platform_id": "listener-001", "consent": "on"})
        assert {client.get(path).status_code for path in (LIVE, WHAT_IF, COMPARE)} == {302}

    @pytest.mark.parametrize("path", [LIVE, WHAT_IF])
    def test_unknown_study(self, reader, db, path):
        assert reader.get(path.replace("pilot", "nowhere")).status_code == 404


class TestLive:
    def test_an_empty_study(self, reader, study):
        page = text(reader.get(LIVE))
        assert "Nobody has judged yet." in page and "No number was planned." in page
        assert "1 pair has not been judged at all." in page

    def test_counts_towards_the_plan(self, reader, study, judge_study):
        Study.objects.filter(pk=study.pk).update(planned_judgments=160, planned_participants=8)
        judge_study(study, told=False)
        page = text(reader.get(LIVE))
        assert "80 of 160 planned" in page and "8 of 8 planned" in page
        assert "50%" in page and "The plan is met." in page
        assert "The least judged pair has 80, the most judged 80" in page

    def test_days_pairs_and_queries(self, study, judge_study, django_assert_num_queries):
        judge_study(study, told=False)
        clock = connection.vendor == "postgresql"  # SQLite's is this machine's
        with django_assert_num_queries(9 + clock):
            shown = live_study(study)
        with django_assert_num_queries(6 + clock):
            assert live_study(study).pairs == shown.pairs
        assert sum(day.judgments for day in shown.days) == 80 and shown.days[0].participants == 8
        assert [(pair.a, pair.b, pair.judgments) for pair in shown.pairs] == [("bm25", "popularity", 80)]
        assert (shown.fewest, shown.most, shown.middle, shown.never) == (80, 80, 80, 0)

    def test_what_waits(self, reader, study, judge_study):
        judge_study(study, people=1, each=2, told=False)
        Trial.objects.filter(number=1).update(state="generating")
        assert re.search(r"1 in the making · the oldest for", text(reader.get(LIVE)))

    def test_numbers_are_asked_for(self, reader, study, judge_study):
        judge_study(study, told=False)
        page = text(reader.get(LIVE))
        assert "Do not stop on this." in page and "95% interval" not in page
        assert "Do not stop on this." in (asked := text(reader.post(RATINGS)))
        assert "95% interval" in asked and "80 judgments of 8 participants" in asked

    def test_htmx_gets_the_part_alone(self, reader, study, judge_study):
        judge_study(study, told=False)
        part = reader.get(LIVE, headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in part and 'id="live"' in part and 'data-live="15"' in part
        part = reader.post(RATINGS, headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in part and 'id="running"' in part

    def test_a_closed_study_does_not_refresh(self, reader, study):
        close_study(study=study)
        page = reader.get(LIVE).content.decode()
        assert "data-live=" not in page and "The study is closed." in page and "Do not stop" not in page


class TestWhatIf:
    def test_without_judgments(self, reader, study):
        assert "No judgment yet" in text(reader.get(WHAT_IF))

    def test_one_participant(self, reader, study, judge_study):
        judge_study(study, people=1, told=False)
        assert reader.get(WHAT_IF, {"model": "ties-half"}).status_code == 200
        assert "Nothing is left" in text(reader.get(WHAT_IF, {"participant": "1"}))

    def test_leaves_out(self, reader, study, judge_study):
        judge_study(study)
        page = text(reader.get(WHAT_IF, {"participant": ["2", "5"], "k": "16", "model": "ties-half"}))
        assert "60 of 80 judgments stay, of 6 of 8 participants." in page
        assert "The top system" in page and "exploratory" in page
        assert "All judgments stay." in text(reader.get(WHAT_IF, {"k": "16"}))

    def test_of_many_participants_those_who_judged_most_and_those_left_out(
        self, reader, study, judge_study, monkeypatch
    ):
        monkeypatch.setattr("evaluation.what_if_page.MOST_LISTED", 3)
        judge_study(study)
        Judgment.objects.filter(trial__participant=Participant.objects.order_by("pk")[0]).first().delete()
        page = reader.get(WHAT_IF).content.decode()
        assert re.findall(r'name="participant" value="(\d+)"', page) == ["2", "3", "4"]
        assert "the 3 of 8 who judged most" in text(reader.get(WHAT_IF))
        page = reader.get(WHAT_IF, {"participant": "8, 1"}).content.decode()
        assert re.findall(r'name="participant" value="(\d+)"( checked)?', page) == [
            ("1", " checked"),
            ("2", ""),
            ("8", " checked"),
        ]

    def test_names_no_platform_id(self, reader, study, judge_study):
        judge_study(study)
        page = reader.get(WHAT_IF).content.decode()
        for person in Participant.objects.all():
            assert person.public_id.hex not in page and str(person.public_id) not in page
            assert not re.search(rf"\b{person.platform_id}\b", page)

    def test_the_address_says_it_all(self, reader, study, judge_study):
        judge_study(study)
        asked = {"participant": ["5", "", "2"], "k": "", "least": "1", "model": "davidson", "since": "2026-01-01"}
        part = reader.get(WHAT_IF, asked, headers={"HX-Request": "true"})
        assert "<html" not in part.content.decode()
        assert part["HX-Push-Url"] == f"{WHAT_IF}?participant=2&participant=5&since=2026-01-01"
        assert reader.get(WHAT_IF, headers={"HX-Request": "true"})["HX-Push-Url"] == WHAT_IF
        here = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{part['HX-Push-Url']}"}
        assert reader.get(WHAT_IF, asked, headers=here)["HX-Push-Url"] == "false"
        page = reader.get(part["HX-Push-Url"]).content.decode()
        assert len(re.findall(r'name="participant" value="[25]" checked', page)) == 2

    def test_the_window_and_the_labels(self, reader, study, judge_study):
        judge_study(study)
        assert "Nothing is left" in text(reader.get(WHAT_IF, {"until": "2020-01-01"}))
        assert "Nothing is left" in text(reader.get(WHAT_IF, {"language": "en"}))
        assert "Nothing is left" in text(reader.get(WHAT_IF, {"category": "-"}))
        assert "Nothing is left" in text(reader.get(WHAT_IF, {"least": "11"}))
        assert "Nothing is left" in text(reader.get(WHAT_IF, {"system": "bm25"}))

    @pytest.mark.parametrize(("name", "value"), [("participant", "99"), ("k", "chess"), ("until", "9999-12-31")])
    def test_refuses_in_one_sentence(self, reader, study, judge_study, name, value):
        judge_study(study, told=False)
        for headers in ({}, {"HX-Request": "true"}):
            refused = reader.get(WHAT_IF, {name: value}, headers=headers)
            assert refused.status_code == 400
            assert repr(value) in text(refused).replace("&#x27;", "'")

    def test_new_judgments_are_seen(self, reader, study, judge_study):
        judge_study(study, people=4, each=2, told=False)
        first = study_table(study)
        assert study_table(study).table is first.table
        Trial.objects.filter(study=study, number=3).update(category="mood", alpha=0.5)
        told = study_table(study)
        assert told.table is not first.table and told.table.labels["category"].names == ("", "mood")
        Trial.objects.get(study=study, number=0).judgment.delete()
        assert len(study_table(study).table) == 7

    def test_the_table_is_the_reports(self, study, judge_study):
        from evaluation.services.exports import judgment_records
        from evaluation.stats.tables import JudgmentTable

        judge_study(study)
        mine = study_table(study).table
        whole = JudgmentTable.of(judgment_records(study), mine.systems)
        assert mine.systems == whole.systems
        for name in ("first", "second", "score", "microseconds"):
            assert getattr(mine, name).tolist() == getattr(whole, name).tolist()
        for label in ("category", "language"):
            names = [mine.labels[label].names[at] for at in mine.labels[label].of]
            assert names == [whole.labels[label].names[at] for at in whole.labels[label].of]

    def test_reading_the_table_costs_the_same_for_any_size(self, study, judge_study, django_assert_num_queries):
        judge_study(study, told=False)
        with django_assert_num_queries(6):
            study_table(study)
        with django_assert_num_queries(1):
            study_table(study)


class TestCompare:
    def test_one_study_alone(self, reader, study):
        assert "It takes two studies" in text(reader.get(COMPARE))

    def test_choose(self, reader, study, other_study):
        page = text(reader.get(COMPARE, {"a": "pilot"}))
        assert "Choose…" in page and "Do they agree?" not in page

    def test_compares(self, reader, study, other_study, judge_study):
        judge_study(study, told=False)
        judge_study(other_study, people=10, told=False)
        page = text(reader.get(COMPARE, {"a": "pilot", "b": "second"}))
        assert "by title of second is the same version as bm25" in page
        assert "8 people judged in both." in page and "Do they agree?" in page
        assert re.search(r"contradict each other nowhere|They contradict each other: \d", page)

    def test_no_judgments(self, reader, study, other_study):
        page = text(reader.get(COMPARE, {"a": "pilot", "b": "second"}))
        assert "No system has judgments in both studies" in page

    def test_notes_in_russian(self, reader, study, other_study):
        page = text(reader.get(COMPARE, {"a": "pilot", "b": "second"}, headers={"Accept-Language": "ru"}))
        assert "Ни у одной системы нет оценок в обоих исследованиях" in page

    @pytest.mark.parametrize(
        ("a", "b", "sentence"),
        [("pilot", "pilot", "with itself"), ("pilot", "nowhere", "no study"), ("'; --", "pilot", "no study")],
    )
    def test_refuses_in_one_sentence(self, reader, study, other_study, a, b, sentence):
        refused = reader.get(COMPARE, {"a": a, "b": b})
        assert refused.status_code == 400 and sentence in text(refused)


def test_every_page_leads_to_the_others(reader, study, other_study):
    for path in ("/research/studies/pilot/", LIVE, "/research/studies/pilot/report/", WHAT_IF, f"{COMPARE}?a=pilot"):
        page = reader.get(path).content.decode()
        nav = re.search(r'<nav class="tabs".*?</nav>', page, re.DOTALL).group()
        assert re.findall(r'href="([^"]+)"', nav) == [
            "/research/studies/pilot/",
            LIVE,
            "/research/studies/pilot/report/",
            WHAT_IF,
            f"{COMPARE}?a=pilot",
        ]
        assert nav.count('aria-current="page"') == 1


def test_in_russian(reader, study, other_study, judge_study):
    judge_study(study)
    judge_study(other_study, told=False)
    for path in (LIVE, f"{WHAT_IF}?k=16", f"{COMPARE}?a=pilot&b=second"):
        page = reader.get(path, headers={"Accept-Language": "ru"})
        assert page.status_code == 200 and "Обзор" in page.content.decode()


def test_the_plan_is_set_in_a_draft_alone(client, study, make_user):
    client.force_login(make_user("root", is_superuser=True, is_staff=True))
    draft = create_study(slug="draft", title="Draft", systems={}, planned_judgments=300)
    assert (
        'name="planned_judgments" value="300"'
        in client.get(f"/admin/evaluation/study/{draft.pk}/change/").content.decode()
    )
    assert 'name="planned_judgments"' not in client.get(f"/admin/evaluation/study/{study.pk}/change/").content.decode()


def test_reading_the_numbers_of_an_open_study_is_a_look(reader, study, judge_study):
    judge_study(study, people=4, each=2, told=False)
    reader.get(LIVE)
    reader.get(LIVE, headers={"HX-Request": "true"})
    assert not study.looks.exists()
    reader.post(RATINGS)
    reader.get(WHAT_IF)
    assert [look.judgments for look in study.looks.all()] == [8]
