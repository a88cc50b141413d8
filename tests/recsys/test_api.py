"""Systems and try-outs over HTTP: every operation, every refusal, always `application/problem+json`."""

import json
import uuid

import pytest

from recsys.models import SystemVersion, Tryout
from recsys.services.tryout_answering import answer_tryout

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(client, researcher):
    client.force_login(researcher)
    return client


@pytest.fixture
def ask(api, version):
    def ask(key=None, **given):
        body = {"version": version.fingerprint, "query": "rain", "k": 5, **given}
        headers = {"Idempotency-Key": key} if key else {}
        return api.post("/api/v1/tryouts/", json.dumps(body), content_type="application/json", headers=headers)

    return ask


def assert_problem(response, status, fragment=""):
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    assert fragment in response.json()["detail"]


def test_every_system_with_its_versions_and_figures(api, version, make_run):
    make_run()
    newest = make_run()
    systems = {row["system"]: row for row in api.get("/api/v1/systems/").json()}
    (found,) = systems["retriever-cr-dp"]["versions"]
    assert found["fingerprint"] == version.fingerprint and found["dataset"] == {"name": "toy", "version": "2"}
    (run,) = found["offline_runs"]
    assert run["run"] == newest.pk and run["hits@10"]["ci"] == pytest.approx([0.5, 0.7])
    detail = api.get("/api/v1/systems/retriever-cr-dp/").json()
    assert len(detail["versions"][0]["offline_runs"]) == 2
    assert_problem(api.get("/api/v1/systems/nothing/"), 404)


def test_ask_wait_and_read(api, ask, listener):
    asked = ask(listener=listener)
    assert asked.status_code == 202 and asked.json()["state"] == "queued"
    address = f"/api/v1/tryouts/{asked.json()['tryout']}/"
    assert api.get(address).json()["answer"] is None
    answer_tryout(tryout_id=Tryout.objects.get().pk)
    body = api.get(address).json()
    assert (body["state"], body["system"], body["listener"], body["error"]) == (
        "done",
        "retriever-cr-dp",
        listener,
        None,
    )
    assert len(body["answer"]["tracks"]) == 5 and 0 <= body["answer"]["alpha"] <= 1
    assert {"score", "semantic", "collaborative"} <= body["answer"]["tracks"][0].keys()


def test_a_failure_is_a_sentence(api, ask, settings, tmp_path):
    settings.MODELS_ROOT = tmp_path
    address = f"/api/v1/tryouts/{ask().json()['tryout']}/"
    answer_tryout(tryout_id=Tryout.objects.get().pk)
    body = api.get(address).json()
    assert body["state"] == "failed" and "train it again" in body["error"] and body["answer"] is None


def test_the_same_key_is_the_same_question(ask):
    assert ask(key="k").json() == ask(key="k").json()
    assert_problem(ask(key="k", query="sun"), 409, "used for another query")
    assert Tryout.objects.count() == 1


def test_a_version_may_be_named_by_its_first_digits(ask, version):
    assert ask(version=version.fingerprint[:8]).status_code == 202
    twin = version.fingerprint[:20] + "z" * 44
    SystemVersion.objects.create(system="bm25", fingerprint=twin, dataset=version.dataset, artifact="x")
    assert_problem(ask(version=version.fingerprint[:8]), 400, "is the start of several system versions")


@pytest.mark.parametrize(
    ("given", "fragment"),
    [
        ({"version": "0" * 64}, "names no system version"),
        ({"version": ""}, "`version`"),
        ({"version": None}, "`version`"),
        ({"query": " "}, "`query`"),
        ({"query": "x" * 501}, "`query`"),
        ({"query": "a\0b"}, "`query`"),
        ({"query": "\ud800"}, "`query`"),
        ({"k": 0}, "`k`"),
        ({"k": 101}, "`k`"),
        ({"k": "many"}, "`k`"),
        ({"listener": "nobody-we-know"}, "knows no listener"),
        ({"listener": "a\0b"}, "`listener`"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(ask, given, fragment):
    assert_problem(ask(**given), 400, fragment)
    assert not Tryout.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "{", "1"])
def test_no_json_is_refused(api, body):
    assert_problem(api.post("/api/v1/tryouts/", body, content_type="application/json"), 400)


def test_a_key_that_is_too_long_is_refused(ask):
    assert_problem(ask(key="k" * 101), 400, "Idempotency-Key")


def test_another_researcher_s_is_not_there(client, make_tryout, make_user):
    row = make_tryout()
    client.force_login(make_user("colleague", is_researcher=True))
    assert_problem(client.get(f"/api/v1/tryouts/{row.public_id}/"), 404)
    assert_problem(client.get(f"/api/v1/tryouts/{uuid.uuid4()}/"), 404)


@pytest.mark.parametrize("path", ["systems/", "systems/bm25/", "tryouts/00000000-0000-4000-8000-000000000000/"])
def test_reading_takes_no_other_method(api, path, versions):
    for method in ("post", "put", "patch", "delete"):
        assert_problem(getattr(api, method)(f"/api/v1/{path}", "{}", content_type="application/json"), 405)


def test_it_is_in_the_schema(client, db):
    schema = client.get("/api/v1/schema/").content.decode()
    assert "/api/v1/tryouts/{public_id}/:" in schema and "TryoutInput:" in schema and "/api/v1/systems/:" in schema
