"""The command that trains a run, as workers start it: real processes, one of them killed in the middle."""

import os
import signal
import sqlite3
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from annotation import classifier_tasks
from tests.conftest import ROOT
from tests.world import wait_for

SET_UP = """
from annotation.classifier.spec import Spec
from annotation.models import Query
from annotation.services.campaigns import create_campaign, open_campaign
from annotation.services.classifier_runs import queue_run
from annotation.services.gold import make_gold
from annotation.services.imported_labels import ImportedLabel, place_labels
from annotation.services.items import add_queries
from annotation.services.queries import family_of
from annotation.services.taxonomies import shipped_taxonomy
from tests.annotation.conftest import little_examples

examples = little_examples(20)
campaign = create_campaign(by=None, taxonomy=shipped_taxonomy(), slug="c", title="C", seed=7, overlap=1)
queries = Query.objects.bulk_create(
    Query(dataset="d", dataset_version="1", external_id=e.id, text=e.text, language=e.language,
          family=family_of(e.text))
    for e in examples
)
add_queries(campaign=campaign, queries=queries)
campaign = open_campaign(campaign=campaign)
place_labels(campaign=campaign, labels=[ImportedLabel(q.pk, "a", e.category) for q, e in zip(queries, examples)])
queue_run(gold=make_gold(campaign=campaign, name="v1", by=None), spec=Spec(model="tfidf"), by=None)
"""


class Place:
    """A database of its own that processes share."""

    def __init__(self, home) -> None:
        self.home = home
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}",
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PLAYOFF_HOME": str(home),
            "OMP_NUM_THREADS": "1",
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        return subprocess.Popen(
            command, env=self.environment, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def manage(self, *arguments: str) -> str:
        process = self.start(*arguments)
        out, error = process.communicate(timeout=100)
        assert process.returncode == 0, error
        return out

    def row(self) -> dict[str, object]:
        connection = sqlite3.connect(self.home / "playoff.sqlite3", timeout=20)
        connection.row_factory = sqlite3.Row
        try:
            return dict(connection.execute("SELECT * FROM annotation_classifierrun").fetchone())
        finally:
            connection.close()


@pytest.fixture
def place(tmp_path) -> Place:
    place = Place(tmp_path)
    place.manage("migrate", "-v", "0")
    place.manage("shell", "-v", "0", "-c", SET_UP)
    return place


def test_a_killed_child_is_found_and_its_run_is_finished_by_one_of_two_others(place):
    victim = place.start("run_classifier", "1", "--low-priority")
    wait_for(lambda: place.row()["state"] == "running", within=60, every=0.005)
    victim.send_signal(signal.SIGKILL)
    victim.communicate()
    assert (place.row()["state"], place.row()["pid"]) == ("running", victim.pid)

    tend = "from annotation.services.classifier_tending import tend_runs; print([run.pk for run in tend_runs()])"
    assert place.manage("shell", "-v", "0", "-c", tend).strip() == "[1]"
    assert (place.row()["state"], place.row()["attempts"]) == ("queued", 1)

    both = [place.start("run_classifier", "1") for _ in range(2)]
    said = [process.communicate(timeout=100) for process in both]
    assert sorted(process.returncode for process in both) == [0, 2], said
    row = place.row()
    assert (row["state"], row["attempts"], len(row["fingerprint"])) == ("finished", 2, 64)
    winner, loser = sorted(zip(both, said, strict=True), key=lambda pair: pair[0].returncode)
    assert winner[1][0].startswith("Run 1, tfidf · v1: finished, ")
    assert loser[1][1].count("\n") >= 1 and "Traceback" not in loser[1][1]
    assert not (place.home / "classifier-runs" / "1").exists()


@pytest.mark.django_db
def test_what_cannot_be_is_one_line():
    with pytest.raises(CommandError, match="There is no run 77 that waits to be trained"):
        call_command("run_classifier", "77")
    with pytest.raises(CommandError, match="at least 1"):
        call_command("run_classifier", "0")


class TestTasks:
    @pytest.fixture
    def children(self, monkeypatch):
        """Children of this test only; whatever is still on is ended."""
        monkeypatch.setattr(classifier_tasks._children, "running", {})
        monkeypatch.setattr(classifier_tasks, "_failed", {})
        yield classifier_tasks._children.running
        for child in classifier_tasks._children.running.values():
            child.process.kill()
            child.process.wait()

    @pytest.fixture
    def queue(self, make_gold_of):
        from annotation.classifier.spec import Spec
        from annotation.services.classifier_runs import queue_run

        gold = make_gold_of("v1")
        return lambda **values: queue_run(gold=gold, spec=Spec(model="tfidf", **values), by=None)

    @pytest.mark.django_db
    def test_one_at_a_time_and_a_failed_child_rests(self, queue, children, caplog):
        first, second = queue(), queue(seed=1)
        classifier_tasks.tend_classifiers()
        classifier_tasks.start_classifier(second.pk)
        assert list(children) == [str(first.pk)]
        # the child looks into the database of this machine's settings, which knows no such run
        process = children[str(first.pk)].process
        wait_for(lambda: process.poll() is not None, within=60)
        classifier_tasks.tend_classifiers()
        assert f"classifier.child run={first.pk} code=" in caplog.text
        assert list(children) == [str(second.pk)]  # meanwhile the other has its turn

    @pytest.mark.django_db
    def test_what_needs_a_gpu_is_sent_to_where_one_is(self, queue, children):
        run = queue(device="cuda")
        classifier_tasks.tend_classifiers()
        run.refresh_from_db()
        assert run.woken_at is not None and children == {}
        woken = run.woken_at
        classifier_tasks.tend_classifiers()  # not again so soon
        run.refresh_from_db()
        assert run.woken_at == woken

    @pytest.mark.django_db
    def test_what_no_longer_waits_is_not_started(self, queue, children):
        from annotation.services.classifier_runs import stop_run

        classifier_tasks.start_classifier(stop_run(run=queue()).pk)
        classifier_tasks.start_classifier(99)
        assert children == {}
