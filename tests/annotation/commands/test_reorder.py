"""`reorder`: what it prints and refuses; and the task that starts it in a process of its own."""

import json
import logging
import time

import pytest
from django.core.management import CommandError, call_command

from annotation import ordering_tasks
from annotation.child_runs import Child
from annotation.models import Campaign, Item
from annotation.services.imported_labels import ImportedLabel, place_labels


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    """A home of its own for each test: runs are kept apart by files in it."""
    settings.HOME = tmp_path


@pytest.fixture
def campaign(make_campaign) -> Campaign:
    """60 of 200 queries labelled, in two categories; none of them in the random share."""
    campaign = make_campaign(queries=200, overlap=1, order="useful", random_share=0.25)
    queries = Item.objects.filter(campaign=campaign).order_by("-draw").values_list("query", flat=True)[:60]
    place_labels(
        campaign=campaign,
        labels=[ImportedLabel(query, "a", ("travel", "noise")[query % 2]) for query in queries],
    )
    return campaign


def test_it_says_what_it_learned_from_and_what_it_picked(campaign, capsys):
    call_command("reorder", campaign.slug, batch=40, seed=3)
    out = capsys.readouterr().out
    assert "60 labels count; 60 queries to learn from\n" in out
    assert "candidates; picked: 30 margin, 10 random\n" in out
    campaign.refresh_from_db()
    assert campaign.order_number == 1


def test_as_json_and_by_another_strategy(campaign, tmp_path):
    call_command("reorder", campaign.slug, strategy="entropy", json=str(tmp_path / "out.json"))
    done = json.loads((tmp_path / "out.json").read_text())
    assert (done["labels"], done["learned_from"], done["reason"], done["live"]) == (60, 60, "", True)
    # places end with the last candidate: all of them, and as many of the random share as belong between
    assert done["picks"]["entropy"] == done["candidates"] < 140
    assert done["seconds"] >= 0


def test_the_same_seed_gives_the_same_order(campaign):
    orders = []
    for seed in (5, 5):
        call_command("reorder", campaign.slug, seed=seed, json="-")
        orders.append(list(Item.objects.filter(free__gt=0).order_by("rank").values_list("pk", "origin")))
    assert orders[0] == orders[1]


def test_too_few_labels_are_no_failure_and_are_said(make_campaign, capsys):
    call_command("reorder", make_campaign(order="useful").slug)
    assert (
        "0 queries have a label to learn from, and 20 are needed; the order stays as it is.\n"
        in capsys.readouterr().out
    )


def test_what_cannot_be_is_one_line(make_campaign):
    with pytest.raises(CommandError, match="There is no campaign 'nowhere'"):
        call_command("reorder", "nowhere")
    with pytest.raises(CommandError, match="takes no strategy"):
        call_command("reorder", make_campaign().slug, strategy="margin")
    with pytest.raises(CommandError, match="at least 1 and at most 50000"):
        call_command("reorder", "nowhere", "--batch", "0")


@pytest.fixture
def started(monkeypatch):
    """Runs of this test only; whatever is still on is ended."""
    monkeypatch.setattr(ordering_tasks._children, "running", {})
    monkeypatch.setattr(ordering_tasks, "_failed", {})
    yield ordering_tasks._children.running
    for run in ordering_tasks._children.running.values():
        run.process.kill()
        run.process.wait()


def wait_for(run: Child) -> None:
    deadline = time.monotonic() + 60
    while run.process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)


def test_only_due_campaigns_are_started_once_and_a_failure_is_logged(campaign, make_campaign, started, caplog):
    make_campaign(order="useful")
    with caplog.at_level(logging.INFO):
        ordering_tasks.start_reorders()
        first = started[campaign.slug]
        ordering_tasks.start_reorders()  # due still, but it runs
        assert list(started) == [campaign.slug]
        wait_for(first)
        # the child looks into the database of this machine's settings, which knows no such campaign
        ordering_tasks.start_reorders()
    assert f"reorder.failed campaign={campaign.slug} code=2" in caplog.text
    assert started == {}  # and it is not tried again at once


def test_a_run_that_hangs_is_ended(campaign, started, caplog, monkeypatch):
    ordering_tasks.start_reorder(campaign.pk)
    run = started[campaign.slug]
    monkeypatch.setattr(ordering_tasks, "MOST_S", 0.0)
    ordering_tasks.tend_runs()
    assert run.process.poll() is not None and started == {}
    assert f"reorder.failed campaign={campaign.slug}" in caplog.text
