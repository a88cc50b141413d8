"""Runs of classifiers: every transition, every refusal, and that one of two who take a run gets it."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from annotation.classifier.registry import load_classifier
from annotation.classifier.spec import Spec
from annotation.models import ClassifierRun, GoldVersion
from annotation.services import classifier_training
from annotation.services.classifier_runs import (
    RunStateError,
    SameRunError,
    delete_run,
    queue_run,
    resume_run,
    specified,
    stop_run,
    workspace_of,
)
from annotation.services.classifier_tending import tend_runs
from annotation.services.classifier_training import RunTakenError, execute_run
from annotation.services.run_lock import Work, only_one
from annotation.services.taxonomies import add_taxonomy
from annotation.taxonomy import DEFAULT_TAXONOMY
from playoff.common.errors import InvalidInputError
from tests.annotation.classifier.encoder.conftest import make_encoder

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.MODELS_ROOT = tmp_path / "models"
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()


@pytest.fixture
def gold(make_gold_of):
    return make_gold_of("v1")


def queued(gold, **values) -> ClassifierRun:
    return queue_run(gold=gold, spec=Spec(model="tfidf", **values), by=None)


def as_if_it_died(run: ClassifierRun, **values) -> None:
    """The row that a killed process leaves."""
    ClassifierRun.objects.filter(pk=run.pk).update(**{"state": "running", "attempts": 1, "pid": 1, **values})


def state_of(run: ClassifierRun) -> str:
    return ClassifierRun.objects.values_list("state", flat=True).get(pk=run.pk)


class TestQueue:
    def test_what_is_asked_for_is_in_the_row(self, gold, lead):
        run = queue_run(gold=gold, spec=Spec("org/Encoder", seed=3, frozen=True, curve=True), by=lead)
        run.refresh_from_db()
        assert (run.state, run.name, run.campaign.slug, run.created_by) == ("queued", "Encoder · v1", "little", lead)
        assert (run.model, run.seed, run.frozen, run.curve, run.target) == ("org/Encoder", 3, True, True, "both")
        assert run.artifact.startswith("classifiers/little-v1-")
        assert run.code_version

    def test_a_worker_is_told_once_it_is_committed(self, gold, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks() as callbacks:
            run = queued(gold)
        assert len(callbacks) == 1
        callbacks[0]()
        run.refresh_from_db()
        assert run.woken_at is not None

    def test_the_same_again_is_refused_until_something_differs(self, gold):
        run = queued(gold)
        with pytest.raises(SameRunError, match=f"Run {run.pk}, “tfidf · v1”, is exactly this, and is queued"):
            queued(gold)
        assert queued(gold, seed=1).pk != run.pk
        stop_run(run=run)
        assert queued(gold).pk != run.pk

    def test_a_finished_one_is_not_trained_twice_by_the_same_code(self, gold):
        run = queued(gold)
        ClassifierRun.objects.filter(pk=run.pk).update(state="finished", fingerprint="f")
        with pytest.raises(SameRunError, match="is finished"):
            queued(gold)
        ClassifierRun.objects.filter(pk=run.pk).update(code_version="0.1+older")
        assert queued(gold).pk != run.pk

    def test_only_versions_that_are_ready(self, gold):
        GoldVersion.objects.update(digest="")
        gold.refresh_from_db()
        with pytest.raises(InvalidInputError, match="“v1” is not ready yet"):
            queued(gold)

    def test_only_the_taxonomy_that_classifiers_know(self, make_gold_of, lead):
        document = DEFAULT_TAXONOMY.to_document() | {"slug": "my-own", "version": 1}
        gold = make_gold_of("v1", taxonomy=add_taxonomy(document=document, by=lead))
        with pytest.raises(InvalidInputError, match="“v1” is labelled under my-own 1, and classifiers know"):
            queued(gold)
        assert not ClassifierRun.objects.exists()

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"model": "tfidf", "target": "all"}, "`target` must be one of both, binary, categories, got 'all'"),
            ({"model": " "}, "`model` is empty"),
            ({"model": "tfidf", "seed": -1}, "`seed` must be at least 0"),
            ({"model": "a\nb"}, "on one line"),
            ({"model": "x" * 301}, "1 to 300 characters"),
            ({"model": "tfidf", "seed": 2**32}, "`seed` must be between 0 and 4294967295"),
        ],
    )
    def test_what_cannot_be(self, gold, values, said):
        with pytest.raises(InvalidInputError, match=said):
            queue_run(gold=gold, spec=specified(**values), by=None)


class TestExecute:
    def test_trains_and_keeps_what_came_out(self, gold):
        run = execute_run(run_id=queued(gold, seed=5).pk)
        assert (run.state, run.attempts, run.message) == ("finished", 1, "")
        assert set(run.split) == {"train", "validation", "test"}
        assert sum(run.split.values()) == gold.rows_count
        assert 0 <= run.metrics["binary"]["accuracy"]["ci"][0] <= run.metrics["binary"]["accuracy"]["value"] <= 1
        assert run.alpha["source"] in {"binary", "categories"}
        assert len(run.fingerprint) == len(run.data_hash) == 64
        assert run.started_at <= run.heartbeat <= run.ended_at
        assert load_classifier(run.directory).classify(["for running"])
        assert not workspace_of(run.pk).exists()

    def test_progress_is_written_and_passed_on(self, gold, monkeypatch):
        monkeypatch.setattr(classifier_training, "EVERY_S", 0.0)
        run, seen = queued(gold), []

        def look(step: str, done: int, total: int) -> None:
            row = ClassifierRun.objects.get(pk=run.pk)
            seen.append((step, row.state, row.step, row.heartbeat is not None, row.pid, row.host))

        execute_run(run_id=run.pk, progress=look)
        assert {state for _, state, *_ in seen} == {"running"}
        steps = [step for step, *_ in seen]
        assert [row_step for _, _, row_step, *_ in seen][1:] == steps[:-1]  # each look is before its own write
        assert all(alive and pid and host for *_, alive, pid, host in seen)

    def test_a_refusal_of_the_data_is_its_sentence(self, make_gold_of):
        run = execute_run(run_id=queued(make_gold_of("v1", examples=6)).pk)
        assert run.state == "failed"
        assert "query" in run.message and run.message.endswith(".")
        assert run.ended_at is not None

    def test_a_crash_is_noted_and_not_hidden(self, gold, monkeypatch):
        def crash(**_):
            raise RuntimeError("out of memory")

        run = queued(gold)
        monkeypatch.setattr(classifier_training, "train_classifier_into", crash)
        with pytest.raises(RuntimeError, match="out of memory"):
            execute_run(run_id=run.pk)
        run.refresh_from_db()
        assert (run.state, run.message) == ("failed", "The program failed: RuntimeError: out of memory")

    @pytest.mark.parametrize("state", ["running", "stopping", "stopped", "failed", "finished"])
    def test_only_what_waits(self, gold, state):
        run = queued(gold)
        ClassifierRun.objects.filter(pk=run.pk).update(state=state, fingerprint="f")
        with pytest.raises(RunTakenError, match=f"no run {run.pk} that waits"):
            execute_run(run_id=run.pk)
        assert state_of(run) == state

    def test_a_folder_of_a_number_from_an_older_database_is_no_checkpoint(self, gold):
        run = queued(gold)
        workspace_of(run.pk).mkdir(parents=True)
        (workspace_of(run.pk) / "old").touch()
        seen = []
        execute_run(run_id=run.pk, progress=lambda *_: seen.append((workspace_of(run.pk) / "old").exists()))
        assert seen and not any(seen)

    def test_a_second_one_is_sent_away_while_the_first_trains(self, gold):
        run, outcomes = queued(gold), []

        def second() -> None:  # a connection of its own, as another process has
            try:
                execute_run(run_id=run.pk)
            except RunTakenError as error:
                outcomes.append(str(error))
            finally:
                connection.close()

        def meanwhile(*_) -> None:
            if not outcomes:
                thread = threading.Thread(target=second)
                thread.start()
                thread.join()

        assert execute_run(run_id=run.pk, progress=meanwhile).state == "finished"
        assert outcomes == [f"Run {run.pk} is in the hands of another process."]

    def test_who_was_taken_over_writes_nothing_more(self, gold):
        run = queued(gold)

        def take_over(*_) -> None:
            ClassifierRun.objects.filter(pk=run.pk).update(attempts=2, pid=1)

        with pytest.raises(classifier_training.RunLostError, match="taken over"):
            execute_run(run_id=run.pk, progress=take_over)
        run.refresh_from_db()
        assert (run.state, run.attempts, run.fingerprint) == ("running", 2, "")


class TestStop:
    def test_one_that_waits_is_let_go(self, gold):
        assert stop_run(run=queued(gold)).state == "stopped"

    def test_one_that_runs_stops_at_its_next_report_and_can_go_on(self, gold, monkeypatch):
        monkeypatch.setattr(classifier_training, "EVERY_S", 0.0)
        run = queued(gold)
        reports = []

        def stop_at_the_second(*step) -> None:
            reports.append(step)
            if len(reports) == 2:
                assert stop_run(run=run).state == "stopping"

        assert execute_run(run_id=run.pk, progress=stop_at_the_second).state == "stopped"
        assert len(reports) == 2
        assert workspace_of(run.pk).is_dir()  # with what there is to go on from
        assert resume_run(run=run).state == "queued"
        assert execute_run(run_id=run.pk).state == "finished"

    def test_a_wish_that_comes_too_late_changes_nothing(self, gold):
        run = queued(gold)
        done = []

        def stop_after_the_last(step, count, total) -> None:
            done.append(step)
            ClassifierRun.objects.filter(pk=run.pk, state="running").update(state="stopping")

        # reports come faster than once a second, so the row is not looked at again
        assert execute_run(run_id=run.pk, progress=stop_after_the_last).state in {"finished", "stopped"}
        assert done

    def test_stopping_twice_is_stopping(self, gold):
        run = queued(gold)
        as_if_it_died(run)
        assert [stop_run(run=run).state for _ in range(2)] == ["stopping", "stopping"]

    @pytest.mark.parametrize("state", ["finished", "failed"])
    def test_what_is_over_is_not_stopped(self, gold, state):
        run = queued(gold)
        ClassifierRun.objects.filter(pk=run.pk).update(state=state, fingerprint="f")
        with pytest.raises(RunStateError, match=f"is {state}; only a run that waits or runs"):
            stop_run(run=run)


def test_a_stopped_encoder_goes_on_from_its_checkpoint(gold, monkeypatch, tmp_path):
    make_encoder("bert", tmp_path / "encoder")
    monkeypatch.setattr(classifier_training, "EVERY_S", 0.0)
    overrides = {"epochs": 2, "patience": 0, "batch_size": 16}
    run = queue_run(gold=gold, spec=Spec(str(tmp_path / "encoder"), overrides=overrides), by=None)
    before, after = [], []

    def stop_in_the_middle(step: str, done: int, total: int) -> None:
        before.append((step, done))
        if done == 5 and step == before[0][0]:
            stop_run(run=run)

    assert execute_run(run_id=run.pk, progress=stop_in_the_middle).state == "stopped"
    assert any(path.is_file() for path in workspace_of(run.pk).rglob("*"))
    resume_run(run=run)
    finished = execute_run(run_id=run.pk, progress=lambda step, done, _: after.append((step, done)))
    assert (finished.state, finished.message) == ("finished", "")
    assert after[0][0] == before[0][0] and after[0][1] >= 5  # what was done is not done again
    assert not workspace_of(run.pk).exists()


class TestGoOnAndDelete:
    @pytest.mark.parametrize("state", ["queued", "running", "stopping", "finished"])
    def test_only_what_was_stopped_or_failed(self, gold, state):
        run = queued(gold)
        ClassifierRun.objects.filter(pk=run.pk).update(state=state, fingerprint="f")
        with pytest.raises(RunStateError, match="can go on"):
            resume_run(run=run)
        with pytest.raises(RunStateError, match="can be deleted"):
            delete_run(run=run)
        assert state_of(run) == state

    def test_a_failure_is_forgotten_when_it_goes_on(self, gold):
        run = queued(gold)
        ClassifierRun.objects.filter(pk=run.pk).update(state="failed", message="No.", attempts=3)
        run = resume_run(run=run)
        assert (run.state, run.message, run.attempts, run.ended_at) == ("queued", "", 0, None)

    def test_deleted_with_its_checkpoints(self, gold, django_capture_on_commit_callbacks):
        run = stop_run(run=queued(gold))
        folder = workspace_of(run.pk)
        folder.mkdir(parents=True)
        with django_capture_on_commit_callbacks(execute=True):
            delete_run(run=run)
        assert not folder.exists() and not ClassifierRun.objects.exists()


class TestTending:
    def test_one_that_is_in_somebodys_hands_is_left_alone(self, gold, monkeypatch):
        run, seen = queued(gold), []
        monkeypatch.setattr(classifier_training, "EVERY_S", 0.0)

        def look(*_) -> None:
            if not seen:
                thread = threading.Thread(target=free)
                thread.start()
                thread.join()

        def free() -> None:  # a connection of its own, as another process has
            with only_one(Work.CLASSIFIER, run.pk) as alone:
                seen.append(alone)

        execute_run(run_id=run.pk, progress=look)
        assert seen == [False]

    def test_a_dead_one_waits_again_and_after_three_times_has_failed(self, gold):
        run = queued(gold)
        as_if_it_died(run, attempts=1, step="fitting", host="box")
        assert [waiting.pk for waiting in tend_runs()] == [run.pk]
        as_if_it_died(run, attempts=2)
        assert [waiting.pk for waiting in tend_runs()] == [run.pk]
        as_if_it_died(run, attempts=3)
        assert tend_runs() == []
        run.refresh_from_db()
        assert run.state == "failed"
        assert "died 3 times, last at the step “fitting”; the log of the worker on box" in run.message

    def test_one_that_died_while_it_was_stopping_is_stopped(self, gold):
        run = queued(gold)
        as_if_it_died(run, state="stopping")
        assert tend_runs() == []
        assert state_of(run) == "stopped"

    def test_the_oldest_comes_first(self, gold):
        first, second = queued(gold), queued(gold, seed=1)
        ClassifierRun.objects.filter(pk=first.pk).update(queued_at=second.queued_at + timedelta(seconds=5))
        assert [run.pk for run in tend_runs()] == [second.pk, first.pk]

    def test_what_goes_on_after_a_death_ends_as_if_nothing_had_been(self, gold):
        run = queued(gold)
        as_if_it_died(run)
        tend_runs()
        assert (execute_run(run_id=run.pk).state, execute_count(run)) == ("finished", 2)


def execute_count(run: ClassifierRun) -> int:
    return ClassifierRun.objects.values_list("attempts", flat=True).get(pk=run.pk)
