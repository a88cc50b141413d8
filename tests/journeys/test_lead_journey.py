"""A lead from an empty page to an exported gold version, in a real browser, with two annotators at work in between."""

import csv
import json
import zipfile
from pathlib import Path

import pytest

from tests.annotators import PASSWORD, Person
from tests.world import wait_for

pytestmark = pytest.mark.world

ROWS = 24
DIFFER = 5
PEOPLE = """
from playoff.accounts.models import User
User.objects.create_user("journey-lead", password="{password}", is_lead=True)
for name in ("journey-ann", "journey-bob"):
    User.objects.create_user(name, password="{password}", is_annotator=True)
"""


@pytest.fixture
def lead_page(world, chromium):
    world.manage("shell", "-v", "0", "-c", PEOPLE.format(password=PASSWORD))
    context = chromium.new_context(base_url=world.site, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto("/accounts/login/?next=/lead/")
    page.fill("[name=username]", "journey-lead")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "login" not in url)
    yield page
    context.close()


def label_everything(world, slug: str) -> None:
    """Two people label; on some queries they differ."""
    address = f"/api/v1/campaigns/{slug}"
    for name in ("journey-ann", "journey-bob"):
        person = Person(world, name)
        person.sign_in()
        _status, bench = person.insist("GET", f"{address}/next/")
        while bench["query"] is not None:
            number = int(bench["text"].rsplit(" ", 1)[1])
            category = "noise" if name == "journey-bob" and number < DIFFER else "travel"
            body = {"query": bench["query"], "category": category, "seconds": 2}
            status, answer = person.insist("POST", f"{address}/labels/", body)
            assert status == 201
            bench = answer["next"]


def test_from_an_empty_page_to_an_exported_gold_version(world, lead_page, tmp_path):
    page = lead_page
    page.goto("/lead/new/")
    page.fill("[name=title]", "Ночные запросы")
    page.locator("summary").first.click()
    page.locator("[name=third_label]").uncheck()
    page.fill("[name=gold_rate]", "0")
    page.get_by_role("button", name="Create the draft").click()
    page.wait_for_url("**/lead/campaigns/*/")
    slug = page.url.rstrip("/").rsplit("/", 1)[1]
    assert slug.isascii()

    log = tmp_path / "log.csv"
    rows = [f"user{number},journey query {number},en" for number in range(ROWS)]
    log.write_text("user_id,query,lang\n" + "\n".join([*rows, "user99,,en"]) + "\n", encoding="utf-8")
    page.goto(f"/lead/campaigns/{slug}/queries/")
    page.set_input_files("[name=file]", log)
    page.get_by_role("button", name="Read and check").click()
    page.get_by_text("The text is empty").first.wait_for()
    assert world.rows("SELECT count(*) FROM annotation_query WHERE text LIKE 'journey query%'") == [(0,)]
    page.get_by_role("button", name=f"Add {ROWS} queries").click()
    page.get_by_role("link", name="To the campaign").click(timeout=60_000)
    page.wait_for_url(f"**/lead/campaigns/{slug}/")
    page.get_by_text("Open…").click()
    page.get_by_role("button", name="Open the campaign").click()
    page.get_by_text("Progress").first.wait_for()

    label_everything(world, slug)
    page.goto(f"/lead/campaigns/{slug}/agreement/")
    page.get_by_text("Krippendorff").first.wait_for()
    page.goto(f"/lead/campaigns/{slug}/agreement/travel/noise/")
    assert page.get_by_text("journey query").count() >= DIFFER

    page.goto(f"/lead/campaigns/{slug}/adjudicate/")
    for _ in range(DIFFER):
        case = page.locator("[data-case]:not([hidden])")
        decided = case.get_attribute("data-query")
        page.keyboard.press("d")  # travel
        page.wait_for_function(
            "query => [...document.querySelectorAll('[data-case]:not([hidden]), [data-end]:not([hidden])')]"
            ".some((part) => part.dataset.query !== query)",
            arg=decided,
        )
    page.locator("[data-end]:not([hidden])").wait_for()
    by_category = "SELECT category, count(*) FROM annotation_adjudication GROUP BY category"
    wait_for(lambda: world.rows(by_category) == [("travel", DIFFER)], within=20, why="every decision saved")

    page.goto(f"/lead/campaigns/{slug}/gold/")
    page.fill("[name=name]", "first")
    page.get_by_role("button", name="Make the version").click()
    page.goto(f"/lead/campaigns/{slug}/gold/first/")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").first.click()
    with Path(download.value.path()).open(encoding="utf-8", newline="") as stream:
        gold = list(csv.DictReader(stream))
    assert len(gold) == ROWS
    assert {row["category"] for row in gold} == {"travel"}
    assert [row["source"] for row in gold].count("adjudicated") == DIFFER
    with page.expect_download() as download:
        page.get_by_role("link", name="Hugging Face").first.click()
    names = zipfile.ZipFile(download.value.path()).namelist()
    assert any(name.endswith("README.md") for name in names)

    lead = Person(world, "journey-lead")
    lead.sign_in()
    status, data = lead.send("GET", f"/api/v1/campaigns/{slug}/export/?format=jsonl")
    labels = [json.loads(line) for line in data.decode().splitlines()]
    assert (status, len(labels)) == (200, 2 * ROWS)
    assert {label["annotator"] for label in labels} == {"a1", "a2"}
