"""The lead's pages about campaigns: all of them, a new one, settings, how far one is."""

import re

import pytest

from annotation.models import Campaign
from annotation.services.labelling import next_items, record_label
from annotation.services.taxonomies import shipped_taxonomy
from tests.labels import label_next

pytestmark = pytest.mark.django_db

CAMPAIGN = "/lead/campaigns/campaign-1/"


SETTINGS = {
    "title": "Log", "taxonomy": "", "overlap": "2", "overlap_share": "100", "third_label": "on", "gold_rate": "5",
    "lease_minutes": "10", "order": "random", "strategy": "margin", "random_share": "20", "guess": "after",
}  # fmt: skip


def settings(**changes):
    return {**SETTINGS, "taxonomy": str(shipped_taxonomy().pk), **changes}


class TestList:
    def test_empty_says_what_to_do(self, page):
        assert "No campaign yet" in page("/lead/")[1]

    def test_rows(self, page, make_campaign, annotator):
        campaign = make_campaign(queries=3)
        make_campaign(queries=0, opened=False)
        item = campaign.items.order_by("rank").first()
        next_items(campaign, annotator)
        record_label(campaign, annotator, query=item.query_id, category="travel", flag="unclear")
        text = page("/lead/")[1]
        assert "1 to adjudicate" in text
        assert "no queries yet" in text

    def test_titles_cannot_be_markup(self, page, make_campaign):
        make_campaign(title="<script>alert(1)</script>")
        for path in ("/lead/", CAMPAIGN):
            assert "<script>alert" not in page(path)[1]

    def test_cost_does_not_grow(self, page, make_campaign, django_assert_max_num_queries):
        for _ in range(5):
            make_campaign(queries=2)
        with django_assert_max_num_queries(11):
            page("/lead/")


class TestNew:
    def test_the_form_as_it_stands_and_a_title_make_a_draft(self, page):
        text = page("/lead/new/")[1]
        for name, value in (("overlap_share", "100"), ("gold_rate", "5"), ("random_share", "20"), ("overlap", "2")):
            assert re.search(rf'<input[^>]*name="{name}" value="{value}"', text), name
        response, _ = page("/lead/new/", settings(title="Осенний журнал"))
        campaign = Campaign.objects.get()
        assert response.headers["Location"] == "/lead/campaigns/osenniy-zhurnal/"
        assert (campaign.status, campaign.overlap_share, campaign.gold_rate, campaign.random_share) == (
            "draft", 1.0, 0.05, 0.2,
        )  # fmt: skip
        assert campaign.created_by.username == "lead"

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"title": " "}, "Give the campaign a title."),
            ({"overlap": "10"}, "less than or equal to 9"),
            ({"overlap": "0"}, "greater than or equal to 1"),
            ({"random_share": "5"}, "greater than or equal to 10"),
            ({"gold_rate": "51"}, "less than or equal to 50"),
            ({"overlap_share": "nan"}, "Enter a number."),
            ({"lease_minutes": "0"}, "greater than or equal to 1"),
            ({"slug": "campaign-1"}, "Another campaign has this short name"),
            ({"slug": "не то"}, "Enter a valid"),
            ({"taxonomy": "999"}, "Select a valid choice"),
            ({"order": "by-length"}, "Select a valid choice"),
        ],
    )
    def test_errors_stand_beside_their_field(self, page, make_campaign, changes, sentence):
        make_campaign()
        response, text = page("/lead/new/", settings(**changes))
        assert response.status_code == 422
        name = next(iter(changes))
        found = re.search(rf'<p class="field-error" id="id_{name}_error">(.*?)</p>', text)
        assert found is not None and sentence in found.group(1)
        assert Campaign.objects.count() == 1

    def test_a_taken_suggestion_is_numbered(self, page, make_campaign):
        make_campaign(slug="log")
        page("/lead/new/", settings(title="Log"))
        assert Campaign.objects.filter(slug="log-2").exists()


class TestSettings:
    def test_a_draft_can_change_everything(self, page, make_campaign):
        make_campaign(opened=False)
        response, _ = page(f"{CAMPAIGN}settings/", settings(slug="other", overlap="3", overlap_share="40"))
        assert response.headers["Location"] == "/lead/campaigns/other/settings/"
        campaign = Campaign.objects.get()
        assert (campaign.overlap, campaign.overlap_share) == (3, 0.4)

    def test_what_is_fixed_is_shown_and_not_changed(self, page, make_campaign):
        campaign = make_campaign()
        text = page(f"{CAMPAIGN}settings/")[1]
        assert "Fixed since the campaign opened" in text and 'name="overlap"' not in text
        page(f"{CAMPAIGN}settings/", settings(title="Other", overlap="5", slug="x"))
        campaign.refresh_from_db()
        assert (campaign.title, campaign.overlap, campaign.slug) == ("Other", 2, "campaign-1")

    def test_a_refusal_changes_nothing(self, page, make_campaign):
        campaign = make_campaign()
        assert page(f"{CAMPAIGN}settings/", settings(title="Other", random_share="1"))[0].status_code == 422
        campaign.refresh_from_db()
        assert campaign.title == "Campaign 1"


class TestOverview:
    def test_a_draft_says_what_to_do_next(self, page, make_campaign):
        make_campaign(queries=0, opened=False)
        text = page(CAMPAIGN)[1]
        assert "What to do next" in text and "Open the campaign</h3>" in text and "Open…" not in text

    def test_opened_and_closed(self, page, make_campaign):
        campaign = make_campaign(opened=False)
        assert "Open…" in page(CAMPAIGN)[1]
        for deed, status in (("open", "open"), ("close", "closed"), ("open", "open")):
            assert page(f"{CAMPAIGN}{deed}/", {})[0].status_code == 302
            campaign.refresh_from_db()
            assert campaign.status == status

    def test_an_empty_draft_cannot_open(self, page, make_campaign):
        make_campaign(queries=0, opened=False)
        response, text = page(f"{CAMPAIGN}open/", {})
        assert response.status_code == 409 and "add queries first" in text

    def test_figures(self, page, make_campaign, make_annotators):
        campaign = make_campaign(queries=4)
        for user in make_annotators(2):
            label_next(campaign, user, 4)
        text = page(CAMPAIGN)[1]
        assert "8 of 8 labels" in text
        assert "8 labels instead of 12 of a fixed 3, 33% fewer, over 4 finished queries" in text
        assert "Every query has the labels it wants." in text
        assert "<strong>100%</strong>" in text

    def test_svg_numbers_are_not_localised(self, page, make_campaign, annotator, client):
        campaign = make_campaign(queries=3)
        label_next(campaign, annotator, 2)
        text = client.get(CAMPAIGN, headers={"Accept-Language": "ru"}).content.decode() or ""
        page(CAMPAIGN)
        text = client.get(CAMPAIGN, headers={"Accept-Language": "ru"}).content.decode()
        drawn = re.findall(r'(?:x|y|width|height|viewBox)="([^"]*)"', text)
        assert drawn and not [value for value in drawn if "," in value]

    def test_cost_does_not_grow(self, page, make_campaign, make_annotators, django_assert_max_num_queries):
        campaign = make_campaign(queries=30)
        for user in make_annotators(5):
            label_next(campaign, user, 4)
        page(CAMPAIGN)
        with django_assert_max_num_queries(12):
            page(CAMPAIGN)
