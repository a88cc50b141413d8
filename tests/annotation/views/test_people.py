"""The lead's page about people: added, changed, ended, and what it costs."""

import pytest

from annotation.models import Annotator, Assignment
from annotation.services.campaigns import invite
from annotation.services.labelling import next_items
from tests.labels import label_next

pytestmark = pytest.mark.django_db

CAMPAIGN = "/lead/campaigns/campaign-1/"


class TestPeople:
    def test_added_changed_barred_let_back(self, page, make_campaign, make_annotators):
        campaign = make_campaign(invited_only=True)
        ann, bob = make_annotators(2)
        assert "Nobody can label here yet" in page(f"{CAMPAIGN}people/")[1]
        page(f"{CAMPAIGN}people/add/", {"users": [ann.pk, bob.pk], "languages": "en, ru", "quota": "5"})
        assert list(Annotator.objects.values_list("languages", "quota")) == [(["en", "ru"], 5)] * 2
        place = Annotator.objects.get(user=ann)
        page(f"{CAMPAIGN}people/{place.pk}/change/", {"languages": "", "quota": ""})
        next_items(campaign, ann)
        page(f"{CAMPAIGN}people/{place.pk}/bar/", {})
        place.refresh_from_db()
        assert (place.languages, place.quota, place.barred) == ([], None, True)
        assert not Assignment.objects.filter(state="leased").exists()
        assert "work ended" in page(f"{CAMPAIGN}people/")[1]
        page(f"{CAMPAIGN}people/{place.pk}/let-back/", {})
        place.refresh_from_db()
        assert not place.barred

    def test_refusals_add_nobody(self, page, make_campaign, annotator, outsider):
        make_campaign()
        for data in (
            {}, {"users": [outsider.pk]}, {"users": [annotator.pk], "languages": "English"},
            {"users": [annotator.pk], "quota": "0"},
        ):  # fmt: skip
            response, text = page(f"{CAMPAIGN}people/add/", data)
            assert response.status_code == 422 and "field-error" in text
        assert not Annotator.objects.exists()

    def test_a_wrong_change_is_said(self, page, make_campaign, annotator, client):
        campaign = make_campaign()
        place = invite(campaign=campaign, user=annotator)
        page(f"{CAMPAIGN}people/{place.pk}/change/", {"languages": "English"})
        assert "“English” is no language" in page(f"{CAMPAIGN}people/")[1]

    def test_only_people_of_this_campaign(self, page, make_campaign, annotator):
        make_campaign()
        place = invite(campaign=make_campaign(), user=annotator)
        assert page(f"{CAMPAIGN}people/{place.pk}/bar/", {})[0].status_code == 404

    def test_cost_does_not_grow(self, page, make_campaign, make_annotators, django_assert_max_num_queries):
        campaign = make_campaign(queries=10)
        for user in make_annotators(6):
            label_next(campaign, user, 2)
        page(f"{CAMPAIGN}people/")
        with django_assert_max_num_queries(13):
            page(f"{CAMPAIGN}people/")
