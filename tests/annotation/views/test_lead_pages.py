"""The lead's pages: who may open them, what they show, what they refuse, what they cost."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from annotation.models import Annotator, Assignment, Campaign, Item, TaxonomyVersion
from annotation.services.answered import make_practice
from annotation.services.campaigns import invite
from annotation.services.labelling import next_items, record_label
from annotation.services.taxonomies import add_taxonomy, shipped_taxonomy

pytestmark = pytest.mark.django_db

CAMPAIGN = "/lead/campaigns/campaign-1/"
GET = [
    "/lead/",
    "/lead/new/",
    CAMPAIGN,
    f"{CAMPAIGN}settings/",
    f"{CAMPAIGN}people/",
    f"{CAMPAIGN}answered/",
    f"{CAMPAIGN}taxonomy/",
    "/lead/taxonomies/",
    "/lead/taxonomies/personalisation/1/",
    "/lead/taxonomies/personalisation/1/download/",
]
POST = [
    "/lead/new/",
    "/lead/taxonomies/",
    f"{CAMPAIGN}open/",
    f"{CAMPAIGN}close/",
    f"{CAMPAIGN}settings/",
    f"{CAMPAIGN}people/add/",
    f"{CAMPAIGN}people/1/change/",
    f"{CAMPAIGN}people/1/bar/",
    f"{CAMPAIGN}people/1/let-back/",
    f"{CAMPAIGN}answered/practice/",
    f"{CAMPAIGN}answered/settled/",
    f"{CAMPAIGN}answered/rows/",
    f"{CAMPAIGN}answered/1/remove/",
    f"{CAMPAIGN}taxonomy/2/move/",
    f"{CAMPAIGN}taxonomy/again/",
]
SETTINGS = {
    "title": "Log", "taxonomy": "", "overlap": "2", "overlap_share": "100", "third_label": "on", "gold_rate": "5",
    "lease_minutes": "10", "order": "random", "strategy": "margin", "random_share": "20", "guess": "after",
}  # fmt: skip


def settings(**changes):
    return {**SETTINGS, "taxonomy": str(shipped_taxonomy().pk), **changes}


def label(campaign, user, count, category="travel"):
    for _ in range(count):
        record_label(campaign, user, query=next_items(campaign, user).held[0].query, category=category, seconds=2.0)


def second_version(lead):
    document = shipped_taxonomy().taxonomy.to_document()
    document["version"] = 2
    document["categories"][0]["definition"]["en"] = "Something else altogether."
    return add_taxonomy(document=document, by=lead)


class TestRoles:
    @pytest.mark.parametrize("path", GET)
    def test_pages(self, client, make_campaign, make_user, path):
        make_campaign()
        assert client.get(path).headers["Location"].startswith("/accounts/login/")
        for role, status in (("outsider", 403), ("annotator", 403), ("researcher", 403), ("lead", 200)):
            client.force_login(make_user(role, **({f"is_{role}": True} if role != "outsider" else {})))
            assert client.get(path).status_code == status, role
        client.force_login(make_user("root", is_superuser=True))
        assert client.get(path).status_code == 200

    @pytest.mark.parametrize("path", POST)
    def test_deeds(self, client, make_campaign, make_user, path):
        campaign = make_campaign()
        assert client.post(path).headers["Location"].startswith("/accounts/login/")
        for role in ("outsider", "annotator", "researcher"):
            client.force_login(make_user(role, **({f"is_{role}": True} if role != "outsider" else {})))
            assert client.post(path).status_code == 403, role
        campaign.refresh_from_db()
        assert (campaign.status, Annotator.objects.count(), Campaign.objects.count()) == ("open", 0, 1)

    @pytest.mark.parametrize("path", [path for path in POST if path not in GET])
    def test_deeds_are_posts(self, client, make_campaign, lead, path):
        make_campaign()
        client.force_login(lead)
        assert client.get(path).status_code == 405

    @pytest.mark.parametrize("path", [path for path in (*GET, *POST) if CAMPAIGN in path])
    def test_no_such_campaign(self, client, lead, path):
        client.force_login(lead)
        client_method = client.get if path in GET else client.post
        assert client_method(path).status_code == 404


@pytest.fixture
def page(client, lead):
    """The lead's browser: `page(path)`, `page(path, data)`; returns (response, text)."""
    client.force_login(lead)

    def visit(path, data=None, **kwargs):
        response = client.get(path) if data is None else client.post(path, data, **kwargs)
        return response, re.sub(r"\s+", " ", response.content.decode())

    return visit


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
            label(campaign, user, 4)
        text = page(CAMPAIGN)[1]
        assert "8 of 8 labels" in text
        assert "8 labels instead of 12 of a fixed 3, 33% fewer, over 4 finished queries" in text
        assert "Every query has the labels it wants." in text
        assert "<strong>100%</strong>" in text

    def test_svg_numbers_are_not_localised(self, page, make_campaign, annotator, client):
        campaign = make_campaign(queries=3)
        label(campaign, annotator, 2)
        text = client.get(CAMPAIGN, headers={"Accept-Language": "ru"}).content.decode() or ""
        page(CAMPAIGN)
        text = client.get(CAMPAIGN, headers={"Accept-Language": "ru"}).content.decode()
        drawn = re.findall(r'(?:x|y|width|height|viewBox)="([^"]*)"', text)
        assert drawn and not [value for value in drawn if "," in value]

    def test_cost_does_not_grow(self, page, make_campaign, make_annotators, django_assert_max_num_queries):
        campaign = make_campaign(queries=30)
        for user in make_annotators(5):
            label(campaign, user, 4)
        page(CAMPAIGN)
        with django_assert_max_num_queries(12):
            page(CAMPAIGN)


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
            label(campaign, user, 2)
        page(f"{CAMPAIGN}people/")
        with django_assert_max_num_queries(13):
            page(f"{CAMPAIGN}people/")


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
            label(other, user, 3)
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


