from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from evaluation.errors import AlreadyJudgedError, TrialNotReadyError
from evaluation.models import Judgment, Trial
from evaluation.services.generation import generate
from evaluation.services.judgments import add_reason, record_judgment
from evaluation.services.trials import submit_query
from playoff.common.clock import database_now
from playoff.common.errors import InvalidInputError
from tests.conftest import WISH

pytestmark = pytest.mark.django_db


@pytest.fixture
def trial(participant) -> Trial:
    trial, _ = submit_query(participant=participant, query=WISH, idempotency_key="k")
    for side in trial.sides.all():
        generate(side_id=side.pk)
    trial.refresh_from_db()
    assert trial.state == Trial.State.READY
    return trial


@pytest.mark.parametrize("choice", ["a", "b", "equivalent"])
def test_a_choice_is_recorded_once(trial, choice):
    first, new = record_judgment(trial=trial, choice=choice)
    again, new_again = record_judgment(trial=trial, choice=choice)
    assert (first, new, new_again) == (again, True, False)
    trial.refresh_from_db()
    assert trial.state == Trial.State.JUDGED


def test_another_choice_is_refused(trial):
    record_judgment(trial=trial, choice="a")
    with pytest.raises(AlreadyJudgedError):
        record_judgment(trial=trial, choice="b")
    assert Judgment.objects.get().choice == "a"


@pytest.mark.parametrize("choice", ["", "c", "tie", "A"])
def test_an_unknown_choice_is_refused(trial, choice):
    with pytest.raises(InvalidInputError):
        record_judgment(trial=trial, choice=choice)


@pytest.mark.parametrize("state", ["generating", "failed", "expired", "identical"])
def test_only_playlists_on_show_are_judged(trial, state):
    Trial.objects.filter(pk=trial.pk).update(state=state)
    with pytest.raises(TrialNotReadyError):
        record_judgment(trial=trial, choice="a")


def test_not_before_the_release(trial):
    Trial.objects.filter(pk=trial.pk).update(visible_from=database_now() + timedelta(seconds=5))
    with pytest.raises(TrialNotReadyError):
        record_judgment(trial=trial, choice="a")


def test_the_database_holds_one_judgment_per_trial(trial):
    record_judgment(trial=trial, choice="a")
    with pytest.raises(IntegrityError), transaction.atomic():
        Judgment.objects.create(trial=trial, choice="b")


def test_a_reason_is_added_later_and_the_choice_stays(trial):
    with pytest.raises(TrialNotReadyError):
        add_reason(trial=trial, reason="early")
    record_judgment(trial=trial, choice="a")
    add_reason(trial=trial, reason=" nearer to the rain ")
    assert (Judgment.objects.get().choice, Judgment.objects.get().reason) == ("a", "nearer to the rain")


@pytest.mark.parametrize("reason", ["x" * 1001, "nul\x00"])
def test_a_reason_has_bounds(trial, reason):
    with pytest.raises(InvalidInputError):
        record_judgment(trial=trial, choice="a", reason=reason)
    assert not Judgment.objects.exists()
