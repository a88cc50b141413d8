"""Who may open what: every address of recsys, found in the address book, by every role and by nobody."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

pytestmark = pytest.mark.django_db
ROLES = ("nobody", "outsider", "annotator", "lead", "researcher", "superuser")
ALLOWED = {"researcher", "superuser"}


def addresses() -> list[str]:
    found = []

    def walk(patterns, prefix=""):
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                if pattern.namespace != "admin":
                    walk(pattern.url_patterns, route)
            elif isinstance(pattern, URLPattern) and pattern.callback.__module__.startswith("recsys."):
                found.append(route)

    walk(get_resolver().url_patterns)
    return found


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
    assert len(addresses()) == 14


@pytest.mark.parametrize("route", addresses())
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "head", "options"])
def test_researchers_only(route, method, clients, db):
    values = {"slug": "bm25", "pk": 1, "public_id": uuid.uuid4(), "beside": uuid.uuid4()}
    path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(values[part[1]]), route)
    options = {"content_type": "application/json"} if route.startswith("api/") else {}
    for role in ROLES:
        answer = getattr(clients[role], method)(path, **options)
        signs_in = answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/login/")
        refused = answer.status_code == 403 or signs_in
        assert refused == (role not in ALLOWED), (role, path, answer.status_code)
        assert signs_in == (role == "nobody" and not route.startswith("api/"))
        assert answer.status_code < 500
