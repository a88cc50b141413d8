"""Exports over HTTP: roles, refusals in one sentence, streams, ETags, the same bytes twice."""

import io

import pytest
from django.http import StreamingHttpResponse
from django.test import RequestFactory
from rest_framework.test import force_authenticate

from annotation.export.reading import read
from annotation.export.records import GOLD, VOTES
from annotation.export_api import ExportLabels
from annotation.selectors.gold import gold_records
from annotation.selectors.votes import vote_records
from annotation.services import labelling
from annotation.services.adjudication import decide
from annotation.services.gold import make_gold
from playoff.common.clock import database_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def labelled(make_campaign, make_annotators):
    campaign = make_campaign(queries=12, overlap=2)
    for user, category in zip(make_annotators(2), ("travel", "noise"), strict=True):
        for _ in range(11):
            query = labelling.next_items(campaign, user).held[0].query
            labelling.record_label(campaign, user, query=query, category=category, seconds=1.25, comment="=1+1")
    return campaign


def get(user, campaign, headers=None, **asked):
    """The endpoint itself, whatever address it is given."""
    request = RequestFactory().get("/", asked, headers=headers or {})
    force_authenticate(request, user=user)
    response = ExportLabels.as_view()(request, slug=campaign.slug)
    return response if response.streaming else response.render() if hasattr(response, "render") else response


def bytes_of(response) -> bytes:
    assert isinstance(response, StreamingHttpResponse)
    return b"".join(response.streaming_content)


@pytest.mark.parametrize(("who", "status"), [("outsider", 403), ("annotator", 403), ("researcher", 200), ("lead", 200)])
def test_roles(labelled, request, who, status):
    assert get(request.getfixturevalue(who), labelled, format="csv").status_code == status


def test_strangers_and_superusers(labelled, make_user):
    assert get(None, labelled, format="csv").status_code == 403
    assert get(make_user("root", is_superuser=True), labelled, format="csv").status_code == 200


@pytest.mark.parametrize("format_", ["csv", "jsonl", "parquet"])
def test_labels_read_back_and_repeat(labelled, lead, format_):
    first, second = (bytes_of(get(lead, labelled, format=format_)) for _ in range(2))
    assert first == second
    records = list(read(io.BytesIO(first), format_, schema=VOTES))
    assert records == list(vote_records(labelled))
    assert len(records) == 22
    assert {record.annotator for record in records} == {"a1", "a2"}
    assert b"annotator0" not in first  # no account's name


@pytest.mark.parametrize("format_", ["csv", "jsonl", "parquet"])
def test_gold_reads_back(labelled, lead, format_):
    for query in labelled.items.values_list("query", flat=True)[:5]:
        decide(campaign=labelled, by=lead, query=query, category="children")
    version = make_gold(campaign=labelled, name="v1", by=lead)
    response = get(lead, labelled, format=format_, kind="gold", version="v1")
    records = list(read(io.BytesIO(bytes_of(response)), format_, schema=GOLD))
    assert records == list(gold_records(version))
    assert [record.query_id for record in records] == sorted(record.query_id for record in records)


def test_etag(labelled, lead, make_annotators, annotator):
    response = get(lead, labelled, format="csv")
    etag = response["ETag"]
    again = get(lead, labelled, format="csv", headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert again["ETag"] == etag
    assert get(lead, labelled, format="jsonl")["ETag"] != etag
    query = labelling.next_items(labelled, annotator).held[0].query
    labelling.record_label(labelled, annotator, query=query, category="children")
    assert get(lead, labelled, format="csv", headers={"If-None-Match": etag}).status_code == 200


def test_a_past_moment(labelled, lead, annotator):
    then = database_now()
    before = bytes_of(get(lead, labelled, format="csv"))
    query = labelling.next_items(labelled, annotator).held[0].query
    labelling.record_label(labelled, annotator, query=query, category="children")
    assert bytes_of(get(lead, labelled, format="csv", at=then.isoformat())) == before
    assert bytes_of(get(lead, labelled, format="csv")) != before
    assert bytes_of(get(lead, labelled, format="csv", at="2001-01-01")).count(b"\n") == 1  # the header


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"format": "xml"},
        {"format": "csv", "kind": "votes"},
        {"format": "csv", "kind": "gold"},
        {"format": "csv", "kind": "gold", "version": "none"},
        {"format": "csv", "version": "v1"},
        {"format": "csv", "at": "yesterday"},
        {"format": "csv", "at": "2026-01-31T12:00:00"},
        {"format": "csv", "at": "2026-13-31"},
        {"format": "csv", "kind": "gold", "version": "v1", "at": "2026-01-31"},
    ],
)
def test_refusals_are_one_sentence(labelled, lead, asked):
    response = get(lead, labelled, **asked)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.data["detail"].endswith(".")


def test_accept_decides_nothing(labelled, lead):
    assert get(lead, labelled, format="csv", headers={"Accept": "text/csv"}).status_code == 200


def test_one_query_for_the_rows(labelled, lead, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        bytes_of(get(lead, labelled, format="csv"))
