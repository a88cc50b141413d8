"""Campaigns and the people in them: what may change, and when."""

import pytest

from annotation.models import Annotator, Assignment, Campaign, Item
from annotation.services.campaigns import (
    bar,
    change_campaign,
    change_person,
    close_campaign,
    create_campaign,
    invite,
    invite_all,
    let_back,
    open_campaign,
)
from annotation.services.labelling import next_items
from annotation.services.taxonomies import shipped_taxonomy
from playoff.common.errors import InvalidInputError, PlayoffError

pytestmark = pytest.mark.django_db


def test_a_title_and_a_slug_are_enough(lead):
    campaign = create_campaign(by=lead, taxonomy=shipped_taxonomy(), title="Log", slug="log")
    assert (campaign.status, campaign.overlap, campaign.third_label) == ("draft", 2, True)


@pytest.mark.parametrize(
    "settings", [{"overlap": 10}, {"random_share": 0.05}, {"gold_rate": 0.6}, {"slug": "no slug"}, {"lease_minutes": 0}]
)
def test_settings_out_of_bounds_make_nothing(lead, settings):
    with pytest.raises(InvalidInputError):
        create_campaign(by=lead, taxonomy=shipped_taxonomy(), **{"title": "Log", "slug": "log", **settings})
    assert not Campaign.objects.exists()


def test_what_labels_share_is_fixed_once_open(make_campaign):
    campaign = make_campaign()
    change_campaign(campaign=campaign, overlap=2, title="Other")  # the same overlap is no change
    with pytest.raises(PlayoffError, match="`overlap` holds for all labels"):
        change_campaign(campaign=campaign, overlap=3)
    with pytest.raises(InvalidInputError, match="`status` is no setting"):
        change_campaign(campaign=campaign, status="closed")


def test_an_empty_draft_does_not_open_and_a_draft_does_not_close(make_campaign):
    campaign = make_campaign(queries=0, opened=False)
    with pytest.raises(PlayoffError, match="add queries first"):
        open_campaign(campaign=campaign)
    with pytest.raises(PlayoffError, match="nothing to close"):
        close_campaign(campaign=campaign)


def test_closed_and_opened_again_keeps_everything(make_campaign):
    campaign = make_campaign()
    opened_at = campaign.opened_at
    campaign = close_campaign(campaign=campaign)
    assert campaign.closed_at is not None
    campaign = open_campaign(campaign=campaign)
    assert (campaign.opened_at, campaign.closed_at) == (opened_at, None)


def test_all_are_invited_or_none(make_campaign, make_annotators, outsider):
    campaign = make_campaign()
    ann, bob = make_annotators(2)
    with pytest.raises(InvalidInputError, match="outsider is no annotator"):
        invite_all(campaign=campaign, users=[ann, outsider])
    assert not Annotator.objects.exists()
    assert invite_all(campaign=campaign, users=[ann, bob], languages=["en"], quota=3) == 2
    assert set(Annotator.objects.values_list("pseudonym", "quota")) == {("a1", 3), ("a2", 3)}


def test_other_languages_open_what_was_passed_over(make_campaign, make_queries, annotator):
    from annotation.services.items import add_queries

    campaign = make_campaign(queries=0, opened=False)
    add_queries(
        campaign=campaign, queries=[*make_queries(2, language="en"), *make_queries(2, dataset="r", language="ru")]
    )
    campaign = open_campaign(campaign=campaign)
    place = invite(campaign=campaign, user=annotator, languages=["ru"])
    assert {held.language for held in next_items(campaign, annotator).held} == {"ru"}
    change_person(annotator=place, languages=[], quota=None)
    assert {held.language for held in next_items(campaign, annotator).held} == {"ru", "en"}


def test_the_end_of_work_gives_back_what_is_held(make_campaign, annotator):
    campaign = make_campaign()
    place = invite(campaign=campaign, user=annotator, quota=2)
    next_items(campaign, annotator)
    bar(annotator=place)
    assert not Assignment.objects.filter(state="leased").exists()
    assert set(Item.objects.values_list("leased", flat=True)) == {0}
    let_back(annotator=place)
    place.refresh_from_db()
    assert (place.barred, place.quota) == (False, 2)
    assert len(next_items(campaign, annotator).held) == 2


def test_the_random_share_cannot_grow_once_a_strategy_has_picked(make_campaign):
    campaign = make_campaign(queries=4, order="useful", random_share=0.2)
    assert change_campaign(campaign=campaign, random_share=0.3).random_share == 0.3
    campaign.items.filter(pk=campaign.items.first().pk).update(origin="entropy")
    with pytest.raises(PlayoffError, match="cannot grow"):
        change_campaign(campaign=campaign, random_share=0.4)
    assert change_campaign(campaign=campaign, random_share=0.25).random_share == 0.25
