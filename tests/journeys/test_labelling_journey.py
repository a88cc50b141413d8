"""Labelling in a real browser, on real processes: a key is a label, of the query that was on the screen."""

import re
import uuid
from dataclasses import dataclass

import pytest

from tests.world import wait_for

pytestmark = pytest.mark.world

PHONE = {"viewport": {"width": 390, "height": 664}, "has_touch": True, "is_mobile": True}
PASSWORD = "labels-for-the-journey"

MAKE = """
from django.contrib.auth import get_user_model
from annotation.models import Query
from annotation.services.campaigns import create_campaign, open_campaign
from annotation.services.items import add_answered, add_queries
from annotation.services.taxonomies import shipped_taxonomy
name, queries, practice = {name!r}, {queries}, {practice}
get_user_model().objects.create_user(name, password={password!r}, is_annotator=True)
rows = Query.objects.bulk_create(
    Query(dataset=name, dataset_version="1", external_id=str(number), text=f"query {{number}}", language="en")
    for number in range(queries + practice)
)
campaign = create_campaign(by=None, taxonomy=shipped_taxonomy(), slug=name, title=name, overlap=1, gold_rate=0.0)
add_queries(campaign=campaign, queries=rows[:queries])
if practice:
    answers = [(row, "travel", "It is a journey.") for row in rows[queries:]]
    add_answered(campaign=campaign, kind="practice", answers=answers)
open_campaign(campaign=campaign)
"""

# Everything pressed, with what was on the screen when it was pressed: noted before the page's own code sees the key.
WATCH = """
window.pressed = [];
document.addEventListener("keydown", (event) => {
  const root = document.querySelector("[data-labelling]");
  window.pressed.push([event.code, root?.dataset.view, Number(document.querySelector("[name=query]")?.value)]);
}, true);
"""
CATEGORY = {
    "q": "emotional-state", "w": "sports-activity", "e": "home-leisure", "a": "work-study", "s": "life-situation",
    "d": "travel", "z": "fantasy", "x": "romantic", "c": "taste-dependent", "u": "cultural-historical",
    "i": "existing-entities", "o": "trends-charts", "p": "in-style-of", "h": "children", "j": "soundtracks-media",
    "k": "musical-characteristics", "l": "other-people", "n": "public-places", "m": "noise",
}  # fmt: skip


@dataclass
class Desk:
    """An annotator at their browser, in a campaign of their own."""

    world: object
    slug: str
    page: object

    def open(self):
        self.page.goto(f"/label/{self.slug}/")
        self.page.wait_for_selector("[data-ready]")

    def labels(self):
        """{query: category} as the database has them."""
        return dict(
            self.world.rows(
                "SELECT i.query_id, a.category FROM annotation_assignment a JOIN annotation_item i ON i.id = a.item_id "
                "JOIN annotation_campaign c ON c.id = i.campaign_id "
                f"WHERE c.slug = '{self.slug}' AND a.state = 'labelled'"
            )
        )

    def pressed(self):
        """{query: category} by the keys that were pressed while a query was on the screen."""
        keys = self.page.evaluate("window.pressed")
        return {
            query: CATEGORY[code.removeprefix("Key").lower()]
            for code, view, query in keys
            if view == "work" and code.removeprefix("Key").lower() in CATEGORY
        }

    def press(self, keys):
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, keys):
        """Each key once the next query is there."""
        for key in keys:
            self.page.wait_for_selector('[data-labelling][data-view="work"]')
            self.page.keyboard.press(key)

    def unsent(self):
        return self.page.evaluate(
            "Object.keys(localStorage).filter((name) => name.startsWith('playoff.label.')).length"
        )

    def settled(self):
        wait_for(lambda: self.unsent() == 0, within=20, every=0.1, why=f"all saved; {self.unsent()} are not")

    def query(self):
        return self.page.locator("[data-part=query]").text_content()

    def slow(self, milliseconds):
        network = self.page.context.new_cdp_session(self.page)
        network.send("Network.enable")
        network.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": milliseconds, "downloadThroughput": -1, "uploadThroughput": -1},
        )


@pytest.fixture
def make_desk(chromium, world):
    """`make_desk(queries=30)`: signed in, on the page, every script error and refused resource noted."""
    contexts, trouble = [], []

    def make(*, queries=30, practice=0, **screen):
        name = f"desk-{uuid.uuid4().hex[:10]}"
        world.manage("shell", "-c", MAKE.format(name=name, queries=queries, practice=practice, password=PASSWORD))
        context = chromium.new_context(base_url=world.site, locale="en-GB", **screen)
        contexts.append(context)
        context.add_init_script(WATCH)
        page = context.new_page()
        page.on("pageerror", lambda error: trouble.append(f"script error: {error}"))
        page.on("console", lambda said: trouble.append(said.text) if "Content Security" in said.text else None)
        page.goto(f"/label/{name}/")
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_selector("[data-ready]")
        return Desk(world, name, page)

    yield make
    for context in contexts:
        context.close()
    assert trouble == []


