"""Deciding in a real browser: one key a decision, the next case at once, a way back, no harm from two leads."""

import os
import shutil

import pytest

from annotation.models import Adjudication
from annotation.services.adjudication import decide
from annotation.services.imported_labels import ImportedLabel, place_labels
from tests.conftest import requires

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
KEYS = {"q": "emotional-state", "w": "sports-activity", "m": "noise", "x": "romantic"}


@pytest.fixture(scope="module")
def chromium():
    playwright = pytest.importorskip("playwright.sync_api")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    requires(path, "Chromium")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright keeps an event loop in this thread
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def disputed(make_campaign):
    campaign = make_campaign(queries=8, overlap=2, third_label=False)
    queries = campaign.items.values_list("query", flat=True)
    place_labels(
        campaign=campaign,
        labels=[ImportedLabel(q, who, given) for q in queries for who, given in (("Ann", "noise"), ("Bob", "travel"))],
    )
    return campaign


@pytest.fixture
def desk(chromium, live_server, client, lead, disputed, settings):
    """The page of adjudication, open before its lead."""
    client.force_login(lead)
    context = chromium.new_context(base_url=live_server.url, locale="en-GB")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"/lead/campaigns/{disputed.slug}/adjudicate/")
    yield page
    context.close()


def case(desk):
    return int(desk.locator(".case:not([hidden])").get_attribute("data-query"))


def settled(desk, left):
    desk.wait_for_selector(f'[data-counters][data-left="{left}"]', state="attached")


def decisions() -> dict[int, str]:
    return dict(Adjudication.objects.values_list("item__query", "category"))


def test_keys(desk, disputed):
    first = case(desk)
    desk.keyboard.press("q")
    second = case(desk)  # at once: it lay ready
    assert second != first
    settled(desk, 7)
    desk.keyboard.press("t")
    desk.keyboard.type("q w m")
    desk.keyboard.press("Escape")
    desk.keyboard.press("f")
    settled(desk, 6)
    third = case(desk)
    desk.keyboard.press("Space")
    fourth = case(desk)
    assert decisions() == {first: "emotional-state", second: ""}
    assert Adjudication.objects.get(item__query=second).note == "q w m"
    desk.keyboard.press("Backspace")
    settled(desk, 7)
    assert case(desk) == second
    assert decisions() == {first: "emotional-state"}
    assert len({first, second, third, fourth}) == 4


def test_a_modifier_or_a_held_key_decides_nothing(desk):
    for combination in ("Control+m", "Alt+m", "Shift+m"):
        desk.keyboard.press(combination)
    desk.keyboard.press("m")
    settled(desk, 7)
    assert len(decisions()) == 1


def test_a_query_that_another_lead_decided(desk, disputed, make_user):
    query = case(desk)
    decide(campaign=disputed, by=make_user("boss", is_lead=True), query=query, category="travel")
    desk.keyboard.press("x")
    desk.wait_for_selector("#problem .problem")
    words = desk.inner_text("#problem")
    assert "decided meanwhile as “Travel”" in words
    assert "boss" not in words
    assert decisions() == {query: "travel"}
    assert case(desk) != query


def test_a_lost_connection_brings_the_query_back(desk):
    query = case(desk)
    desk.context.set_offline(True)
    desk.keyboard.press("x")
    desk.wait_for_selector("#problem .problem")
    assert case(desk) == query
    desk.context.set_offline(False)
    desk.keyboard.press("w")
    settled(desk, 7)
    assert decisions() == {query: "sports-activity"}


def test_to_the_end(desk):
    for left in range(7, -1, -1):
        desk.keyboard.press("m")
        settled(desk, left)
    desk.wait_for_selector("text=Nothing is waiting for a decision")
    assert set(decisions().values()) == {"noise"}
    assert len(decisions()) == 8
