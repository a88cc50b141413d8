"""The participant's and the researcher's pages: what works, what is refused, and to whom."""

import re
import uuid

import pytest

from evaluation.models import Judgment, Participant, Trial
from evaluation.services.generation import generate
from tests.conftest import SYSTEMS, WISH

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(client, study):
    """A browser whose owner has agreed."""
    response = client.post("/studies/pilot/", {"platform_id": "listener-001", "consent": "on"})
    assert response.status_code == 302
    return client


def asked(visitor, query=WISH) -> Trial:
    response = visitor.post("/studies/pilot/ask/", {"query": query, "idempotency_key": uuid.uuid4().hex})
    assert response.status_code == 302, response.content
    return Trial.objects.get(public_id=response["Location"].split("/")[2])


def shown(visitor) -> Trial:
    trial = asked(visitor)
    for side in trial.sides.all():
        generate(side_id=side.pk)
    trial.refresh_from_db()
    return trial


class TestEntry:
    def test_shows_consent(self, client, study):
        page = client.get("/studies/pilot/").content.decode()
        assert "I agree." in page

    def test_no_consent_no_entry(self, client, study):
        response = client.post("/studies/pilot/", {"platform_id": "me"})
        assert response.status_code == 422
        assert not Participant.objects.exists()

    def test_no_identifier_no_entry(self, client, study):
        assert client.post("/studies/pilot/", {"consent": "on"}).status_code == 422

    def test_a_reload_takes_one_place(self, visitor):
        visitor.post("/studies/pilot/", {"platform_id": "listener-001", "consent": "on"})
        assert Participant.objects.count() == 1

    def test_unknown_study(self, client, db):
        assert client.get("/studies/nowhere/").status_code == 404

    def test_a_draft_is_not_there(self, client, study):
        from evaluation.models import Study

        Study.objects.create(slug="draft", title="Draft")
        assert client.get("/studies/draft/").status_code == 404

    def test_in_russian(self, client, study):
        page = client.get("/studies/pilot/", headers={"Accept-Language": "ru"})
        assert page.headers["Content-Language"] == "ru"
        assert 'lang="ru"' in page.content.decode()


class TestAsk:
    def test_strangers_are_sent_to_the_entry(self, client, study):
        assert client.get("/studies/pilot/ask/")["Location"] == "/studies/pilot/"

    def test_asks(self, visitor):
        assert 'name="query"' in visitor.get("/studies/pilot/ask/").content.decode()

    def test_an_empty_query_is_refused(self, visitor):
        response = visitor.post("/studies/pilot/ask/", {"query": " ", "idempotency_key": "k"})
        assert response.status_code == 422 and not Trial.objects.exists()

    def test_a_trial_in_flight_is_where_one_goes(self, visitor):
        trial = asked(visitor)
        assert visitor.get("/studies/pilot/ask/")["Location"] == f"/trials/{trial.public_id}/"
        second = visitor.post("/studies/pilot/ask/", {"query": "sun", "idempotency_key": "k2"})
        assert second["Location"] == f"/trials/{trial.public_id}/"
        assert Trial.objects.count() == 1

    def test_a_repeated_query_keeps_the_words(self, visitor):
        trial = asked(visitor, "rain in May")
        Trial.objects.filter(pk=trial.pk).update(state="judged")
        response = visitor.post("/studies/pilot/ask/", {"query": "rain in May", "idempotency_key": "k2"})
        assert response.status_code == 409 and "rain in May" in response.content.decode()


class TestTrial:
    def test_waits(self, visitor):
        trial = asked(visitor)
        for path in (f"/trials/{trial.public_id}/", f"/trials/{trial.public_id}/state/"):
            assert 'hx-get="' in visitor.get(path).content.decode()

    def test_shows_both(self, visitor):
        trial = shown(visitor)
        page = visitor.get(f"/trials/{trial.public_id}/state/").content.decode()
        assert "hx-trigger" not in page
        for side in trial.sides.all():
            for track in side.playlist:
                assert track["title"].replace("&", "&amp;").replace("'", "&#x27;").replace('"', "&quot;") in page

    def test_names_no_system(self, visitor, study):
        trial = shown(visitor)
        pages = [visitor.get(path) for path in ("/studies/pilot/ask/", f"/trials/{trial.public_id}/")]
        pages.append(visitor.post(f"/trials/{trial.public_id}/judgment/", {"choice": "a"}))
        pages.append(visitor.get("/studies/pilot/ask/?saved"))
        secrets = [*SYSTEMS, *(system.version.fingerprint for system in study.systems.all())]
        for page in pages:
            text = page.content.decode().lower() + repr(page.headers).lower()
            assert not [secret for secret in secrets if secret in text]

    @pytest.mark.parametrize("state", ["failed", "expired", "identical", "judged"])
    def test_every_end_has_a_page(self, visitor, state):
        trial = shown(visitor)
        if state == "judged":
            visitor.post(f"/trials/{trial.public_id}/judgment/", {"choice": "a"})
        else:
            Trial.objects.filter(pk=trial.pk).update(state=state)
        assert visitor.get(f"/trials/{trial.public_id}/").status_code == 200

    def test_others_see_nothing(self, visitor, client_factory=None):
        from django.test import Client

        trial = shown(visitor)
        for path in ("", "state/"):
            assert Client().get(f"/trials/{trial.public_id}/{path}").status_code == 404
        assert Client().post(f"/trials/{trial.public_id}/judgment/", {"choice": "a"}).status_code == 404

    def test_private(self, visitor):
        trial = shown(visitor)
        page = visitor.get(f"/trials/{trial.public_id}/")
        assert "no-store" in page.headers["Cache-Control"]
        policy = page.headers["Content-Security-Policy"]
        assert "unsafe" not in policy and "script-src 'self'" in policy


