"""Questions with an answer: where they come from, and that no answer is ever lost."""

import pytest

from annotation.answer_rows import AnswerRow
from annotation.models import Adjudication, Annotator, Item, LabelEvent, Query
from annotation.services import answered
from annotation.services.answered import add_rows, add_settled, make_practice, remove_answered
from annotation.services.labelling import next_items, record_label
from annotation.services.taxonomies import add_taxonomy
from annotation.services.taxonomy_moves import move_to_taxonomy
from playoff.common.clock import database_now
from playoff.common.errors import InvalidInputError, PlayoffError

pytestmark = pytest.mark.django_db


def questions(campaign, kind):
    return list(Item.objects.filter(campaign=campaign, kind=kind).order_by("draw").select_related("query"))


def label_all(campaign, user, category):
    while held := next_items(campaign, user).held:
        record_label(campaign, user, query=held[0].query, category=category(held[0].query))


def test_practice_asks_every_category_first(make_campaign, annotator):
    campaign = make_campaign()
    assert make_practice(campaign=campaign, language="ru") == 20
    practice = questions(campaign, "practice")
    assert {item.answer for item in practice} == set(campaign.taxonomy.taxonomy.slugs)
    first = practice[0]
    category = campaign.taxonomy.taxonomy.category(first.answer)
    assert first.query.text in category.examples("ru")
    assert first.why == category.definition("ru")
    assert (first.query.dataset, first.query.dataset_version) == ("taxonomy-personalisation", "1")
    assert [item.answer for item in practice] != list(campaign.taxonomy.taxonomy.slugs[:1]) * 20
    campaign.refresh_from_db()
    assert campaign.practice == 20
    assert next_items(campaign, annotator).held[0].query == first.query_id


def test_practice_made_twice_is_there_once_and_shared_between_campaigns(make_campaign):
    first, second = make_campaign(), make_campaign()
    make_practice(campaign=first, language="en")
    assert make_practice(campaign=first, language="en") == 0
    assert make_practice(campaign=second, language="en") == 20
    assert Query.objects.filter(dataset="taxonomy-personalisation").count() == 20


def test_practice_needs_examples_in_the_language(make_campaign):
    campaign = make_campaign()
    with pytest.raises(InvalidInputError, match="no examples in “fr”"):
        make_practice(campaign=campaign, language="fr")
    assert not questions(campaign, "practice")


def test_rows_become_questions_once(make_campaign):
    campaign = make_campaign()
    rows = [AnswerRow("for the plane", "en", "travel", "a journey"), AnswerRow("asdf", "en", "noise", "")]
    assert add_rows(campaign=campaign, kind="gold", rows=rows) == 2
    assert add_rows(campaign=campaign, kind="gold", rows=rows) == 0
    assert {(item.query.text, item.answer, item.why) for item in questions(campaign, "gold")} == {
        ("for the plane", "travel", "a journey"),
        ("asdf", "noise", ""),
    }


def test_only_gold_and_practice(make_campaign):
    with pytest.raises(InvalidInputError):
        add_rows(campaign=make_campaign(), kind="work", rows=[])


def test_settled_queries_of_other_campaigns(make_campaign, make_annotators, lead):
    source, campaign = make_campaign(queries=8, third_label=False), make_campaign()
    ann, bob = make_annotators(2)
    order = [item.query_id for item in source.items.order_by("pk")]
    # 0 to 3 alike, 4 and 5 in dispute, of which 4 is decided; 6 alike, but decided otherwise; 7 alike
    label_all(source, ann, lambda query: "travel" if order.index(query) < 7 else "noise")
    label_all(source, bob, lambda query: {4: "noise", 5: "noise", 7: "noise"}.get(order.index(query), "travel"))
    for place, category in ((4, "noise"), (6, "romantic")):
        item = source.items.get(query=order[place])
        Adjudication.objects.create(
            item=item, category=category, taxonomy_version=1, decided_by=lead, decided_at=database_now()
        )
    assert add_settled(campaign=campaign, kind="gold", count=4) == 4
    answers = {item.query_id: item.answer for item in questions(campaign, "gold")}
    assert sorted(answers.values()) == ["noise", "noise", "romantic", "travel"]  # the categories take turns
    assert answers[order[4]] == "noise"
    assert answers[order[6]] == "romantic"
    assert order[5] not in answers
    assert add_settled(campaign=campaign, kind="gold", count=100) == 3


def test_nothing_settled_is_said(make_campaign):
    with pytest.raises(PlayoffError, match="No other campaign"):
        add_settled(campaign=make_campaign(), kind="gold", count=5)


@pytest.mark.parametrize("count", [0, 501])
def test_how_many_is_bounded(make_campaign, count):
    with pytest.raises(InvalidInputError, match="between 1 and 500"):
        add_settled(campaign=make_campaign(), kind="gold", count=count)


def test_answers_given_under_another_definition_are_left_out(make_campaign, make_annotators, lead):
    source, campaign = make_campaign(queries=2), make_campaign()
    for user in make_annotators(2):
        label_all(source, user, lambda query: "travel" if query % 2 else "noise")
    document = campaign.taxonomy.taxonomy.to_document()
    document["version"] = 2
    travel = next(entry for entry in document["categories"] if entry["slug"] == "travel")
    travel["definition"]["en"] = "Something else altogether."
    move_to_taxonomy(campaign=campaign, version=add_taxonomy(document=document, by=lead))
    campaign.refresh_from_db()
    add_settled(campaign=campaign, kind="gold", count=10)
    assert [item.answer for item in questions(campaign, "gold")] == ["noise"]


def test_a_question_goes_until_somebody_has_answered_it(make_campaign, annotator):
    campaign = make_campaign()
    rows = [AnswerRow("a", "en", "travel", ""), AnswerRow("b", "en", "noise", "")]
    add_rows(campaign=campaign, kind="practice", rows=rows)
    campaign.refresh_from_db()
    first, second = questions(campaign, "practice")
    next_items(campaign, annotator)
    record_label(campaign, annotator, query=first.query_id, category="travel")
    with pytest.raises(PlayoffError, match="Somebody has answered"):
        remove_answered(campaign=campaign, item=first)
    remove_answered(campaign=campaign, item=second)  # in somebody's hands, but not answered
    campaign.refresh_from_db()
    assert campaign.practice == 1
    assert next_items(campaign, annotator).state == "work"
    assert LabelEvent.objects.filter(item=first).count() == 1


def test_a_query_to_label_is_no_question(make_campaign):
    campaign = make_campaign()
    with pytest.raises(PlayoffError, match="not a question"):
        remove_answered(campaign=campaign, item=campaign.items.first())


def test_gold_questions_reach_annotators_and_are_scored(make_campaign, annotator):
    campaign = make_campaign(queries=20, gold_rate=0.5)
    add_rows(campaign=campaign, kind="gold", rows=[AnswerRow(f"g{n}", "en", "travel", "") for n in range(5)])
    label_all(campaign, annotator, lambda query: "travel")
    place = Annotator.objects.get(user=annotator)
    assert place.gold_seen == place.gold_right > 0


def test_the_number_of_practice_questions_is_bounded_by_what_is_asked(make_campaign):
    assert make_practice(campaign=make_campaign(), language="en", count=5) == 5
    assert answered.PRACTICE == 20
