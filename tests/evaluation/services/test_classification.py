"""The types of queries: told by workers, after the playlists, once, whatever goes wrong."""

import logging
import shutil

import pytest
from django.db import IntegrityError, connection, transaction

from annotation.public import BY_SLUG, load_classifier
from evaluation.models import Trial
from evaluation.services import classification
from evaluation.services.classification import call_for_classification, classify_trials
from evaluation.services.generation import generate
from evaluation.services.trials import submit_query
from tests.conftest import WISH

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_pause():
    classification._failed.clear()
    yield
    classification._failed.clear()


@pytest.fixture
def trial(told_participant) -> Trial:
    return submit_query(participant=told_participant, query=WISH, idempotency_key="k")[0]


@pytest.fixture
def shown(trial) -> Trial:
    for side in trial.sides.all():
        generate(side_id=side.pk)
    trial.refresh_from_db()
    assert trial.state == "ready"
    return trial


@pytest.fixture
def calls(monkeypatch) -> list[int]:
    """The studies that workers were called for, in place of a broker."""
    from evaluation.tasks import classify_trials as task

    sent: list[int] = []
    monkeypatch.setattr(task, "apply_async", lambda args, **_: sent.append(args[0]))
    return sent


def test_the_type_is_what_the_classifier_says(shown, promoted):
    assert classify_trials(study_id=shown.study_id) == 1
    shown.refresh_from_db()
    (expected,) = load_classifier(promoted.directory).classify([WISH])
    assert (shown.category, shown.alpha) == (expected.category, pytest.approx(expected.alpha))
    assert shown.category in BY_SLUG and 0 <= shown.alpha <= 1


def test_nothing_but_the_type_is_written(shown):
    before = Trial.objects.filter(pk=shown.pk).values().get()
    classify_trials(study_id=shown.study_id)
    after = Trial.objects.filter(pk=shown.pk).values().get()
    assert {name for name in before if before[name] != after[name]} == {"category", "alpha"}


def test_the_second_call_finds_nothing_and_changes_nothing(shown):
    classify_trials(study_id=shown.study_id)
    before = Trial.objects.filter(pk=shown.pk).values().get()
    assert classify_trials(study_id=shown.study_id) == 0
    assert Trial.objects.filter(pk=shown.pk).values().get() == before


def test_a_type_once_given_stays(shown):
    """Another worker gives it between our reading and our writing."""
    came = []

    def first_another(execute, sql, params, many, context):
        if sql.startswith('UPDATE "evaluation_trial"') and not came:
            came.append(True)
            Trial.objects.filter(pk=shown.pk).update(category="travel", alpha=0.5)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(first_another):
        assert classify_trials(study_id=shown.study_id) == 0
    shown.refresh_from_db()
    assert (shown.category, shown.alpha) == ("travel", 0.5)


def test_playlists_come_first(trial, calls):
    assert classify_trials(study_id=trial.study_id) == 0
    assert call_for_classification() == 0 and calls == []


@pytest.mark.parametrize("state", ["ready", "judged", "identical", "failed", "expired"])
def test_the_clock_finds_every_trial_that_is_past_its_playlists(trial, calls, state):
    Trial.objects.filter(pk=trial.pk).update(state=state)
    assert call_for_classification() == 1 and calls == [trial.study_id]
    assert classify_trials(study_id=trial.study_id) == 1
    assert call_for_classification() == 0


def test_the_reaper_sweeps(shown, calls, settings, tmp_path):
    from evaluation.tasks import reap_trials

    settings.HOME = tmp_path
    reap_trials()
    assert calls == [shown.study_id]
    assert (tmp_path / "worker-heartbeat").exists()


def test_the_task_is_the_service(shown):
    from evaluation.tasks import classify_trials as task

    task.apply(args=(shown.study_id,))
    shown.refresh_from_db()
    assert shown.category


def test_a_batch_is_bounded_and_the_rest_is_found_again(told_participant, calls, monkeypatch):
    monkeypatch.setattr(classification, "BATCH", 2)
    for number in range(3):
        made, _ = submit_query(participant=told_participant, query=f"rain {number}", idempotency_key=str(number))
        Trial.objects.filter(pk=made.pk).update(state="judged")
    assert classify_trials(study_id=made.study_id) == 2
    assert call_for_classification() == 1
    assert classify_trials(study_id=made.study_id) == 1
    assert call_for_classification() == 0


def test_a_study_without_a_classifier_is_left_alone(participant, calls):
    trial, _ = submit_query(participant=participant, query=WISH, idempotency_key="k")
    Trial.objects.filter(pk=trial.pk).update(state="judged")
    assert call_for_classification() == 0
    assert classify_trials(study_id=trial.study_id) == 0
    trial.refresh_from_db()
    assert (trial.category, trial.alpha) == ("", None)


def damage(run) -> bytes:
    """Alter a file of the classifier; returns what was in it."""
    path = run.directory / "calibration.json"
    before = path.read_bytes()
    path.write_bytes(before + b" ")
    return before


def test_a_damaged_classifier_is_logged_and_fails_no_trial(shown, promoted, caplog):
    before = damage(promoted)
    with caplog.at_level(logging.ERROR):
        assert classify_trials(study_id=shown.study_id) == 0
        assert classify_trials(study_id=shown.study_id) == 0  # not read again at once
    assert [record.message.split()[0] for record in caplog.records] == ["classification.no_classifier"]
    assert "altered after training" in caplog.text
    shown.refresh_from_db()
    assert (shown.state, shown.category) == ("ready", "")
    (promoted.directory / "calibration.json").write_bytes(before)
    classification._failed.clear()  # a minute later
    assert classify_trials(study_id=shown.study_id) == 1


def test_another_classifier_in_the_folder_is_not_taken(shown, promoted, other_classifier_folder, caplog):
    shutil.rmtree(promoted.directory)
    shutil.copytree(other_classifier_folder, promoted.directory)
    assert classify_trials(study_id=shown.study_id) == 0
    assert "another classifier is in this folder" in caplog.text


def test_a_broker_that_is_down_is_no_error(shown, monkeypatch, caplog):
    from kombu.exceptions import OperationalError

    from evaluation.tasks import classify_trials as task

    def down(*_, **__):
        raise OperationalError("no broker")

    monkeypatch.setattr(task, "apply_async", down)
    assert call_for_classification() == 1
    assert "classification.uncalled" in caplog.text


def test_no_call_is_sent_on_the_way_of_a_playlist(trial, calls, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for side in trial.sides.all():
            generate(side_id=side.pk)
    assert calls == []


@pytest.mark.parametrize(("category", "alpha"), [("travel", None), ("", 0.5), ("travel", 1.5), ("travel", -0.1)])
def test_the_database_refuses_half_a_type(trial, category, alpha):
    with pytest.raises(IntegrityError), transaction.atomic():
        Trial.objects.filter(pk=trial.pk).update(category=category, alpha=alpha)
