"""A researcher plans, watches, reads and doubts a study, in a real browser on real processes."""

import re
import zipfile

import pytest

from tests.journeys.test_systems_journey import SCREENS, signed_in

pytestmark = pytest.mark.world


@pytest.fixture(params=SCREENS)
def page(request, chromium, world, rehearsed):
    """A researcher's page, and a study that simulated participants judged."""
    page, trouble = signed_in(chromium, world, **SCREENS[request.param])
    page.set_default_timeout(30_000)
    yield page
    page.context.close()
    assert trouble == []


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_plans_and_the_address_is_the_plan(page):
    page.goto("/research/planner/")
    number = page.locator(".plan-number").first
    before = int(number.inner_text())
    page.locator("[name=gap]").fill("100")
    page.locator("[name=gap]").press("Enter")
    page.wait_for_url(re.compile("gap=100"))
    fewer = int(number.inner_text())
    assert 0 < fewer < before
    page.reload()
    assert int(number.inner_text()) == fewer
    assert fits(page)


def test_reads_the_report_and_takes_it_home(page, rehearsed, tmp_path):
    page.goto(f"/research/studies/{rehearsed}/report/")
    assert page.get_by_text("Nothing here says anything about the systems").is_visible()
    assert page.get_by_role("heading", name="Pair by pair").is_visible()
    assert fits(page)
    with page.expect_download() as started:
        page.get_by_role("link", name="Report, PDF").click()
    path = tmp_path / "report.pdf"
    started.value.save_as(path)
    assert path.read_bytes().startswith(b"%PDF-")
    with page.expect_download() as started:
        page.get_by_role("link", name="Everything, one archive").click()
    path = tmp_path / "all.zip"
    started.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert any(name.endswith("MANIFEST") for name in archive.namelist())


def test_asks_what_if_and_goes_back(page, rehearsed):
    page.goto(f"/research/studies/{rehearsed}/what-if/")
    page.locator("[name=model]").select_option("ties-half")
    page.wait_for_url(re.compile("model=ties-half"))
    assert page.get_by_text("all gaps are smaller").is_visible()
    page.get_by_text("Leave out participants").click()
    page.locator("[name=participant]").first.check()
    page.wait_for_url(re.compile("participant=1"))
    assert page.get_by_text(re.compile("of 13 of 14 participants")).is_visible()
    assert fits(page)
    page.go_back()
    page.wait_for_url(lambda url: "participant=1" not in url)


def test_watches_and_looks_only_on_purpose(page, rehearsed):
    page.goto(f"/research/studies/{rehearsed}/live/")
    running = page.locator("#running")
    assert running.get_by_role("table").count() == 0
    running.get_by_role("button").click()
    running.get_by_role("table").wait_for()
    assert fits(page)


def test_sets_two_studies_beside_each_other(page, rehearsed):
    page.goto(f"/research/compare/?a=pilot&b={rehearsed}")
    assert page.get_by_role("heading", name="The two studies").is_visible()
    assert fits(page)
