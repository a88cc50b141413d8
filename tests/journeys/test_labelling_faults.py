"""Nothing lost, nothing doubled: eight people label while web and worker processes are killed under them.

Criterion 9 of the workbench's design, on real processes in both worlds. `FAULT_SEEDS`, `FAULT_ITEMS` and `FAULT_KILLS`
ask for more than CI has time for.
"""

import os
import random
import threading
from collections import Counter

import pytest

from annotation.taxonomy import SLUGS
from tests.annotators import CAMPAIGN, Person, set_up
from tests.world import World, wait_for

pytestmark = pytest.mark.world

PEOPLE = 8
ITEMS = int(os.environ.get("FAULT_ITEMS", "60"))
SEEDS = int(os.environ.get("FAULT_SEEDS", "1"))
KILLS = int(os.environ.get("FAULT_KILLS", "6"))
OVERLAP = 2
LABELS = """
    SELECT i.query_id, u.username, a.category, a.surplus
    FROM annotation_assignment a JOIN annotation_item i ON i.id = a.item_id
    JOIN annotation_annotator p ON p.id = a.annotator_id JOIN accounts_user u ON u.id = p.user_id
    WHERE a.state = 'labelled'
"""
ITEMS_OF_CAMPAIGN = f"""
    SELECT i.query_id, i.wanted, i.labelled, i.leased FROM annotation_item i
    JOIN annotation_campaign c ON c.id = i.campaign_id WHERE c.slug = '{CAMPAIGN}'
"""
EVENTS_OF_CAMPAIGN = f"""
    SELECT count(*) FROM annotation_labelevent e
    JOIN annotation_campaign c ON c.id = e.campaign_id WHERE c.slug = '{CAMPAIGN}'
"""


def kill_again_and_again(
    world: World, people: list[Person], stop: threading.Event, chance: random.Random, kills: list[str]
) -> None:
    """kill -9 the web process, whole, and start it again on the same port; each third time the worker.

    By the number of labels, not by the clock, so that a quick machine is killed as often as a slow one: about `KILLS`
    times while each item gets its two labels, and half as often again for the third ones that disagreement asks for,
    each at a random moment while people label.
    """
    between = ITEMS * OVERLAP / (KILLS + 1)
    least = 0.0
    while not stop.is_set():
        least += chance.uniform(0.5, 1.5) * between
        while sum(len(person.acknowledged) for person in people) < least:
            if stop.wait(0.005):
                return
        stop.wait(chance.uniform(0, 0.05))
        if len(kills) % 3 == 2:
            world.crash(world.default_worker)
            kills.append("worker")
            continue
        world.kill("web")
        world.start("web", BIND=f"127.0.0.1:{world.port}")
        wait_for(lambda: world._answers("/livez"), within=60, why=world.log("web")[-2000:])
        kills.append("web")


def label_together(people: list[Person], seed: int) -> list[BaseException]:
    failed: list[BaseException] = []

    def work(person: Person, number: int) -> None:
        try:
            person.label_until_done(random.Random(seed * 100 + number), SLUGS)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(person, number)) for number, person in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=240 + ITEMS)
    for person in people:
        person.give_up.set()
    return failed


def assert_whole(world: World, people: list[Person], *, most: int) -> None:
    """Every acknowledged label is stored, by the right person, once; no item has more labels than it may."""
    stored = world.rows(LABELS)
    by_person = {(query, name): category for query, name, category, _ in stored}
    assert len(by_person) == len(stored)
    told = {(query, person.name): category for person in people for query, category in person.acknowledged.items()}
    assert {key: by_person.get(key) for key in told} == told
    counted = Counter(query for query, _, _, surplus in stored if not surplus)
    assert max(counted.values()) <= most
    items = world.rows(ITEMS_OF_CAMPAIGN)
    assert [item for item in items if item[2] != counted[item[0]]] == []
    assert [item for item in items if item[1] != item[2] or item[3]] == [], "every item got what it wanted"


@pytest.mark.parametrize("seed", range(SEEDS))
def test_labels_survive_kill_9(fragile_world, seed):
    world = fragile_world
    set_up(world, people=PEOPLE, items=ITEMS, overlap=OVERLAP, third_label=True, gold_rate=0.0, order="useful")
    world.start_web()
    world.start_labelling_worker()
    people = [Person(world, f"ann{number}") for number in range(PEOPLE)]
    for person in people:
        person.sign_in()
        person.statuses.clear()
    stop, kills = threading.Event(), []
    killer = threading.Thread(target=kill_again_and_again, args=(world, people, stop, random.Random(seed), kills))
    killer.start()
    try:
        failed = label_together(people, seed)
    finally:
        stop.set()
        killer.join(timeout=90)
    assert not failed, failed
    assert kills.count("web") >= 2, kills
    assert "worker" in kills, kills
    assert not [status for person in people for status in person.statuses if status >= 500]
    assert_whole(world, people, most=3)


def test_two_tabs_and_a_double_click_are_one_label(world):
    set_up(world, people=1, items=6, overlap=1, gold_rate=0.0)
    tabs = [Person(world, "ann0"), Person(world, "ann0")]
    for tab in tabs:
        tab.sign_in()
    address = f"/api/v1/campaigns/{CAMPAIGN}"
    benches = [tab.insist("GET", f"{address}/next/")[1] for tab in tabs]
    assert benches[0]["query"] == benches[1]["query"]
    statuses: list[int] = []

    def click(tab: Person, category: str) -> None:
        statuses.append(
            tab.insist("POST", f"{address}/labels/", {"query": benches[0]["query"], "category": category})[0]
        )

    threads = [threading.Thread(target=click, args=(tab, "travel")) for tab in tabs * 10]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(statuses) == {201: 1, 200: 19}
    click(tabs[1], "noise")
    assert statuses[-1] == 409
    assert world.rows(EVENTS_OF_CAMPAIGN) == [(1,)]


def test_the_lead_cannot_label_and_an_annotator_cannot_read_the_rest(world):
    lead = Person(world, "lead")
    lead.sign_in()
    status, _answer = lead.insist("GET", f"/api/v1/campaigns/{CAMPAIGN}/next/")
    assert status == 403
