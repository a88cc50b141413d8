"""From gold to a classifier in use: a researcher's requests, the real workers; a child is killed on the way."""

import os
import re
import signal
from contextlib import suppress
from urllib.parse import urlencode

import pytest

from tests.annotators import PASSWORD, Person
from tests.world import wait_for

pytestmark = pytest.mark.world
SET_UP = """
from annotation.models import Query
from annotation.services.campaigns import create_campaign, open_campaign
from annotation.services.gold import make_gold
from annotation.services.imported_labels import ImportedLabel, place_labels
from annotation.services.items import add_queries
from annotation.services.queries import family_of
from annotation.services.taxonomies import shipped_taxonomy
from playoff.accounts.models import User
from tests.annotation.conftest import little_examples

User.objects.create_user("journey-researcher", password="{password}", is_researcher=True)
campaign = create_campaign(by=None, taxonomy=shipped_taxonomy(), slug="taught", title="Taught", seed=7, overlap=1)
examples = little_examples(20)
queries = Query.objects.bulk_create(
    Query(dataset="taught", dataset_version="1", external_id=e.id, text=e.text, language=e.language,
          family=family_of(e.text))
    for e in examples
)
add_queries(campaign=campaign, queries=queries)
campaign = open_campaign(campaign=campaign)
place_labels(campaign=campaign, labels=[ImportedLabel(q.pk, "a", e.category) for q, e in zip(queries, examples)])
print(make_gold(campaign=campaign, name="v1", by=None).pk)
"""


def row(world, number: str) -> tuple[str, int, int | None]:
    """State, attempts and process of a run."""
    (found,) = world.rows(f"SELECT state, attempts, pid FROM annotation_classifierrun WHERE id = {number}")
    return found


def test_from_gold_to_a_classifier_in_use(world):
    gold = world.manage("shell", "-v", "0", "-c", SET_UP.format(password=PASSWORD)).split()[-1]
    researcher = Person(world, "journey-researcher")
    researcher.sign_in()

    def post(path: str, **form: str) -> str:
        """Where the answer sends us."""
        body = urlencode(form | {"csrfmiddlewaretoken": researcher.cookies["csrftoken"]})
        status, data = researcher.send("POST", path, body, "application/x-www-form-urlencoded")
        assert status == 302, data
        return path

    post(
        "/research/classifiers/", gold=gold, model="tfidf", target="both", recipe="default", device="cpu", seed="0",
        curve="on",
    )  # fmt: skip
    ((newest,),) = world.rows("SELECT max(id) FROM annotation_classifierrun")
    wait_for(lambda: row(world, newest)[0] == "running", within=60, every=0.01, why="a worker takes it")
    with suppress(ProcessLookupError):  # it may be as quick as that
        os.kill(row(world, newest)[2], signal.SIGKILL)
    wait_for(lambda: row(world, newest)[0] == "finished", within=120, why="another child finishes it")
    assert row(world, newest)[1] == 2

    post(f"/research/classifiers/{newest}/promote/")
    _status, page = researcher.send("GET", f"/research/classifiers/{newest}/")
    assert re.search(r"badge-good\">\s*in use", page.decode())
    ask = "from annotation.public import promoted_classifier; print(promoted_classifier().run)"
    assert world.manage("shell", "-v", "0", "-c", ask).split()[-1] == str(newest)
