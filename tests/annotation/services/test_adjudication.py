"""Decisions: a layer above the votes, with a history and a way back."""

import pytest

from annotation.models import Adjudication, Assignment, LabelEvent
from annotation.selectors.votes import decisions_at
from annotation.services.adjudication import MAX_NOTE, AlreadyDecidedError, NoDecisionError, decide, take_back
from annotation.services.imported_labels import ImportedLabel, place_labels
from playoff.common.clock import database_now
from playoff.common.errors import InvalidInputError

pytestmark = pytest.mark.django_db


@pytest.fixture
def disputed(make_campaign):
    """A campaign with one query that two annotators labelled differently, and one on which they agree."""
    campaign = make_campaign(queries=2, overlap=2, third_label=False)
    first, second = campaign.items.order_by("pk")
    labels = [
        ImportedLabel(first.query_id, "x", "travel"),
        ImportedLabel(first.query_id, "y", "noise"),
        ImportedLabel(second.query_id, "x", "travel"),
        ImportedLabel(second.query_id, "y", "travel"),
    ]
    place_labels(campaign=campaign, labels=labels)
    return campaign


def items(campaign):
    return list(campaign.items.order_by("pk"))


def test_a_decision_leaves_the_votes_and_clears_the_queue(disputed, lead):
    item, _ = items(disputed)
    assert item.dispute == 0.5  # all disagree, no classifier has looked
    before = list(Assignment.objects.order_by("pk").values())
    decision, new = decide(campaign=disputed, by=lead, query=item.query_id, category="travel", note=" clear ")
    assert new
    assert (decision.category, decision.note, decision.decided_by) == ("travel", "clear", lead)
    assert decision.taxonomy_version == disputed.taxonomy.number
    item.refresh_from_db()
    assert item.dispute is None
    assert list(Assignment.objects.order_by("pk").values()) == before
    event = LabelEvent.objects.get(action="decide")
    assert (event.old, event.new, event.note, event.actor, event.annotator) == ("", "travel", "clear", lead, None)


def test_the_same_decision_again_is_the_same(disputed, lead):
    item, _ = items(disputed)
    decide(campaign=disputed, by=lead, query=item.query_id, category="noise", note="why")
    _, new = decide(campaign=disputed, by=lead, query=item.query_id, category="noise")
    assert not new
    assert LabelEvent.objects.filter(action="decide").count() == 1


def test_another_decision_is_refused_unless_it_is_meant(disputed, lead, make_user):
    item, _ = items(disputed)
    other = make_user("second-lead", is_lead=True)
    decide(campaign=disputed, by=other, query=item.query_id, category="noise")
    with pytest.raises(AlreadyDecidedError) as refusal:
        decide(campaign=disputed, by=lead, query=item.query_id, category="travel")
    assert "second-lead" not in str(refusal.value)
    assert Adjudication.objects.get().category == "noise"
    decide(campaign=disputed, by=lead, query=item.query_id, category="travel", change=True)
    event = LabelEvent.objects.filter(action="decide").last()
    assert (event.old, event.new, event.actor) == ("noise", "travel", lead)


def test_undecidable_is_a_decision(disputed, lead):
    item, _ = items(disputed)
    decide(campaign=disputed, by=lead, query=item.query_id, category="")
    assert Adjudication.objects.get().category == ""
    with pytest.raises(AlreadyDecidedError, match="cannot be decided"):
        decide(campaign=disputed, by=lead, query=item.query_id, category="travel")


def test_taking_back_returns_the_query_to_the_queue(disputed, lead):
    item, agreed = items(disputed)
    decide(campaign=disputed, by=lead, query=item.query_id, category="travel")
    decide(campaign=disputed, by=lead, query=agreed.query_id, category="noise")
    assert take_back(campaign=disputed, by=lead) == agreed
    agreed.refresh_from_db()
    assert agreed.dispute is None  # its labels agree: nothing asks for a decision
    assert take_back(campaign=disputed, by=lead) == item
    item.refresh_from_db()
    assert item.dispute == 0.5
    assert not Adjudication.objects.exists()
    assert list(LabelEvent.objects.filter(annotator=None).values_list("action", "old", "new")) == [
        ("decide", "", "travel"), ("decide", "", "noise"), ("undo", "noise", ""), ("undo", "travel", ""),
    ]  # fmt: skip
    with pytest.raises(NoDecisionError):
        take_back(campaign=disputed, by=lead)


def test_taking_back_a_change_puts_the_earlier_decision_in_its_place(disputed, lead, make_user):
    item, _ = items(disputed)
    other = make_user("second-lead", is_lead=True)
    first, _new = decide(campaign=disputed, by=other, query=item.query_id, category="", note="both")
    decide(campaign=disputed, by=lead, query=item.query_id, category="travel", change=True)
    take_back(campaign=disputed, by=lead)
    standing = Adjudication.objects.get()
    assert (standing.category, standing.note, standing.decided_by) == ("", "both", other)
    assert standing.decided_at == first.decided_at
    item.refresh_from_db()
    assert item.dispute is None
    assert decisions_at(disputed, database_now())[item.pk].category == ""
    take_back(campaign=disputed, by=other)
    assert not Adjudication.objects.exists()
    assert decisions_at(disputed, database_now()) == {}


def test_nobody_takes_back_what_another_decided(disputed, lead, make_user):
    item, _ = items(disputed)
    decide(campaign=disputed, by=make_user("second-lead", is_lead=True), query=item.query_id, category="noise")
    with pytest.raises(NoDecisionError):
        take_back(campaign=disputed, by=lead, query=item.query_id)
    assert Adjudication.objects.get().category == "noise"


@pytest.mark.parametrize("given", [{"category": "jazz"}, {"note": "x" * (MAX_NOTE + 1)}, {"note": "\0"}, {"query": 0}])
def test_bad_input_changes_nothing(disputed, lead, given):
    item, _ = items(disputed)
    with pytest.raises(InvalidInputError):
        decide(**{"campaign": disputed, "by": lead, "query": item.query_id, "category": "travel", **given})
    assert not Adjudication.objects.exists()
    assert not LabelEvent.objects.filter(action="decide").exists()


def test_gold_questions_are_not_decided(disputed, lead):
    item, _ = items(disputed)
    type(item).objects.filter(pk=item.pk).update(kind="gold", answer="noise", planned=0, labelled=0, wanted=0)
    with pytest.raises(InvalidInputError, match="answer"):
        decide(campaign=disputed, by=lead, query=item.query_id, category="travel")


def test_a_late_label_does_not_ask_for_the_decision_again(disputed, lead, annotator):
    from annotation.services.places import settle

    item, _ = items(disputed)
    decide(campaign=disputed, by=lead, query=item.query_id, category="travel")
    settle(type(item).objects.get(pk=item.pk), third_label=False)
    item.refresh_from_db()
    assert item.dispute is None