def test_a_hundred_keys_are_a_hundred_labels_and_fifty_five_undos(make_desk):
    desk = make_desk(queries=110)
    desk.page.evaluate("window.pressed = []")
    keys = (list(CATEGORY) * 6)[:100]
    desk.type(keys)
    desk.settled()
    assert len(desk.page.evaluate("window.pressed")) == 100
    assert desk.labels() == desk.pressed()
    assert len(desk.labels()) == 100
    desk.open()  # what can be taken back outlives the page
    desk.press(["Backspace"] * 55)
    desk.settled()
    assert len(desk.labels()) == 45


def test_typing_ahead_neither_drops_nor_misplaces(make_desk):
    desk = make_desk()
    desk.slow(200)
    desk.page.evaluate("window.pressed = []")
    desk.press("qweasdzxcu")
    desk.settled()
    assert desk.labels() == desk.pressed()
    assert len(desk.labels()) == 10


def test_keys_without_a_query_on_the_screen_do_nothing(make_desk):
    desk = make_desk(queries=14)
    desk.slow(300)
    desk.press("q" * 14 + "w" * 10)
    desk.settled()
    desk.page.wait_for_timeout(500)
    labels = desk.labels()
    assert labels == desk.pressed()
    assert 10 <= len(labels) <= 14


def test_the_next_query_is_there_before_the_save_is_answered(make_desk):
    desk = make_desk()
    desk.slow(200)
    desk.type("qweasd")
    desk.settled()
    marks = desk.page.evaluate(
        "performance.getEntriesByType('mark').map(({ name, detail, startTime }) => [name, detail.query, startTime])"
    )
    saved = {query: at for name, query, at in marks if name == "label-saved"}
    keys = [(query, at) for name, query, at in marks if name == "label-key"]
    shown = [(query, at) for name, query, at in marks if name == "label-shown"]
    assert len(keys) == len(saved) == 6
    for query, at in keys:
        following = next(then for other, then in shown if then >= at and other != query)
        assert following < saved[query]


def test_a_lost_connection_loses_nothing(make_desk):
    desk = make_desk()
    desk.page.context.set_offline(True)
    desk.press("qwe")
    desk.page.locator("[data-part=unsaved]", has_text="Unsaved: 3").wait_for()
    assert desk.labels() == {}
    desk.page.context.set_offline(False)
    desk.settled()
    assert desk.labels() == desk.pressed()
    desk.page.locator("[data-part=unsaved]").wait_for(state="hidden")


def test_unsaved_answers_outlive_a_reload(make_desk):
    desk = make_desk()
    desk.page.route("**/api/v1/**", lambda route: route.abort())
    desk.press("qwe")
    pressed = desk.pressed()
    desk.page.locator("[data-part=unsaved]", has_text="Unsaved: 3").wait_for()
    desk.open()
    desk.page.locator("[data-part=unsaved]", has_text="Unsaved: 3").wait_for()
    assert len(pressed) == 3
    desk.press("d")  # on the fourth query: the first three are answered
    assert not set(desk.pressed()) & set(pressed)
    pressed |= desk.pressed()
    desk.page.unroute("**/api/v1/**")
    desk.settled()
    assert desk.labels() == pressed
    assert len(pressed) == 4


def test_an_answer_that_was_saved_but_never_heard_of_is_one_label(make_desk):
    desk = make_desk()
    answers = []

    def swallow(route):
        answers.append(route.fetch())  # it reaches the server
        route.abort()

    desk.page.route("**/labels/**", swallow, times=1)
    desk.press("q")
    desk.settled()
    assert len(answers) == 1
    assert desk.labels() == desk.pressed()
    events = "SELECT count(*) FROM annotation_labelevent e JOIN annotation_campaign c ON c.id = e.campaign_id "
    assert desk.world.rows(f"{events} WHERE c.slug = '{desk.slug}'")[0][0] == 1


def test_undo_skip_and_another_choice(make_desk):
    desk = make_desk()
    first = desk.query()
    desk.press(["q", "w", "Backspace", "Backspace"])
    assert desk.query() == first
    desk.press(["Space", "e"])
    desk.settled()
    assert list(desk.labels().values()) == ["home-leisure"]
    skipped = desk.world.rows(
        "SELECT count(*) FROM annotation_assignment a JOIN annotation_campaign c ON c.id = a.campaign_id "
        f"WHERE c.slug = '{desk.slug}' AND a.state = 'skipped'"
    )
    assert skipped[0][0] == 1


def test_comment_and_flag_label_nothing(make_desk):
    desk = make_desk()
    query = desk.query()
    desk.press("ft")
    desk.page.keyboard.type("quite weird, said ")
    desk.page.keyboard.press("Enter")
    assert desk.query() == query
    desk.press("t")
    desk.page.keyboard.type("never mind")
    desk.page.keyboard.press("Escape")
    desk.press("d")
    desk.settled()
    kept = desk.world.rows(
        "SELECT a.comment, a.flag, a.category FROM annotation_assignment a "
        f"JOIN annotation_campaign c ON c.id = a.campaign_id WHERE c.slug = '{desk.slug}' AND a.state = 'labelled'"
    )
    assert [tuple(row) for row in kept] == [("quite weird, said", "unclear", "travel")]


