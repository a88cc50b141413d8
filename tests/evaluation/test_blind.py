"""Nothing a participant gets, sees or waits for depends on the type of their query."""

import re
from dataclasses import fields

import pytest
from django.test import Client

from annotation.public import BY_SLUG
from evaluation.blind import BlindTrack, BlindTrial
from evaluation.models import Trial
from evaluation.services.generation import generate
from evaluation.services.participants import participant_token
from evaluation.services.trials import submit_query
from tests.conftest import WISH

pytestmark = pytest.mark.django_db
CATEGORY, ALPHA = "in-style-of", 0.123456789


def test_the_type_of_what_is_seen_has_room_for_nothing_else():
    assert {field.name for field in fields(BlindTrial)} == {"id", "state", "query", "a", "b", "choice"}
    assert {field.name for field in fields(BlindTrack)} == {
        "position", "title", "artists", "artist_list", "year", "preview_url"
    }  # fmt: skip


@pytest.fixture
def visitor(told_study) -> Client:
    client = Client()
    client.post("/studies/pilot/", {"platform_id": "listener-001", "consent": "on"})
    return client


@pytest.fixture
def trial(visitor) -> Trial:
    visitor.post("/studies/pilot/ask/", {"query": WISH, "idempotency_key": "k"})
    trial = Trial.objects.get()
    for side in trial.sides.all():
        generate(side_id=side.pk)
    return trial


def seen(visitor: Client, trial: Trial) -> list[str]:
    """All that a participant of the page and of the interface can ask for, without what is new on every request."""
    token = participant_token(trial.participant)
    pages = [visitor.get(f"/trials/{trial.public_id}/{path}") for path in ("", "state/")]
    pages += [visitor.get(path) for path in ("/", "/studies/pilot/", "/studies/pilot/ask/")]
    pages.append(visitor.get(f"/api/v1/trials/{trial.public_id}/", headers={"Authorization": f"Bearer {token}"}))
    texts = []
    for page in pages:
        body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page.content.decode())
        body = re.sub(r'name="idempotency_key" value="[^"]*"', "", body)
        headers = {name: value for name, value in page.headers.items() if name != "Set-Cookie"}
        texts.append(f"{page.status_code} {headers} {body}")
    return texts


@pytest.mark.parametrize("state", ["generating", "ready", "judged", "identical", "failed", "expired"])
def test_every_answer_is_the_same_before_and_after(visitor, trial, state):
    if state == "judged":
        visitor.post(f"/trials/{trial.public_id}/judgment/", {"choice": "a"})
    else:
        Trial.objects.filter(pk=trial.pk).update(state=state)
    before = seen(visitor, trial)
    Trial.objects.filter(pk=trial.pk).update(category=CATEGORY, alpha=ALPHA)
    assert seen(visitor, trial) == before


def test_no_answer_names_type_or_classifier(visitor, trial, promoted):
    Trial.objects.filter(pk=trial.pk).update(category=CATEGORY, alpha=ALPHA)
    titles = [BY_SLUG[CATEGORY].title(language).lower() for language in ("en", "ru")]
    secrets = [CATEGORY, "0.1234", promoted.fingerprint[:12], promoted.name.lower(), *titles]
    answers = seen(visitor, trial)
    judged = visitor.post(f"/trials/{trial.public_id}/judgment/", {"choice": "b"}, follow=True)
    for text in [*answers, judged.content.decode() + repr(judged.headers)]:
        assert not [secret for secret in secrets if secret in text.lower()]


def test_what_is_drawn_made_and_released_does_not_depend_on_it(told_study, trial, settings):
    """The same study without a classifier draws the same pair on the same sides and makes the same lists."""
    told_study.classifier = None
    told_study.draws = 0
    told_study.save()
    sides = list(trial.sides.values_list("name", "system_id", "tracks"))
    Trial.objects.all().delete()
    again, _ = submit_query(participant=trial.participant, query=WISH, idempotency_key="k")
    for side in again.sides.all():
        generate(side_id=side.pk)
    assert list(again.sides.values_list("name", "system_id", "tracks")) == sides
