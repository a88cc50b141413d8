"""The lead's page about practice and gold questions."""

import pytest

from annotation.models import Campaign, Item
from annotation.services.answered import make_practice
from tests.labels import label_next

pytestmark = pytest.mark.django_db

CAMPAIGN = "/lead/campaigns/campaign-1/"


class TestAnswered:
    def test_practice_in_one_click(self, page, make_campaign):
        make_campaign()
        page(f"{CAMPAIGN}answered/practice/", {"language": "en"})
        text = page(f"{CAMPAIGN}answered/")[1]
        assert "20 questions are new." in text and "for running" in text
        assert Campaign.objects.get().practice == 20

    def test_lines_are_added_all_or_none(self, page, make_campaign):
        make_campaign()
        wrong = "night train,en,travel\nasdf,en,rubbish\n"
        response, text = page(f"{CAMPAIGN}answered/rows/", {"rows": wrong, "kind": "gold"})
        assert response.status_code == 422 and "Line 2: there is no category “rubbish”" in text
        assert "night train" in text  # what was pasted stays
        assert not Item.objects.filter(kind="gold").exists()
        page(f"{CAMPAIGN}answered/rows/", {"rows": wrong.replace("rubbish", "noise"), "kind": "gold"})
        assert set(Item.objects.filter(kind="gold").values_list("answer", flat=True)) == {"travel", "noise"}

    def test_settled_queries(self, page, make_campaign, make_annotators):
        make_campaign()
        other = make_campaign(queries=3)
        for user in make_annotators(2):
            label_next(other, user, 3)
        page(f"{CAMPAIGN}answered/settled/", {"count": "2", "kind": "gold"})
        assert Item.objects.filter(campaign__slug="campaign-1", kind="gold").count() == 2
        page(f"{CAMPAIGN}answered/settled/", {"count": "0", "kind": "gold"})
        assert "greater than or equal to 1" in page(f"{CAMPAIGN}answered/")[1]

    def test_removed(self, page, make_campaign):
        campaign = make_campaign()
        make_practice(campaign=campaign, language="en", count=2)
        item = Item.objects.filter(kind="practice").first()
        page(f"{CAMPAIGN}answered/{item.pk}/remove/", {})
        assert Campaign.objects.get().practice == 1
        work = Item.objects.filter(kind="work").first()
        assert page(f"{CAMPAIGN}answered/{work.pk}/remove/", {})[0].status_code == 409

    def test_cost_does_not_grow(self, page, make_campaign, django_assert_max_num_queries):
        make_practice(campaign=make_campaign(), language="en")
        page(f"{CAMPAIGN}answered/")
        with django_assert_max_num_queries(10):
            page(f"{CAMPAIGN}answered/")
