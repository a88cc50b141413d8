"""The whole main job through the HTTP interface, on real processes."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from annotation.public import BY_SLUG
from tests.conftest import SYSTEMS
from tests.world import wait_for

pytestmark = pytest.mark.world


def test_query_playlists_judgment_report(world):
    token = world.enrol(f"http-{uuid.uuid4().hex}")
    trial, seen = world.ready_trial(token, "для ночной поездки по городу")
    a, b = seen["playlists"]["a"], seen["playlists"]["b"]
    assert len(a) == len(b) == 5
    assert [track["position"] for track in a] == [1, 2, 3, 4, 5]
    assert {"position", "title", "artists"} <= set(a[0])
    judged = world.request("POST", f"/api/v1/trials/{trial}/judgment/", {"choice": "b"}, token)
    again = world.request("POST", f"/api/v1/trials/{trial}/judgment/", {"choice": "b"}, token)
    other = world.request("POST", f"/api/v1/trials/{trial}/judgment/", {"choice": "a"}, token)
    assert (judged.status, again.status, other.status) == (201, 200, 409)
    assert other.headers["Content-Type"] == "application/problem+json"

    told = "SELECT category, alpha FROM evaluation_trial WHERE state = 'judged' AND category <> ''"
    category, alpha = wait_for(lambda: world.rows(told), within=30, why="the worker gives the query its type")[0]
    assert category in BY_SLUG and 0 <= alpha <= 1

    out = world.home / f"report-{uuid.uuid4().hex}"
    world.manage("report", "pilot", "--out", str(out))
    report = json.loads((out / "report.json").read_text())
    assert report["judgments"] >= 1 and report["classifier"]["fingerprint"]
    assert sum(group["judgments"] for group in report["breakdown"]["values"]) >= 1
    analysis = json.loads(world.manage("analyze", str(out / "judgments.csv"), "--json", "-"))
    # the file knows nothing of systems that nobody has judged yet; test_report.py compares the rest
    for key in ("judgments", "participants", "ties", "position_bias"):
        assert analysis[key] == report[key]


def test_nothing_that_travels_names_a_system(world):
    token = world.enrol(f"blind-{uuid.uuid4().hex}")
    answers = [world.request("GET", "/"), world.request("GET", "/studies/pilot/")]
    trial, _ = world.ready_trial(token, "songs for the rain")
    answers += [
        world.request("GET", f"/api/v1/trials/{trial}/", token=token),
        world.request("POST", f"/api/v1/trials/{trial}/judgment/", {"choice": "equivalent"}, token),
        world.request("POST", f"/api/v1/trials/{trial}/judgment/", {"choice": "a"}, token),
        world.request("GET", f"/api/v1/trials/{uuid.uuid4()}/", token=token),
        world.request("POST", "/api/v1/studies/pilot/trials/", {"query": ""}, token),
    ]
    fingerprints = [row[0] for row in world.rows("SELECT fingerprint FROM recsys_systemversion")]
    fingerprints += [row[0] for row in world.rows("SELECT fingerprint FROM annotation_classifierrun")]
    for answer in answers:
        text = (answer.body + repr(answer.headers).encode()).decode(errors="replace").lower()
        for secret in [*SYSTEMS, *fingerprints, str(world.home)]:
            assert secret.lower() not in text


def test_a_stranger_sees_no_trial(world):
    owner, stranger = world.enrol(f"owner-{uuid.uuid4().hex}"), world.enrol(f"stranger-{uuid.uuid4().hex}")
    trial = world.ask(owner, "quiet morning")
    assert world.request("GET", f"/api/v1/trials/{trial}/", token=stranger).status == 404
    assert world.request("GET", f"/api/v1/trials/{trial}/").status == 401
    world.finished(owner, trial)
    assert world.request("POST", f"/api/v1/trials/{trial}/judgment/", {"choice": "a"}, stranger).status == 404


def all_at_once(call, times: int) -> list[int]:
    """Status codes of the same call made by `times` threads together."""
    with ThreadPoolExecutor(times) as threads:
        return [answer.status for answer in threads.map(lambda _: call(), range(times))]


def test_forty_judgments_at_once_are_one(world):
    token = world.enrol(f"race-{uuid.uuid4().hex}")
    trial, _ = world.ready_trial(token, "for the race")
    before = world.rows("SELECT count(*) FROM evaluation_judgment")[0][0]
    statuses = all_at_once(
        lambda: world.request("POST", f"/api/v1/trials/{trial}/judgment/", {"choice": "a"}, token), times=40
    )
    assert sorted(statuses) == [200] * 39 + [201]
    assert world.rows("SELECT count(*) FROM evaluation_judgment")[0][0] == before + 1


def test_forty_submissions_at_once_are_one_trial(world):
    token = world.enrol(f"race-{uuid.uuid4().hex}")
    before = world.rows("SELECT count(*) FROM evaluation_trial")[0][0]
    key = {"Idempotency-Key": uuid.uuid4().hex}
    path = "/api/v1/studies/pilot/trials/"
    statuses = all_at_once(lambda: world.request("POST", path, {"query": "one key"}, token, **key), times=40)
    assert statuses == [202] * 40
    assert world.rows("SELECT count(*) FROM evaluation_trial")[0][0] == before + 1


def test_twenty_tabs_at_once_are_one_trial(world):
    token = world.enrol(f"tabs-{uuid.uuid4().hex}")
    path = "/api/v1/studies/pilot/trials/"

    def ask():
        key = {"Idempotency-Key": uuid.uuid4().hex}
        return world.request("POST", path, {"query": f"tab {uuid.uuid4().hex}"}, token, **key)

    before = world.rows("SELECT count(*) FROM evaluation_trial")[0][0]
    with ThreadPoolExecutor(20) as threads:
        statuses = [answer.status for answer in threads.map(lambda _: ask(), range(20))]
    made = world.rows("SELECT count(*) FROM evaluation_trial")[0][0] - before
    assert statuses.count(202) == made >= 1
    assert set(statuses) <= {202, 409}


def test_forty_arrivals_at_once_take_one_place(world):
    body = {"platform_id": f"crowd-{uuid.uuid4().hex}", "consent": True}
    before = world.rows("SELECT count(*) FROM evaluation_participant")[0][0]
    path = "/api/v1/studies/pilot/participants/"
    assert all_at_once(lambda: world.request("POST", path, body), times=40) == [201] * 40
    assert world.rows("SELECT count(*) FROM evaluation_participant")[0][0] == before + 1
