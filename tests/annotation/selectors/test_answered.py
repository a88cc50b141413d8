"""Questions with an answer, as their lead sees them."""

import pytest

from annotation.answer_rows import AnswerRow
from annotation.selectors.answered import practice_language, question_rows, questions
from annotation.services.answered import add_rows, make_practice
from annotation.services.items import add_queries
from annotation.services.labelling import next_items, record_label, skip

pytestmark = pytest.mark.django_db


def test_how_many_were_right(make_campaign, make_annotators, django_assert_num_queries):
    campaign = make_campaign()
    add_rows(campaign=campaign, kind="practice", rows=[AnswerRow(text, "en", "travel", "") for text in "abc"])
    campaign.refresh_from_db()
    ann, bob, eve = make_annotators(3)
    for user, category in ((ann, "travel"), (bob, "noise")):
        record_label(campaign, user, query=next_items(campaign, user).held[0].query, category=category)
    skip(campaign, ann, query=next_items(campaign, ann).held[0].query)
    next_items(campaign, eve)
    items = list(questions(campaign))
    assert campaign.taxonomy.taxonomy
    with django_assert_num_queries(1):
        rows = question_rows(campaign, items, "ru")
    assert [(row.answered, row.right, row.removable) for row in rows] == [(2, 1, False), (0, 0, False), (0, 0, True)]
    assert [row.share for row in rows] == [0.5, None, None]
    assert rows[0].title == campaign.taxonomy.taxonomy.category("travel").title("ru")


def test_practice_before_gold(make_campaign):
    campaign = make_campaign()
    add_rows(campaign=campaign, kind="gold", rows=[AnswerRow("g", "en", "travel", "")])
    make_practice(campaign=campaign, language="en", count=2)
    assert [item.kind for item in questions(campaign)] == ["practice", "practice", "gold"]


def test_practice_speaks_the_language_of_the_queries(make_campaign, make_queries):
    campaign = make_campaign(queries=0, opened=False)
    assert practice_language(campaign) == "en"
    add_queries(
        campaign=campaign, queries=[*make_queries(3, language="ru"), *make_queries(5, dataset="f", language="fr")]
    )
    assert practice_language(campaign) == "ru"
