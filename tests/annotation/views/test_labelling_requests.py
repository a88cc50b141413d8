"""What the page asks of the HTTP interface beyond the labels themselves: more ahead, the right person, leaving."""

import json
import re

import pytest

from annotation.models import Assignment
from annotation.services.labelling import next_items

pytestmark = pytest.mark.django_db

API = "/api/v1/campaigns/campaign-1/"


@pytest.fixture
def desk(client, annotator, make_campaign):
    make_campaign(queries=30)
    client.force_login(annotator)
    return client


def visit(client):
    page = client.get("/label/campaign-1/").content.decode()
    return json.loads(re.search(r'id="label-start" type="application/json">(.*?)</script>', page)[1])["visit"]


def send(client, part, body=None, **headers):
    return client.post(API + part, body or {}, content_type="application/json", headers=headers)


def leased():
    return Assignment.objects.filter(state="leased").count()


@pytest.mark.parametrize(("asked", "held"), [("", 3), ("?ahead=0", 1), ("?ahead=2", 3), ("?ahead=9", 10)])
def test_as_many_ahead_as_asked(desk, asked, held):
    assert len(desk.get(f"{API}next/{asked}").json()["ahead"]) == held - 1
    assert leased() == held


@pytest.mark.parametrize("asked", ["10", "-1", "x", "1.5", "", "²", "9" * 400])
def test_nonsense_ahead_is_refused_and_nothing_lent(desk, asked):
    response = desk.get(f"{API}next/", {"ahead": asked})
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert leased() == 0


def test_a_save_keeps_as_many_ahead(desk):
    query = desk.get(f"{API}next/?ahead=9").json()["query"]
    answer = send(desk, "labels/?ahead=9", {"query": query, "category": "travel"}).json()
    assert len(answer["next"]["ahead"]) == 9


def test_own_flag_and_comment_come_back_with_the_query(desk):
    query = desk.get(f"{API}next/").json()["query"]
    answer = send(desk, "notes/", {"query": query, "comment": "odd", "flag": "unclear"}).json()
    assert (answer["comment"], answer["flag"]) == ("odd", "unclear")
    again = desk.get(f"{API}next/").json()
    assert (again["query"], again["comment"], again["flag"]) == (query, "odd", "unclear")


def test_an_answer_kept_for_somebody_else_is_not_saved(desk, annotator, make_user):
    query = desk.get(f"{API}next/").json()["query"]
    other = make_user("bob", is_annotator=True)
    refused = send(desk, "labels/", {"query": query, "category": "travel"}, x_annotator=str(other.pk))
    assert (refused.status_code, refused.json()["title"]) == (403, "not_authenticated")
    assert not Assignment.objects.labelled().exists()
    own = send(desk, "labels/", {"query": query, "category": "travel"}, x_annotator=str(annotator.pk))
    assert own.status_code == 201


def test_leaving_gives_back_what_the_latest_page_held(desk, annotator):
    first = visit(desk)
    second = visit(desk)
    assert send(desk, f"leave/?visit={first}").status_code == 204
    assert leased() == 10
    assert send(desk, f"leave/?visit={second}").status_code == 204
    assert leased() == 0


def test_leaving_without_a_visit_always_gives_back(desk, annotator):
    visit(desk)
    assert send(desk, "leave/").status_code == 204
    assert leased() == 0


def test_a_leave_of_another_visit_is_not_of_this_one(desk):
    visit(desk)
    assert send(desk, "leave/?visit=").status_code == 204
    assert leased() == 10


def test_what_was_held_comes_back_first(desk, annotator, make_campaign):
    from annotation.models import Campaign

    last = visit(desk)
    campaign = Campaign.objects.get(slug="campaign-1")
    before = {item.query for item in next_items(campaign, annotator, ahead=9).held}
    send(desk, f"leave/?visit={last}")
    assert {item.query for item in next_items(campaign, annotator, ahead=9).held} == before