def test_the_guideline_beside_the_query(make_desk):
    desk = make_desk()
    query = desk.query()
    desk.press("gs")
    guideline = desk.page.get_by_role("complementary", name="Guideline")
    for words in ("The listener lives through an event", "for exam preparation", "A bare feeling without its occasion"):
        assert guideline.get_by_text(words).is_visible()
    assert not guideline.get_by_text("The listener works, studies").is_visible()
    assert desk.query() == query
    desk.press(["Enter"])
    desk.settled()
    assert list(desk.labels().values()) == ["life-situation"]
    desk.press(["g", "Escape", "d"])
    desk.settled()
    assert sorted(desk.labels().values()) == ["life-situation", "travel"]


def test_back_through_own_labels(make_desk):
    desk = make_desk()
    first = desk.query()
    desk.press("qw")
    here = desk.query()
    desk.press("bb")
    assert desk.query() == first
    desk.press("m")
    assert desk.query() == here
    desk.settled()
    assert sorted(desk.labels().values()) == ["noise", "sports-activity"]


def test_practice_waits_for_enter(make_desk):
    desk = make_desk(practice=2)
    desk.press("d")
    answer = desk.page.locator("[data-part=answer]")
    answer.get_by_text("Right.", exact=True).wait_for()
    desk.press("mq")  # these label nothing
    desk.press(["Enter"])
    desk.press("m")
    answer.get_by_text("Not quite.").wait_for()
    assert answer.get_by_text("The right category: Travel").is_visible()
    assert answer.get_by_text("It is a journey.").is_visible()
    desk.press(["Enter"])
    desk.page.wait_for_selector('[data-labelling][data-view="work"]')
    desk.press("q")
    desk.settled()
    assert sorted(desk.labels().values()) == ["emotional-state", "noise", "travel"]


def test_two_tabs(make_desk):
    desk = make_desk()
    tab = desk.page.context.new_page()
    other = Desk(desk.world, desk.slug, tab)
    other.open()
    assert other.query() == desk.query()
    desk.press("q")
    desk.settled()
    other.press("w")
    tab.get_by_text("You have labelled this query").wait_for()
    assert list(desk.labels().values()) == ["emotional-state"]
    tab.wait_for_timeout(600)  # keys on their way to the query that went are not for the next one
    other.press("e")
    desk.press("a")
    desk.settled()
    assert len(desk.labels()) in (2, 3)  # both tabs may hold the same next query
    assert "emotional-state" in desk.labels().values()


def test_a_russian_layout_and_own_keys(make_desk):
    desk = make_desk()
    press = "document.dispatchEvent(new KeyboardEvent('keydown', {code: 'KeyD', key: 'в', bubbles: true}))"
    desk.page.evaluate(press.replace("document.", "document.body."))
    desk.settled()
    assert list(desk.labels().values()) == ["travel"]
    desk.page.get_by_role("button", name="Settings").click()
    desk.page.get_by_label("Left hand only").check()
    desk.page.keyboard.press("Escape")
    noise = desk.page.locator("[data-category=noise] kbd").text_content()
    assert re.fullmatch(r"[1-5QWERTASDFGZXCVB]", noise)
    desk.open()  # kept in this browser
    desk.page.locator("[data-part=card]").focus()
    desk.press([noise.lower()])
    desk.settled()
    assert sorted(desk.labels().values()) == ["noise", "travel"]


def test_leaving_gives_back_and_a_reload_does_not(make_desk):
    desk = make_desk()
    leased = (
        "SELECT count(*) FROM annotation_assignment a JOIN annotation_campaign c ON c.id = a.campaign_id "
        f"WHERE c.slug = '{desk.slug}' AND a.state = 'leased'"
    )
    query = desk.query()
    desk.open()
    desk.page.wait_for_timeout(500)
    assert desk.query() == query
    assert desk.world.rows(leased)[0][0] == 10
    desk.page.goto("/label/")
    wait_for(lambda: desk.world.rows(leased)[0][0] == 0, within=10, why="what was held is given back")


def test_on_a_phone(make_desk):
    desk = make_desk(**PHONE)
    page = desk.page
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 664})
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        for button in page.locator("[data-category]").all():
            assert button.bounding_box()["height"] >= 44
    page.locator("[data-category=travel]").tap()
    page.locator("[data-category=noise]").tap()
    desk.settled()
    assert sorted(desk.labels().values()) == ["noise", "travel"]


def test_without_javascript(make_desk, chromium, world):
    desk = make_desk()
    context = chromium.new_context(
        base_url=world.site, java_script_enabled=False, storage_state=desk.page.context.storage_state()
    )
    page = context.new_page()
    page.goto(f"/label/{desk.slug}/")
    page.get_by_role("textbox", name="Comment").fill("by hand")
    page.get_by_role("button", name="Travel").click()
    page.get_by_role("button", name="Skip").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Noise").click()
    context.close()
    assert sorted(desk.labels().values()) == ["noise", "travel"]