class TestTaxonomies:
    def upload(self, document):
        content = document if isinstance(document, bytes) else json.dumps(document).encode()
        return {"file": SimpleUploadedFile("mine.json", content)}

    def test_both_languages_and_changes(self, page, lead):
        second_version(lead)
        text = page("/lead/taxonomies/personalisation/2/")[1]
        for words in ("Emotional state", "Эмоциональное состояние", "Changed since version 1", "may be wrong"):
            assert words in text
        assert page("/lead/taxonomies/personalisation/3/")[0].status_code == 404

    def test_a_download_is_an_upload(self, page):
        shipped_taxonomy()
        response, _ = page("/lead/taxonomies/personalisation/1/download/")
        document = json.loads(response.content)
        assert 'filename="personalisation-1.json"' in response.headers["Content-Disposition"]
        document["version"] = 2
        response, _ = page("/lead/taxonomies/", self.upload(document))
        assert response.headers["Location"] == "/lead/taxonomies/personalisation/2/"
        assert TaxonomyVersion.objects.get(number=2).created_by.username == "lead"

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"{", "mine.json is not JSON"),
            (b"", "The file is empty"),
            (b"\xff", "mine.json is not UTF-8"),
            (b"[]", "mine.json: taxonomy: give an object"),
            (b" " * 1_000_001, "larger than 1 MB"),
        ],
    )
    def test_refused_in_one_sentence(self, page, content, sentence):
        response, text = page("/lead/taxonomies/", self.upload(content))
        assert response.status_code == 422 and sentence in text
        assert TaxonomyVersion.objects.count() == 1

    def test_a_version_is_never_overwritten(self, page):
        document = shipped_taxonomy().taxonomy.to_document()
        document["categories"][0]["title"]["en"] = "Mood"
        response, text = page("/lead/taxonomies/", self.upload(document))
        assert response.status_code == 422 and "is there with other content" in text

    def test_moved_and_sent_round_again(self, page, make_campaign, annotator, lead):
        campaign = make_campaign(queries=3)
        slug = campaign.taxonomy.taxonomy.slugs[0]
        label(campaign, annotator, 2, slug)
        second_version(lead)
        assert "Move to personalisation 2" in page(f"{CAMPAIGN}taxonomy/")[1]
        page(f"{CAMPAIGN}taxonomy/2/move/", {})
        text = page(f"{CAMPAIGN}taxonomy/?category={slug}")[1]
        assert "2 labels" in text and Assignment.objects.labelled().first().item.query.text in text
        page(f"{CAMPAIGN}taxonomy/again/", {"categories": [slug]})
        assert "2 labels go round again." in page(f"{CAMPAIGN}taxonomy/")[1]
        assert not Assignment.objects.labelled().exists()

    def test_no_category_chosen(self, page, make_campaign):
        make_campaign()
        response, text = page(f"{CAMPAIGN}taxonomy/again/", {})
        assert response.status_code == 400 and "at least one category" in text
