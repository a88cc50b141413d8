"""The lead's pages about taxonomies, and a campaign that moves to a newer one."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from annotation.models import Assignment, TaxonomyVersion
from annotation.services.taxonomies import add_taxonomy, shipped_taxonomy
from tests.labels import label_next

pytestmark = pytest.mark.django_db

CAMPAIGN = "/lead/campaigns/campaign-1/"


def second_version(lead):
    document = shipped_taxonomy().taxonomy.to_document()
    document["version"] = 2
    document["categories"][0]["definition"]["en"] = "Something else altogether."
    return add_taxonomy(document=document, by=lead)


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
        label_next(campaign, annotator, 2, slug)
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
