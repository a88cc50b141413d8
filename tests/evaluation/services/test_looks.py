"""Whoever sees results of an open study has looked; the report says how often."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from evaluation.models import Judgment, Look, Trial
from evaluation.selectors.studies import look_count, shown_trials
from evaluation.services.looks import record_look
from evaluation.services.reports import study_report
from evaluation.services.studies import close_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def judged(study, judge_study):
    return judge_study(study, people=6, each=4, told=False)


def undo(study, most):
    """Only the first judgments: the study as it was earlier."""
    Judgment.objects.filter(trial__study=study, trial__number__gte=most).delete()


def test_the_same_number_of_judgments_is_the_same_look(judged):
    assert record_look(study=judged) and not record_look(study=judged, judgments=24)
    assert record_look(study=judged, judgments=25)
    assert list(Look.objects.values_list("study__slug", "judgments")) == [("pilot", 24), ("pilot", 25)]


def test_nothing_is_seen_of_an_empty_study(study):
    assert not record_look(study=study)
    study_report(study=study, replicates=100)
    assert not Look.objects.exists()


def test_a_closed_study_may_be_looked_at(judged):
    assert not record_look(study=close_study(study=judged))
    assert not Look.objects.exists()


def test_the_database_keeps_one_row_for_each_number(judged):
    record_look(study=judged, judgments=3)
    for count in (3, 0):
        with pytest.raises(IntegrityError), transaction.atomic():
            Look.objects.create(study=judged, judgments=count)


def test_looks_count_this_one_once(judged):
    assert look_count(judged, 24) == 1
    record_look(study=judged, judgments=10)
    assert look_count(judged, 24) == 2
    record_look(study=judged, judgments=24)
    assert look_count(judged, 24) == 2


def codes(report):
    return {caution["code"] for caution in report.analysis["cautions"]}


def test_a_report_of_an_open_study_is_a_look_and_says_how_many(judged):
    first = study_report(study=judged, replicates=100)
    assert (first.analysis["looks"], "peeking" in codes(first)) == (1, False)
    assert study_report(study=judged, replicates=100).analysis == first.analysis  # the same number, the same report
    undo(judged, 20)
    second = study_report(study=judged, replicates=100)
    assert (second.analysis["looks"], "peeking" in codes(second)) == (2, True)
    closed = study_report(study=close_study(study=judged), replicates=100)
    assert closed.analysis["looks"] == 2 and Look.objects.count() == 2


@pytest.mark.parametrize(
    ("state", "status", "counted"),
    [
        ("generating", "open", 24),
        ("ready", "open", 24),
        ("ready", "closed", 25),
        ("expired", "open", 25),
        ("failed", "open", 24),
        ("identical", "open", 24),
    ],
)
def test_trials_that_were_shown(judged, state, status, counted):
    trial = Trial.objects.filter(number=0).get()
    trial.pk, trial.number, trial.state = None, 99, state
    trial.idempotency_key, trial.public_id = "another", "0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f"
    trial.save(force_insert=True)
    judged.status = status
    assert shown_trials(judged) == counted


def test_a_report_says_how_much_went_unanswered(judged):
    assert study_report(study=judged, replicates=100).analysis["trials"] == 24
    assert "unanswered" not in codes(study_report(study=judged, replicates=100))
    undo(judged, 20)
    Trial.objects.filter(study=judged, number__gte=20).update(state="expired", number=F("number") + 100)
    report = study_report(study=judged, replicates=100)
    assert report.analysis["trials"] == 24 and "unanswered" in codes(report)
