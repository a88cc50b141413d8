"""The HTTP interface: every operation, every refusal, always `application/problem+json`."""

import json
import uuid

import pytest

from evaluation.models import Participant, Study, Trial
from evaluation.services.generation import generate
from evaluation.services.participants import participant_token
from evaluation.services.studies import close_study
from tests.conftest import WISH

pytestmark = pytest.mark.django_db


class Api:
    def __init__(self, client, token: str = "") -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def post(self, path, body, **headers):
        data = body if isinstance(body, str) else json.dumps(body)
        return self.client.post(
            f"/api/v1/{path}", data, content_type="application/json", headers={**self.headers, **headers}
        )

    def get(self, path):
        return self.client.get(f"/api/v1/{path}", headers=self.headers)

    def ask(self, query=WISH, key=None):
        return self.post("studies/pilot/trials/", {"query": query}, **{"Idempotency-Key": key or uuid.uuid4().hex})


@pytest.fixture
def stranger(client):
    return Api(client)


@pytest.fixture
def api(client, participant):
    return Api(client, participant_token(participant))


@pytest.fixture
def shown(api) -> str:
    trial = api.ask().json()["trial"]
    for side in Trial.objects.get(public_id=trial).sides.all():
        generate(side_id=side.pk)
    return trial


def assert_problem(response, status, fragment=""):
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status and fragment in body["detail"]


class TestParticipants:
    path = "studies/pilot/participants/"

    def test_enrols_with_consent(self, stranger, study):
        response = stranger.post(self.path, {"platform_id": "me", "language": "ru", "consent": True})
        assert response.status_code == 201
        assert set(response.json()) == {"participant", "token"}
        assert Participant.objects.get().language == "ru"

    @pytest.mark.parametrize(
        ("body", "fragment"),
        [
            ({"platform_id": "me", "consent": False}, "consent"),
            ({"platform_id": "me"}, "consent"),
            ({"consent": True}, "platform_id"),
            ({"platform_id": "", "consent": True}, "platform_id"),
            ({"platform_id": "x" * 201, "consent": True}, "platform_id"),
            ({"platform_id": "me", "language": "tlh", "consent": True}, "language"),
            ({"platform_id": ["me"], "consent": True}, "platform_id"),
            ([], ""),
            ("{", "JSON"),
        ],
    )
    def test_refuses_in_one_sentence_and_stores_nothing(self, stranger, study, body, fragment):
        assert_problem(stranger.post(self.path, body), 400, fragment)
        assert not Participant.objects.exists()

    def test_unknown_and_draft_studies_do_not_exist(self, stranger, study):
        Study.objects.create(slug="draft", title="Draft")
        body = {"platform_id": "me", "consent": True}
        assert_problem(stranger.post("studies/nowhere/participants/", body), 404)
        assert_problem(stranger.post("studies/draft/participants/", body), 404)

    def test_closed(self, stranger, study):
        close_study(study=study)
        assert_problem(stranger.post(self.path, {"platform_id": "me", "consent": True}), 409, "not open")


class TestTrials:
    def test_accepts_a_query(self, api):
        response = api.ask("для бега")
        assert response.status_code == 202
        assert set(response.json()) == {"trial", "state"} and response.json()["state"] == "generating"

    def test_the_same_key_is_the_same_trial(self, api):
        assert api.ask(key="k").json() == api.ask(key="k").json()

    def test_needs_a_key(self, api):
        assert_problem(api.post("studies/pilot/trials/", {"query": "rain"}), 400, "Idempotency-Key")

    @pytest.mark.parametrize("query", ["", "  ", "x" * 501, None, 7, ["rain"], "a\x00b"])
    def test_refuses_what_is_no_query(self, api, query):
        response = api.ask(query)
        if query == 7:  # JSON numbers are taken as text, as DRF does
            assert response.status_code == 202
        else:
            assert_problem(response, 400)
            assert not Trial.objects.exists()

    def test_one_in_flight(self, api):
        api.ask()
        assert_problem(api.ask("sun"), 409)

    def test_needs_a_token(self, stranger, study):
        response = stranger.ask()
        assert_problem(response, 401)
        assert response.headers["WWW-Authenticate"] == "Bearer"

    @pytest.mark.parametrize("token", ["x", "a:b:c", "é"])
    def test_refuses_a_forged_token(self, client, study, token):
        assert_problem(Api(client, token).ask(), 401)

    def test_a_token_is_for_its_own_study(self, api, versions):
        from evaluation.services.studies import create_study, open_study

        open_study(
            study=create_study(
                slug="other", title="O", consent="c", systems={"p": versions["popularity"], "b": versions["bm25"]}
            )
        )
        response = api.post("studies/other/trials/", {"query": "rain"}, **{"Idempotency-Key": "k"})
        assert_problem(response, 400, "another study")

    def test_get_is_not_allowed(self, api):
        assert_problem(api.get("studies/pilot/trials/"), 405)


