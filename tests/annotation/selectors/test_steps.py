"""What a lead of a draft does next."""

import pytest

from annotation.answer_rows import AnswerRow
from annotation.selectors.progress import progress
from annotation.selectors.steps import steps_of
from annotation.services.answered import add_rows
from annotation.services.campaigns import invite

pytestmark = pytest.mark.django_db


def steps(campaign):
    return {step.name: step for step in steps_of(campaign, progress(campaign))}


def current(campaign):
    return next(step.name for step in steps(campaign).values() if step.now)


def test_queries_first(make_campaign):
    campaign = make_campaign(queries=0, opened=False)
    assert list(steps(campaign)) == ["queries", "people", "questions", "open"]
    assert current(campaign) == "queries"


def test_then_people_where_they_must_be_invited(make_campaign, annotator):
    campaign = make_campaign(opened=False, invited_only=True)
    assert current(campaign) == "people"
    invite(campaign=campaign, user=annotator)
    assert current(campaign) == "open"


def test_questions_and_people_are_no_duty_elsewhere(make_campaign):
    campaign = make_campaign(opened=False)
    assert current(campaign) == "open"
    add_rows(campaign=campaign, kind="practice", rows=[AnswerRow("a", "en", "travel", "")])
    assert steps(campaign)["questions"].done


def test_no_steps_once_open(make_campaign):
    assert steps(make_campaign()) == {}
