"""Labelling, adjudicating and taking part by ear: Orca, a visible Chromium, real keys. More: docs/accessibility.md."""

import os
import shutil
import sys
import uuid

import pytest

from tests.screen_reader import FLAGS, ScreenReader, reason_to_skip

pytestmark = [
    pytest.mark.world,
    pytest.mark.skipif(bool(reason_to_skip()), reason=reason_to_skip()),
    pytest.mark.parametrize("world", ["embedded"], indirect=True),
]
PASSWORD = "labels-by-ear"
MAKE = """
from django.contrib.auth import get_user_model
from annotation.models import Query
from annotation.services.campaigns import create_campaign, open_campaign
from annotation.services.items import add_answered, add_queries
from annotation.services.taxonomies import shipped_taxonomy
name = {name!r}
get_user_model().objects.create_user(name, password={password!r}, is_annotator=True, is_lead=True)
texts = ("rain on the window", "road trip at night", "songs of the sea", "a calm evening")
rows = Query.objects.bulk_create(
    Query(dataset=name, dataset_version="1", external_id=str(number), text=text, language="en")
    for number, text in enumerate(texts)
)
campaign = create_campaign(by=None, taxonomy=shipped_taxonomy(), slug=name, title="By ear", overlap=1, gold_rate=0.0)
add_queries(campaign=campaign, queries=rows[:3])
add_answered(campaign=campaign, kind="practice", answers=[(rows[3], "travel", "It is a journey.")])
open_campaign(campaign=campaign)
"""


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    reader = ScreenReader(tmp_path_factory.mktemp("reader"))
    try:
        reader.start()
        yield reader
    finally:
        reader.end()


@pytest.fixture(scope="module")
def chromium(reader):
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright keeps an event loop in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), headless=False, env=reader.environment, args=FLAGS
        )
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(chromium, reader, world):
    context = chromium.new_context(base_url=world.site, locale="en-GB", no_viewport=True)
    page = context.new_page()
    reader.look_at_browser()
    yield page
    context.close()


@pytest.fixture
def step(reader):
    """`step("d", "Labelled: Travel.")`: press, hear; the transcript is printed, for who wants to read it."""

    def step(key: str, *words: str) -> list[str]:
        reader.press(key)
        said = reader.hear(*words)
        sys.stdout.write(f"{key}: {' | '.join(said)}\n")
        return said

    return step


def test_labelling_and_adjudicating(reader, page, step, world):
    name = f"ear-{uuid.uuid4().hex[:8]}"
    world.manage("shell", "-c", MAKE.format(name=name, password=PASSWORD))
    reader.forget()
    page.goto(f"/label/{name}/")
    reader.hear("Sign in · Playoff", "Username")
    reader.press_until("Tab", "Username entry")
    reader.type(name)
    step("Tab", "Password")
    reader.type(PASSWORD)
    step("Return", "Practice query: a calm evening")
    step("Tab", "Undo")
    reader.press_until("Tab", "Q Emotional state", at_most=8)
    step("m", "Go on", "Not quite. The right category: Travel")
    first = step("Return", "Query: ")[-1].removeprefix("Query: ")
    second = step("d", "Labelled: Travel. Query: ")[-1].rpartition("Query: ")[2]
    assert second != first
    step("BackSpace", f"Taken back. Query: {first}")
    step("space", f"Skipped. Query: {second}")
    step("f", "Marked as unclear.")
    step("t", "Comment")
    reader.type("night, or travel?")
    step("Return", "Comment saved.")
    step("g", "Guideline")
    step("d", "Travel", "The listener")
    step("Return", "Labelled: Travel. Query: ")
    page.context.set_offline(True)
    step("d", "Unsaved: 1. It is kept in this browser and sent again.")
    page.context.set_offline(False)
    reader.hear("Everything is saved.")
    page.wait_for_function("!Object.keys(localStorage).some((key) => key.startsWith('playoff.label.'))")

    reader.forget()
    page.goto(f"/lead/campaigns/{name}/adjudicate/")
    reader.hear(f"{second}. Votes: Travel, unclear, “night, or travel?”")
    step("w", "Decided: Sports and physical activity. The queue is at its end.")
    step("BackSpace", f"Decision taken back: {second}")
    step("d", "Decided: Travel.")


def test_taking_part(reader, page, step):
    reader.forget()
    page.goto("/studies/pilot/")
    reader.hear("Pilot")
    reader.press_until("Tab", "Your platform identifier entry")
    reader.type(uuid.uuid4().hex)
    reader.press_until("Tab", "I have read this and I agree. check box")
    step("space", "checked")
    reader.press_until("Tab", "Begin push button")
    step("Return", "What would you like to hear?")
    for _ in range(12):  # where both systems gave the same playlist, ask for something else
        reader.type(f"rain at night {uuid.uuid4().hex[:6]}")
        step("Tab", "Get two playlists")
        step("Return", "Two playlists are being put together for you.")
        page.locator("[name=choice], [data-state=identical]").first.wait_for(timeout=30_000)
        if page.locator("[name=choice]").count():
            break
        reader.hear("Twice the same playlist")
        page.goto("/studies/pilot/ask/")
        reader.hear("What would you like to hear?")
    reader.hear("Two playlists are ready.")
    reader.press_until("h", "Playlist A heading level 2", at_most=6)  # the reader's own key for the next heading
    reader.press_until("Down", "1", at_most=6)
    reader.press_until("h", "Playlist B heading level 2", at_most=6)
    reader.press_until("b", "B is better push button", at_most=20)  # and for the next button
    step("Return", "Saved: B fits better.")
