"""Annotators of a world: each with a browser's cookies, sending again under the same key whatever got no answer."""

import http.client
import json
import random
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.world import World

PASSWORD = "annotator-pass-2024"
CAMPAIGN = "round"
SET_UP = """
from annotation.models import Query
from annotation.services.campaigns import create_campaign, open_campaign
from annotation.services.items import add_queries
from annotation.services.queries import family_of
from annotation.services.taxonomies import shipped_taxonomy
from playoff.accounts.models import User

for number in range({people}):
    User.objects.create_user(f"ann{{number}}", password="{password}", is_annotator=True)
User.objects.create_user("lead", password="{password}", is_lead=True)
texts = [f"songs number {{number}}" for number in range({items})]
queries = Query.objects.bulk_create(
    Query(dataset="round", dataset_version="1", external_id=str(n), text=t, language="en", family=family_of(t))
    for n, t in enumerate(texts)
)
campaign = create_campaign(by=None, taxonomy=shipped_taxonomy(), slug="{campaign}", title="Round", **{settings})
add_queries(campaign=campaign, queries=queries)
open_campaign(campaign=campaign)
"""


def set_up(world: World, *, people: int, items: int, **settings: Any) -> None:
    """An open campaign with people to label it."""
    script = SET_UP.format(people=people, items=items, password=PASSWORD, campaign=CAMPAIGN, settings=settings)
    world.manage("shell", "-v", "0", "-c", script)


@dataclass
class Person:
    """One annotator; `acknowledged` is what the server has said it holds."""

    world: World
    name: str
    cookies: dict[str, str] = field(default_factory=dict)
    acknowledged: dict[int, str] = field(default_factory=dict)
    statuses: list[int] = field(default_factory=list)
    give_up: threading.Event = field(default_factory=threading.Event)

    def sign_in(self) -> None:
        self.send("GET", "/accounts/login/")
        form = {"username": self.name, "password": PASSWORD, "csrfmiddlewaretoken": self.cookies["csrftoken"]}
        status, _ = self.send("POST", "/accounts/login/", urlencode(form), "application/x-www-form-urlencoded")
        assert status == 302, status

    def send(
        self, method: str, path: str, body: str | None = None, kind: str = "application/json", key: str = ""
    ) -> tuple[int, bytes]:
        """One request on a connection of its own; an OSError is a lost connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self.world.port, timeout=30)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-CSRFToken": self.cookies.get("csrftoken", ""),
            "Content-Type": kind,
            "Idempotency-Key": key,
        }
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            data = answer.read()
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";", 1)[0].partition("=")
            self.cookies[name.strip()] = value
        self.statuses.append(answer.status)
        return answer.status, data

    def insist(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        """Send, and send again under the same key until there is an answer."""
        key = uuid.uuid4().hex
        while not self.give_up.is_set():
            try:
                status, data = self.send(method, path, json.dumps(body) if body is not None else None, key=key)
                return status, json.loads(data) if data else None
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
        raise AssertionError(f"{self.name} was never answered: {path}")

    def label_until_done(self, chance: random.Random, categories: tuple[str, ...]) -> None:
        """Label whatever is given until nothing is left, as people do: skipping, undoing, clicking twice."""
        address = f"/api/v1/campaigns/{CAMPAIGN}"
        _status, bench = self.insist("GET", f"{address}/next/")
        while bench["state"] in ("work", "waiting"):
            if bench["query"] is None:
                time.sleep(0.1)
                _status, bench = self.insist("GET", f"{address}/next/")
                continue
            query, category = bench["query"], chance.choice(categories)
            status, answer = self.insist("POST", f"{address}/labels/", {"query": query, "category": category})
            assert status in (200, 201, 409), (status, answer)
            if status == 409:  # said differently in an answer that got lost, or taken over meanwhile
                _status, bench = self.insist("GET", f"{address}/next/")
                continue
            self.acknowledged[query] = answer["category"]
            if chance.random() < 0.05:  # a double click
                self.insist("POST", f"{address}/labels/", {"query": query, "category": category})
            if chance.random() < 0.05:
                status, answer = self.insist("POST", f"{address}/undo/", {"query": query})
                assert status == 200, answer
                del self.acknowledged[query]
            bench = answer["next"]
