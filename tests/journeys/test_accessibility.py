"""Every page by axe-core, and at 400 % zoom: light and dark, desktop and phone, English and Russian."""

import uuid

import pytest

from tests.conftest import WISH

pytestmark = [pytest.mark.world, pytest.mark.parametrize("world", ["embedded"], indirect=True)]

DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LOOKS = {
    "desktop-light-english": {**DESKTOP, "color_scheme": "light", "locale": "en-GB"},
    "desktop-dark-russian": {**DESKTOP, "color_scheme": "dark", "locale": "ru-RU"},
    "phone-light-russian": {**PHONE, "color_scheme": "light", "locale": "ru-RU"},
    "phone-dark-english": {**PHONE, "color_scheme": "dark", "locale": "en-GB"},
}
ZOOMED = {"width": 320, "height": 256}  # a screen of 1280 by 1024 at 400 %
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LABELLING = ["", "history/", "guidelines/"]
CAMPAIGN = ["", "settings/", "people/", "answered/", "taxonomy/", "adjudicate/", "adjudicate/summary/", "agreement/"]
CAMPAIGN += ["gold/", "gold-difference/", "queries/", "classifier/"]
STUDY = ["", "live/", "what-if/", "what-if/?model=ties-half&participant=1", "report/"]
PASSWORD = "seen-by-axe-core"
MAKE = """
from django.contrib.auth import get_user_model
from annotation.models import Query
from annotation.services.campaigns import create_campaign, open_campaign
from annotation.services.items import add_answered, add_queries
from annotation.services.taxonomies import shipped_taxonomy
name = {name!r}
get_user_model().objects.create_superuser(name, password={password!r}, is_annotator=True)
rows = Query.objects.bulk_create(
    Query(dataset=name, dataset_version="1", external_id=str(number), text=f"query {{number}}", language="en")
    for number in range(12)
)
campaign = create_campaign(by=None, taxonomy=shipped_taxonomy(), slug=name, title=name, overlap=1, gold_rate=0.0)
add_queries(campaign=campaign, queries=rows)
open_campaign(campaign=campaign)
"""


@pytest.fixture(scope="module")
def axe():
    base = pytest.importorskip("axe_playwright_python.base", reason="axe-playwright-python is not installed")
    return base.AXE_SCRIPT


@pytest.fixture(params=LOOKS)
def page(request, chromium, world):
    context = chromium.new_context(base_url=world.site, **LOOKS[request.param])
    yield context.new_page()
    context.close()


@pytest.fixture
def examine(page, axe):
    """`examine("the bench")`: what axe-core finds on the page as it stands, and whether it is wider than the screen."""
    findings: list[str] = []

    def wider() -> bool:
        return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")

    def resize(size: dict[str, int]) -> None:
        page.set_viewport_size(size)
        page.wait_for_function("width => matchMedia(`(width: ${width}px)`).matches", arg=size["width"])

    def examine(name: str) -> None:
        page.evaluate(axe)
        found = page.evaluate("(rules) => axe.run({ runOnly: rules, resultTypes: ['violations'] })", RULES)
        for rule in found["violations"]:
            where = "; ".join(str(node["target"]) for node in rule["nodes"][:3])
            findings.append(f"{name}: {rule['impact']} {rule['id']} at {where}")
        before = page.viewport_size
        for size in (before, ZOOMED):
            resize(size)
            if wider():
                findings.append(f"{name}: wider than {size['width']} px")
        resize(before)

    yield examine
    assert findings == []


def test_pages_of_annotators_leads_and_researchers(page, examine, world, rehearsed, evaluated):
    name = f"axe-{uuid.uuid4().hex[:8]}"
    world.manage("shell", "-c", MAKE.format(name=name, password=PASSWORD))
    page.goto("/accounts/login/")
    examine("sign in")
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main [type=submit]").click()
    page.locator("form[action*=logout]").wait_for()
    page.goto(f"/label/{name}/")
    page.wait_for_selector("[data-ready]")
    for key in ("d", "f", "w", "f", "m"):
        page.keyboard.press(key)
    for key, what in (("g", "guideline"), ("t", "comment"), ("?", "keys")):
        page.keyboard.press(key)
        examine(f"the bench with {what}")
        page.keyboard.press("Escape")
    (classifier,) = world.rows("SELECT max(id) FROM annotation_classifierrun")[0]
    (query,) = world.rows(f"SELECT max(id) FROM annotation_query WHERE dataset = '{name}'")[0]
    addresses = ["/", "/label/", "/lead/", "/lead/new/", "/lead/taxonomies/", "/research/", "/research/classifiers/"]
    ((taxonomy, number),) = world.rows("SELECT slug, number FROM annotation_taxonomyversion LIMIT 1")
    addresses += [
        f"/lead/taxonomies/{taxonomy}/{number}/",
        "/research/systems/",
        "/research/systems/bm25/",
        "/research/tryouts/",
        "/research/offline-runs/",
    ]
    ((offline_run,),) = world.rows("SELECT max(id) FROM recsys_offlinerun")
    runs = "&".join(f"run={pk}" for (pk,) in world.rows("SELECT id FROM annotation_classifierrun"))
    addresses += [f"/research/offline-runs/{offline_run}/", f"/research/classifiers/compare/?{runs}"]
    addresses += [f"/research/classifiers/{classifier}/", "/research/studies/pilot/", "/research/studies/pilot/report/"]
    addresses += [f"/research/studies/{rehearsed}/{part}" for part in STUDY]
    addresses += ["/research/planner/", f"/research/compare/?a=pilot&b={rehearsed}"]
    addresses += [f"/label/{name}/{part}" for part in LABELLING]
    addresses += [f"/lead/campaigns/{name}/{part}" for part in [*CAMPAIGN, f"items/{query}/"]]
    for address in addresses:
        answer = page.goto(address)
        assert answer.status == 200 or "difference" in address, (address, answer.status)
        examine(address)
    page.goto(f"/research/studies/{rehearsed}/live/")
    page.locator("#running").get_by_role("button").click()
    page.locator("#running").get_by_role("table").wait_for()
    examine("running ratings")
    page.goto("/research/tryouts/")
    page.locator("[name=query]").fill(WISH)
    page.locator("main form:has([name=query]) [type=submit]").last.click()
    page.locator(".tried > li").first.wait_for(timeout=30_000)
    examine("a try-out")


def test_pages_of_participants(page, examine):
    page.goto("/studies/pilot/")
    examine("consent")
    page.locator("[name=platform_id]").fill(uuid.uuid4().hex)
    page.locator("[name=consent]").check()
    page.locator("main [type=submit]").first.click()
    page.wait_for_url("**/ask/")
    for _ in range(12):  # where both systems gave the same playlist, ask for something else
        examine("ask")
        page.locator("[data-query]").fill(f"{WISH} {uuid.uuid4().hex[:6]}")
        page.locator("[data-ask] [type=submit]").click()
        page.locator("[name=choice], [data-state=identical]").first.wait_for(timeout=30_000)
        if page.locator("[name=choice]").count():
            break
        page.goto("/studies/pilot/ask/")
    examine("two playlists")
    if page.viewport_size["width"] < 600:  # where the screen is narrow, one playlist at a time
        page.locator("[role=tab]").last.click()
        examine("the second playlist")
    page.locator("[name=choice][value=b]").click()
    page.locator("#last").wait_for()
    examine("judged")
