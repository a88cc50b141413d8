"""Who may open what: every address of the workbench, found in the address book, by every role and by nobody.

A page or an endpoint that is added is tried here without anybody remembering to.
"""

import re
import uuid
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from annotation.models import ClassifierRun
from annotation.services.gold import make_gold
from annotation.services.labelling import next_items, record_label

pytestmark = pytest.mark.django_db

LABEL, LEAD = {"annotator", "superuser"}, {"lead", "superuser"}
EXPORT = RESEARCH = {"lead", "researcher", "superuser"}
ROLES = ("nobody", "outsider", "annotator", "lead", "researcher", "superuser")


@dataclass(frozen=True)
class Address:
    route: str
    name: str

    @property
    def allowed(self) -> set[str]:
        if self.route.startswith("api/"):
            return EXPORT if self.route.endswith("export/") else LABEL
        if self.route.startswith("research/classifiers/"):
            return RESEARCH
        return LABEL if self.route.startswith("label/") else LEAD

    def path(self, values: dict[str, object]) -> str:
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(values[part[1]]), self.route)


def addresses() -> list[Address]:
    found = []

    def walk(patterns, prefix=""):
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                if pattern.namespace != "admin":
                    walk(pattern.url_patterns, route)
            elif isinstance(pattern, URLPattern) and pattern.callback.__module__.startswith("annotation."):
                found.append(Address(route, pattern.name or route))

    walk(get_resolver().url_patterns)
    return found


@pytest.fixture
def values(make_campaign, make_annotators, lead):
    """Something real behind every part of an address."""
    campaign = make_campaign(queries=4, overlap=1)
    (person,) = make_annotators(1)
    query = next_items(campaign, person).held[0].query
    record_label(campaign, person, query=query, category="travel")
    gold = make_gold(campaign=campaign, name="first", by=lead)
    ClassifierRun.objects.create(
        pk=campaign.annotators.get().pk, name="Run", campaign=campaign, gold=gold, model="tfidf", artifact="nowhere",
        state="finished", fingerprint="f", queued_at=gold.created_at, ended_at=gold.created_at,
    )  # fmt: skip
    return {
        "slug": campaign.slug,
        "query": query,
        "pk": campaign.annotators.get().pk,
        "name": "first",
        "number": 1,
        "row": "travel",
        "column": "noise",
        "public_id": uuid.uuid4(),
        "filename": "report.json",
        "kind": "practice",
    }


@pytest.fixture
def clients(annotator, lead, researcher, outsider, make_user):
    people = {
        "outsider": outsider,
        "annotator": annotator,
        "lead": lead,
        "researcher": researcher,
        "superuser": make_user("root", is_superuser=True),
    }
    clients = {"nobody": Client()}
    for role, person in people.items():
        clients[role] = Client()
        clients[role].force_login(person)
    return clients


def test_the_address_book_was_read():
    assert len(addresses()) >= 57
    assert {address.allowed == LEAD for address in addresses()} == {True, False}


@pytest.mark.parametrize("address", addresses(), ids=lambda address: address.name)
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_those_who_may(address, method, values, clients):
    path = address.path(values)
    api = address.route.startswith("api/")
    for role in ROLES:
        answer = getattr(clients[role], method)(path, **({"content_type": "application/json"} if api else {}))
        refused = answer.status_code in (401, 403) or (
            answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/login/")
        )
        assert refused == (role not in address.allowed), (role, path, answer.status_code)
        assert answer.status_code < 500
