"""A log through the page into a campaign, with a worker that is killed in the middle: every query once, none lost."""

import re
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import pytest

from tests.world import World, wait_for

pytestmark = pytest.mark.world

ROWS = 30_000
SETUP = """
from playoff.accounts.models import User
from annotation.services.campaigns import create_campaign
from annotation.services.taxonomies import shipped_taxonomy
lead = User.objects.create_user("lead", password="a-long-password", is_lead=True)
create_campaign(by=lead, taxonomy=shipped_taxonomy(), slug="pilot-log", title="Pilot log")
"""
QUERIES = "/lead/campaigns/pilot-log/queries/"


class Browser:
    """A person with a browser that has no JavaScript."""

    def __init__(self, site: str) -> None:
        self.site = site
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar())).open

    def get(self, path: str) -> str:
        with self._open(self.site + path, timeout=60) as answer:
            self.url = answer.url
            return answer.read().decode()

    def submit(self, page: str, to: str, fields: dict[str, str], *, file: bytes = b"") -> str:
        """Send a form of the page, as multipart where there is a file; returns the page that comes of it."""
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found is not None
        fields = {"csrfmiddlewaretoken": found.group(1), **fields}
        body, kind = urllib.parse.urlencode(fields).encode(), "application/x-www-form-urlencoded"
        if file:
            parts = [f'--x\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
            head = '--x\r\nContent-Disposition: form-data; name="file"; filename="log.csv"\r\n\r\n'
            body, kind = "".join([*parts, head]).encode() + file + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"
        request = urllib.request.Request(self.site + to, body, {"Content-Type": kind, "Referer": self.url})
        with self._open(request, timeout=120) as answer:
            self.url = answer.url
            return answer.read().decode()


def intake(world: World) -> tuple[str, int]:
    ((state, written),) = world.rows("SELECT state, written FROM annotation_intake")
    return state, written


def items(world: World) -> tuple[int, int]:
    """Items of the campaign, and the different queries among them."""
    ((count, queries),) = world.rows(
        "SELECT COUNT(*), COUNT(DISTINCT query_id) FROM annotation_item "
        "JOIN annotation_campaign ON annotation_campaign.id = campaign_id WHERE slug = 'pilot-log'"
    )
    return count, queries


def test_a_killed_worker_loses_and_doubles_no_query(fragile_world):
    world = fragile_world
    world.manage("shell", "-c", SETUP)
    world.faults["INTAKE_SLICE_S"] = "0.1"  # some hundred rows, so that any machine can be killed between two
    world.start_web()
    lead = Browser(world.site)
    lead.submit(lead.get("/accounts/login/"), "/accounts/login/", {"username": "lead", "password": "a-long-password"})
    log = "user,query\n" + "".join(f"u{number},query number {number}\n" for number in range(ROWS))
    page = lead.submit(lead.get(QUERIES), QUERIES, {"per_user": "2", "encoding": "utf-8"}, file=log.encode())
    assert f"Add {ROWS:,} queries" in page
    assert world.rows("SELECT COUNT(*) FROM annotation_query WHERE dataset = 'log.csv'") == [(0,)]

    report = urllib.parse.urlsplit(lead.url).path
    page = lead.submit(page, report + "confirm/", {})
    assert "No worker is running" in page
    state, at_once = intake(world)
    assert state == "writing"
    assert 0 < at_once < ROWS

    names = ["demo-worker"] if world.kind == "embedded" else ["worker", "beat"]
    for name in names:
        world.start(name)
    wait_for(lambda: intake(world)[1] > at_once, within=90, every=0.01, why=f"no slice: {world.log(names[0])[-3000:]}")
    world.kill(names[0])
    state, at_death = intake(world)
    assert state == "writing", "the worker was quicker than the kill; give it more rows"
    assert items(world) == (at_death, at_death)

    world.start(names[0])
    wait_for(lambda: intake(world)[0] == "done", within=120, why=f"not done: {world.log(names[0])[-3000:]}")
    assert intake(world) == ("done", ROWS)
    assert items(world) == (ROWS, ROWS)
    texts = "SELECT COUNT(*), COUNT(DISTINCT text) FROM annotation_query WHERE dataset = 'log.csv'"
    assert world.rows(texts) == [(ROWS, ROWS)]
    assert f"{ROWS:,} queries are new in this campaign" in lead.get(report)
    assert not list((world.home / "intakes").iterdir())
