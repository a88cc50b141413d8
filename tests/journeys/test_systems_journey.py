"""A researcher tries systems, in a real browser and with the real workers; then without a worker, and after a crash."""

import re
import socket

import pytest

from tests.world import wait_for

pytestmark = pytest.mark.world
PASSWORD = "a-long-password"
SCREENS = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
RESEARCHER = f"""
from django.contrib.auth import get_user_model
users = get_user_model().objects
users.filter(username="tina").exists() or users.create_user("tina", password={PASSWORD!r}, is_researcher=True)
"""
ASK = """
from django.contrib.auth import get_user_model
from recsys.models import SystemVersion
from recsys.services.tryouts import ask
who = get_user_model().objects.get(username="tina")
[row], _ = ask(by=who, versions=[SystemVersion.objects.get(system="bm25")], query="rain", key="one")
"""
DEAD_TWICE = f"""
from django.utils import timezone
row.attempts, row.worker, row.started_at = 2, {f"{socket.gethostname()}/{2**22 + 1}"!r}, timezone.now()
row.save()
"""


def signed_in(chromium, world, **options):
    """A researcher's page; what a script or a style did wrong is collected in `trouble`."""
    world.manage("shell", "--command", RESEARCHER)
    page = chromium.new_context(base_url=world.site, locale="en-GB", **options).new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(f"script error: {error}"))
    page.on("console", lambda said: trouble.append(said.text) if "Content Security Policy" in said.text else None)
    page.goto("/accounts/login/")
    page.locator("[name=username]").fill("tina")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(re.compile(r"/$"))
    return page, trouble


def choose(page, name: str, system: str) -> None:
    value = page.locator(f"#id_{name} option", has_text=re.compile(rf"^{system} ·")).first.get_attribute("value")
    page.locator(f"#id_{name}").select_option(value)


@pytest.fixture(params=SCREENS)
def screen(request):
    return request.param


def test_two_systems_a_listener_and_the_score_taken_apart(chromium, screen, world):
    page, trouble = signed_in(chromium, world, **SCREENS[screen])
    page.get_by_role("link", name="Systems", exact=True).click()
    page.get_by_label("Query").fill("songs I will like")
    choose(page, "version", "retriever-cr-dp")
    choose(page, "beside", "popularity")
    page.locator("summary", has_text="Whose taste").click()
    page.get_by_label("Find a listener").fill("listener-00")
    page.locator(".listener").nth(10).wait_for(state="detached")  # nine, and nobody
    page.get_by_label("Find a listener").press("Enter")  # finds, and asks nothing
    assert page.url.endswith("/research/systems/")
    page.locator(".listener input").nth(1).check()
    page.get_by_label("Tracks").fill("7")
    page.get_by_role("button", name="Try it").dblclick()
    page.locator(".answer[data-state=done]").nth(1).wait_for(timeout=30_000)
    assert page.locator(".tried > li").count() == 14
    assert "personal (α =" in page.locator(".alpha").inner_text()
    assert page.locator(".part-collaborative").count() == 7
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    asked = world.rows("SELECT count(*) FROM recsys_tryout WHERE query = 'songs I will like' AND k = 7")
    assert asked[0][0] % 2 == 0 and asked[0][0] <= 4  # a double click is one question to two systems
    page.go_back()
    assert trouble == []
    page.context.close()


def test_without_scripts_it_works_by_form_and_reload(chromium, world):
    page, _ = signed_in(chromium, world, java_script_enabled=False)
    page.goto("/research/tryouts/")
    page.get_by_label("Query").fill("rain")
    choose(page, "version", "retriever-cr")
    page.locator("summary", has_text="Whose taste").click()
    page.get_by_label("Find a listener").fill("listener-00")
    page.get_by_role("button", name="Find").click()
    assert page.get_by_label("Query").input_value() == "rain"
    page.locator(".listener input").nth(1).check()
    page.get_by_role("button", name="Try it").click()
    page.locator(".tried > li").first.wait_for(timeout=30_000)  # the page looks again by itself
    assert "The exponent is fixed" in page.content()
    page.context.close()


def test_a_refusal_stands_by_its_field(chromium, world):
    page, _ = signed_in(chromium, world)
    page.goto("/research/tryouts/")
    page.get_by_label("Query").fill("rain")
    page.get_by_label("Tracks").fill("500")
    page.get_by_role("button", name="Try it").click()
    assert "less than or equal to 100" in page.locator("#id_k_error").inner_text()
    assert page.get_by_label("Query").input_value() == "rain"
    page.context.close()


def test_a_worker_that_is_away_is_said_and_answers_when_it_comes(chromium, fragile_world):
    fragile_world.start_web()
    page, _ = signed_in(chromium, fragile_world)
    page.goto("/research/tryouts/")
    page.get_by_label("Query").fill("rain")
    page.get_by_role("button", name="Try it").click()
    page.get_by_text("No worker has taken it yet").wait_for(timeout=15_000)
    fragile_world.start_workers()
    page.locator(".answer[data-state=done]").wait_for(timeout=60_000)
    page.context.close()


def test_a_killed_worker_leaves_nothing_waiting_for_ever(fragile_world):
    """A worker dies in the middle of the query; the clock sends it again, and the next one answers."""
    world = fragile_world
    budget = world.home / "budget"
    budget.mkdir()
    world.faults = {"FAULT_POINT": "in-load", "FAULT_BUDGET": str(budget)}
    world.manage("shell", "--command", RESEARCHER)
    world.start_workers()
    (budget / "one").touch()
    world.manage("shell", "--command", ASK)
    wait_for(
        lambda: world.rows("SELECT state, attempts FROM recsys_tryout") == [("done", 2)],
        within=60,
        why=world.log(world.gpu_worker)[-3000:],
    )
    assert not list(budget.iterdir())


def test_one_that_kills_every_worker_is_given_up(fragile_world):
    """As the row stands after a second death: nobody takes it a third time."""
    world = fragile_world
    world.manage("shell", "--command", RESEARCHER)
    world.manage("shell", "--command", ASK + DEAD_TWICE)
    world.start_workers()
    [(state, error)] = wait_for(
        lambda: world.rows("SELECT state, error FROM recsys_tryout WHERE state <> 'queued'"), within=30
    )
    assert state == "failed" and error.startswith("The worker died on this query")
