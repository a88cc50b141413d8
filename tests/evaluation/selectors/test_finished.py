from datetime import timedelta

import pytest

from evaluation.models import Judgment, Participant, Study
from evaluation.selectors.finished import finished_participants

pytestmark = pytest.mark.django_db


@pytest.fixture
def judged(study, judge_study):
    """Four people; the first two judged two days before the others."""
    judge_study(study, people=4, each=3, told=False)
    early = Participant.objects.filter(platform_id__in=["p0", "p1"])
    for judgment in Judgment.objects.filter(trial__participant__in=early):
        Judgment.objects.filter(pk=judgment.pk).update(created_at=judgment.created_at - timedelta(hours=48))
    return study


def names(*platform_ids):
    return sorted(person.public_id.hex for person in Participant.objects.filter(platform_id__in=platform_ids))


def test_who_has_been_idle_has_finished(judged, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = finished_participants(judged)
    assert sorted(found) == names("p0", "p1")


def test_how_long_is_idle_can_be_said(judged):
    assert finished_participants(judged, idle_hours=49) == []
    assert sorted(finished_participants(judged, idle_hours=0)) == names("p0", "p1", "p2", "p3")


def test_one_late_judgment_and_nobody_knows(judged):
    person = Participant.objects.get(platform_id="p0")
    last = Judgment.objects.filter(trial__participant=person).first()
    Judgment.objects.filter(pk=last.pk).update(created_at=Judgment.objects.latest("created_at").created_at)
    assert finished_participants(judged) == names("p1")


def test_in_a_closed_study_all_have(judged):
    Study.objects.filter(pk=judged.pk).update(status="closed")
    judged.refresh_from_db()
    assert finished_participants(judged) is None


def test_without_judgments_nobody_has(study):
    assert finished_participants(study) == []


def test_the_report_counts_them(judged):
    from evaluation.services.reports import study_report

    said = study_report(study=judged, replicates=20).analysis["anytime"]
    assert (said["participants"], said["left_out"], said["pairs"][0]["participants"]) == (2, 2, 2)
