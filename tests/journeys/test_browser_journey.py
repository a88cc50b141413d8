"""The journey in a real browser, on real processes: consent, ask, wait, judge, ask on; then the researcher's report."""

import itertools
import json
import uuid

import pytest

from tests.conftest import SYSTEMS, WISH

pytestmark = pytest.mark.world

LISTENERS = (f"listener-{number:03d}" for number in itertools.count(1))
SCREENS = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}


@pytest.fixture(params=SCREENS)
def screen(request):
    return request.param


@pytest.fixture
def page(chromium, screen, world):
    """A browser page that fails the test on any script error, refused resource or leaked name."""
    context = chromium.new_context(base_url=world.site, locale="en-GB", **SCREENS[screen])
    page = context.new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(f"script error: {error}"))
    page.on(
        "console", lambda message: trouble.append(message.text) if "Content Security Policy" in message.text else None
    )
    yield page
    context.close()
    assert trouble == []


def enter(page) -> None:
    page.goto("/studies/pilot/")
    page.get_by_label("Your platform identifier").fill(next(LISTENERS))
    page.get_by_label("I have read this and I agree.").check()
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/ask/")


def ask(page, query: str) -> None:
    page.get_by_role("textbox").first.fill(query)
    page.get_by_role("button", name="Get two playlists").click()


def await_playlists(page) -> None:
    """Wait for two playlists; where both systems gave the same one, ask for something else, as a person would."""
    for _ in range(12):  # a block holds each pair once, so agreement cannot last longer
        page.locator("[name=choice], [data-state=identical]").first.wait_for(timeout=30_000)
        if page.locator("[name=choice]").count():
            return
        page.goto("/studies/pilot/ask/")
        ask(page, f"{WISH} {uuid.uuid4().hex[:6]}")
    raise AssertionError("twelve identical pairs in a row")


def look_at_both(page, screen: str) -> None:
    """On a phone the playlists share one place; a choice counts once both have been looked at."""
    if screen == "phone":
        page.get_by_role("tab", name="Playlist B").tap()


@pytest.mark.parametrize(
    ("screen", "how"), [("desktop", "click"), ("desktop", "key"), ("phone", "tap")], indirect=["screen"]
)
def test_consent_ask_wait_judge_and_on(page, screen, how, world):
    before = world.rows("SELECT count(*) FROM evaluation_judgment")[0][0]
    enter(page)
    ask(page, f"для ночной поездки по городу {uuid.uuid4().hex[:6]}")
    await_playlists(page)
    if how == "key":
        page.wait_for_timeout(700)  # keys that come with the playlists are ignored
        page.keyboard.press("2")
    else:
        look_at_both(page, screen)
        verdict = page.get_by_role("button", name="B is better")
        verdict.tap() if how == "tap" else verdict.click()
    page.get_by_role("button", name="Get two playlists").wait_for()
    assert world.rows("SELECT count(*) FROM evaluation_judgment")[0][0] == before + 1
    assert world.rows("SELECT choice FROM evaluation_judgment ORDER BY id DESC")[0][0] == "b"


def test_both_lists_have_the_same_length_and_no_name(page, world):
    enter(page)
    bodies: list[str] = []
    page.on(
        "response",
        lambda response: (
            bodies.append(response.url + response.text() + json.dumps(response.headers)) if response.ok else None
        ),
    )
    ask(page, f"jazz for dinner {uuid.uuid4().hex[:6]}")
    await_playlists(page)
    counts = [page.locator(f"[data-side={side}] li").count() for side in ("a", "b")]
    assert counts == [5, 5]
    text = " ".join(bodies).lower()
    fingerprints = [row[0] for row in world.rows("SELECT fingerprint FROM recsys_systemversion")]
    assert not [secret for secret in [*SYSTEMS, *fingerprints] if secret in text]


def test_a_double_click_is_one_judgment(page, screen, world):
    before = world.rows("SELECT count(*) FROM evaluation_judgment")[0][0]
    enter(page)
    ask(page, f"twice {uuid.uuid4().hex[:6]}")
    await_playlists(page)
    look_at_both(page, screen)
    page.get_by_role("button", name="A is better").dblclick()
    page.get_by_role("button", name="Get two playlists").wait_for()
    assert world.rows("SELECT count(*) FROM evaluation_judgment")[0][0] == before + 1


def test_a_reload_while_waiting_and_a_second_tab_find_the_same_trial(page):
    enter(page)
    ask(page, f"two tabs {uuid.uuid4().hex[:6]}")
    page.wait_for_url("**/trials/**")
    page.reload()
    await_playlists(page)
    tab = page.context.new_page()
    tab.goto("/studies/pilot/ask/")
    assert tab.url == page.url
    await_playlists(tab)
    tab.close()


def test_nothing_scrolls_sideways_and_targets_are_large(page, screen):
    enter(page)
    ask(page, f"wide {uuid.uuid4().hex[:6]}")
    await_playlists(page)
    if screen == "phone":
        page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    for button in page.locator("[name=choice]").all():
        assert button.bounding_box()["height"] >= 44


def test_in_russian(page):
    page.goto("/studies/pilot/")
    page.get_by_role("button", name="Русский").or_(page.get_by_role("button", name="RU")).first.click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == "ru"


def test_without_javascript(chromium, screen, world):
    context = chromium.new_context(base_url=world.site, java_script_enabled=False, locale="en-GB", **SCREENS[screen])
    page = context.new_page()
    enter(page)
    ask(page, f"no script {uuid.uuid4().hex[:6]}")
    await_playlists(page)  # the page refreshes itself
    page.get_by_role("button", name="Equivalent").click()
    page.wait_for_url("**/ask/**")
    context.close()


def test_the_researcher_reads_and_downloads_the_report(page, world):
    password = uuid.uuid4().hex
    name = f"researcher-{uuid.uuid4().hex[:8]}"
    world.manage(
        "shell",
        "-c",
        "from django.contrib.auth import get_user_model as u; "
        f"u().objects.create_user({name!r}, password={password!r}, is_researcher=True)",
    )
    token = world.enrol(f"report-{uuid.uuid4().hex}")
    trial = world.ask(token, "for the report")
    if world.finished(token, trial)["state"] == "ready":
        world.request("POST", f"/api/v1/trials/{trial}/judgment/", {"choice": "a"}, token)
    page.goto("/research/studies/pilot/report/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/report/")
    for system in SYSTEMS:
        assert page.get_by_text(system, exact=True).first.is_visible()
    with page.expect_download() as download:
        page.locator("a[href*='format=json']").first.click()
    report = json.loads(download.value.path().read_text())
    judged = world.rows(
        "SELECT count(*) FROM evaluation_judgment j JOIN evaluation_trial t ON t.id = j.trial_id "
        "JOIN evaluation_study s ON s.id = t.study_id WHERE s.slug = 'pilot'"
    )[0][0]
    assert report["judgments"] == judged >= 1