class TestTrialDetail:
    def test_waits_then_shows_both(self, api, shown):
        body = api.get(f"trials/{shown}/").json()
        assert set(body) == {"trial", "state", "playlists"} and body["state"] == "ready"
        a, b = body["playlists"]["a"], body["playlists"]["b"]
        assert len(a) == len(b) == 5
        for track in [*a, *b]:
            assert (
                {"position", "title", "artists"}
                <= set(track)
                <= {"position", "title", "artists", "year", "preview_url"}
            )

    def test_one_side_alone_is_not_shown(self, api):
        trial = api.ask().json()["trial"]
        generate(side_id=Trial.objects.get(public_id=trial).sides.first().pk)
        assert api.get(f"trials/{trial}/").json() == {"trial": trial, "state": "generating"}

    def test_a_failure_says_nothing_of_its_cause(self, api):
        trial = api.ask().json()["trial"]
        Trial.objects.update(state="failed")
        assert api.get(f"trials/{trial}/").json() == {"trial": trial, "state": "failed"}

    def test_others_see_nothing(self, client, shown, study):
        from evaluation.services.participants import enrol

        other = Api(client, participant_token(enrol(study=study, platform_id="other", language="en", consent=True)))
        assert_problem(other.get(f"trials/{shown}/"), 404)
        assert_problem(other.post(f"trials/{shown}/judgment/", {"choice": "a"}), 404)
        assert_problem(Api(client).get(f"trials/{shown}/"), 401)


class TestJudgments:
    def test_once_again_and_otherwise(self, api, shown):
        path = f"trials/{shown}/judgment/"
        assert api.post(path, {"choice": "a", "reason": "closer"}).status_code == 201
        assert api.post(path, {"choice": "a"}).status_code == 200
        assert_problem(api.post(path, {"choice": "b"}), 409, "cannot be changed")

    @pytest.mark.parametrize("body", [{}, {"choice": "tie"}, {"choice": ""}, {"choice": "a", "reason": "x" * 1001}])
    def test_refuses(self, api, shown, body):
        assert_problem(api.post(f"trials/{shown}/judgment/", body), 400)

    def test_not_before_both_are_shown(self, api):
        trial = api.ask().json()["trial"]
        assert_problem(api.post(f"trials/{trial}/judgment/", {"choice": "a"}), 409)


@pytest.mark.parametrize("path", ["studies/pilot/judgments/", "studies/pilot/report/"])
class TestResearchersOnly:
    def test_strangers_and_participants_are_refused(self, client, api, path):
        assert client.get(f"/api/v1/{path}").status_code in {401, 403}
        assert api.get(path).status_code in {401, 403}

    @pytest.mark.parametrize("role", ["annotator", "lead", "outsider"])
    def test_other_roles_are_refused(self, client, study, path, role, request):
        client.force_login(request.getfixturevalue(role))
        assert_problem(client.get(f"/api/v1/{path}"), 403)

    def test_a_researcher_may(self, client, study, path, researcher):
        client.force_login(researcher)
        assert client.get(f"/api/v1/{path}").status_code == 200
        assert_problem(client.get(f"/api/v1/{path}".replace("pilot", "nowhere")), 404)


def test_exports_agree_and_hold_no_identifier(client, api, shown, researcher):
    import io

    import pyarrow.parquet as pq

    api.post(f"trials/{shown}/judgment/", {"choice": "equivalent"})
    client.force_login(researcher)
    csv, jsonl, parquet = (
        client.get(f"/api/v1/studies/pilot/judgments/?format={name}").content for name in ("csv", "jsonl", "parquet")
    )
    row = json.loads(jsonl)
    table = pq.read_table(io.BytesIO(parquet)).to_pylist()
    assert table == [row]
    assert row["outcome"] == "tie" and row["pair_probability"] == 1.0 and row["sampler"]
    assert row["query"].encode() in csv and row["participant"].encode() in csv
    for exported in (csv, jsonl, parquet):
        assert b"listener-001" not in exported
    assert client.get("/api/v1/studies/pilot/judgments/?format=csv").content == csv
    assert_problem(client.get("/api/v1/studies/pilot/judgments/?format=xls"), 400, "format")


def test_the_schema_names_every_operation(client, researcher):
    client.force_login(researcher)
    schema = client.get("/api/v1/schema/?format=json")
    assert schema.status_code == 200
    paths = (
        json.loads(schema.content)["paths"]
        if schema.headers["Content-Type"].endswith("json")
        else schema.content.decode()
    )
    for path in ("/api/v1/studies/{slug}/participants/", "/api/v1/trials/{trial_id}/judgment/"):
        assert path in paths