class TestJudge:
    @pytest.mark.parametrize("choice", ["a", "b", "equivalent"])
    def test_saves_and_asks_on(self, visitor, choice):
        trial = shown(visitor)
        for _ in range(2):  # a double click
            response = visitor.post(f"/trials/{trial.public_id}/judgment/", {"choice": choice})
            assert response["Location"] == "/studies/pilot/ask/?saved"
        assert Judgment.objects.get().choice == choice
        assert visitor.get(response["Location"]).status_code == 200

    def test_another_choice_is_refused_in_one_sentence(self, visitor):
        trial = shown(visitor)
        visitor.post(f"/trials/{trial.public_id}/judgment/", {"choice": "a"})
        response = visitor.post(f"/trials/{trial.public_id}/judgment/", {"choice": "b"})
        assert response.status_code == 409 and "cannot be changed" in response.content.decode()
        assert Judgment.objects.get().choice == "a"

    def test_nonsense_is_refused(self, visitor):
        trial = shown(visitor)
        assert visitor.post(f"/trials/{trial.public_id}/judgment/", {"choice": "x"}).status_code == 422
        assert not Judgment.objects.exists()

    def test_reading_is_not_judging(self, visitor):
        trial = shown(visitor)
        assert visitor.get(f"/trials/{trial.public_id}/judgment/").status_code == 405

    def test_a_reason_may_follow(self, visitor):
        trial = shown(visitor)
        visitor.post(f"/trials/{trial.public_id}/judgment/", {"choice": "a"})
        visitor.post(f"/trials/{trial.public_id}/reason/", {"reason": "warmer"})
        assert Judgment.objects.get().reason == "warmer"


RESEARCH = ["/research/", "/research/studies/pilot/", "/research/studies/pilot/report/"]
DOWNLOADS = [
    f"/research/studies/pilot/report/download/?format={name}" for name in ("html", "json", "csv", "jsonl", "parquet")
]


class TestResearch:
    @pytest.mark.parametrize("path", [*RESEARCH, *DOWNLOADS])
    def test_who_may(self, client, study, path, researcher, annotator, lead, outsider):
        assert client.get(path).status_code == 302
        for person in (annotator, lead, outsider):
            client.force_login(person)
            assert client.get(path).status_code == 403
        client.force_login(researcher)
        assert client.get(path).status_code == 200

    def test_a_participant_sees_no_report(self, visitor):
        assert visitor.get("/research/studies/pilot/report/").status_code == 302

    def test_opens_and_closes(self, client, study, researcher):
        client.force_login(researcher)
        client.post("/research/studies/pilot/close/")
        study.refresh_from_db()
        assert study.status == "closed"
        client.post("/research/studies/pilot/open/")
        study.refresh_from_db()
        assert study.status == "open"
        assert client.get("/research/studies/pilot/open/").status_code == 405

    def test_the_report_shows_the_figures_of_its_file(self, client, visitor, researcher):
        for choice in ("a", "b", "equivalent"):
            trial = asked(visitor, f"slow dancing {choice}")
            for side in trial.sides.all():
                generate(side_id=side.pk)
            visitor.post(f"/trials/{trial.public_id}/judgment/", {"choice": choice})
        client.force_login(researcher)
        analysis = client.get("/research/studies/pilot/report/download/?format=json").json()
        assert (analysis["judgments"], analysis["participants"], analysis["ties"]) == (3, 1, 1)
        page = client.get("/research/studies/pilot/report/").content.decode()
        for system in analysis["systems"]:
            assert re.search(rf"{re.escape(system['name'])}", page)
            assert f"{system['elo']:.0f}" in page
        alone = client.get("/research/studies/pilot/report/download/?format=html").content.decode()
        assert "<style" in alone and "src=" not in alone and "popularity" in alone

    def test_cautions_and_notes_are_in_the_readers_language(self, client, visitor, researcher):
        trial = asked(visitor)
        for side in trial.sides.all():
            generate(side_id=side.pk)
        visitor.post(f"/trials/{trial.public_id}/judgment/", {"choice": "a"})
        client.force_login(researcher)
        for language, words in (
            ("en", ("All judgments come from one participant", "Elo depends on K", "takes judgments as independent")),
            (
                "ru",
                (
                    "Все оценки поставил один участник",
                    "Эло зависит от K",
                    "Критерий Манна — Уитни считает оценки независимыми",
                ),
            ),
        ):
            page = client.get("/research/studies/pilot/report/", headers={"Accept-Language": language}).content.decode()
            for sentence in words:
                assert page.count(sentence) == 1
        report = client.get("/research/studies/pilot/report/download/?format=json").json()
        assert report["warnings"] == [caution["text"] for caution in report["cautions"]]
        assert (report["trials"], report["looks"]) != (None, None)
