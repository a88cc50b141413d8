"""Gold and export: who may, what is refused, and that the same state gives the same bytes."""

import io
import json
import zipfile
from datetime import timedelta

import pytest

from annotation.models import GoldRow, GoldVersion
from annotation.services.adjudication import decide
from annotation.services.gold import make_gold
from annotation.services.imported_labels import ImportedLabel, place_labels

pytestmark = pytest.mark.django_db


@pytest.fixture
def labelled(make_campaign):
    campaign = make_campaign(queries=12, overlap=2, third_label=False)
    place_labels(
        campaign=campaign,
        labels=[
            ImportedLabel(query, name, "travel" if number % 4 else category, seconds=1.5)
            for number, query in enumerate(queries_of(campaign))
            for name, category in (("a1", "travel"), ("a2", "noise"))
        ],
    )
    return campaign


@pytest.fixture
def page(client, lead, labelled):
    client.force_login(lead)
    return f"/lead/campaigns/{labelled.slug}/"


def queries_of(campaign) -> list[int]:
    return list(campaign.items.order_by("query").values_list("query", flat=True))


def bytes_of(response) -> bytes:
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content)


class TestPages:
    def test_make_and_look(self, client, page, labelled):
        response = client.post(page + "gold/", {"name": "v1", "method": "majority", "minimum": "0,1"})
        assert response["Location"] == page + "gold/v1/"
        assert GoldVersion.objects.get().parameters["minimum_probability"] == 0.1
        shown = client.get(page + "gold/v1/").content.decode()
        assert GoldVersion.objects.get().digest in shown
        assert "two categories or more are equally probable" in shown
        assert client.get(page + "gold/").content.decode().count("v1") >= 2

    @pytest.mark.parametrize(
        ("given", "status"),
        [({"name": "a b"}, 400), ({"method": "guess"}, 400), ({"minimum": "x"}, 400), ({"name": "taken"}, 409)],
    )
    def test_refusals_keep_what_was_typed(self, client, page, labelled, given, status):
        make_gold(campaign=labelled, name="taken", by=None)
        response = client.post(page + "gold/", {"name": "v2", "method": "mace", "minimum": "0.5"} | given)
        assert response.status_code == status
        assert 'role="alert"' in response.content.decode()
        assert GoldVersion.objects.count() == 1

    def test_difference(self, client, page, labelled, lead):
        make_gold(campaign=labelled, name="v1", by=lead)
        query = queries_of(labelled)[1]
        decide(campaign=labelled, by=lead, query=query, category="children")
        make_gold(campaign=labelled, name="v2", by=lead)
        response = client.get(page + "gold-difference/", {"old": "v1", "new": "v2"})
        assert f"items/{query}/" in response.content.decode()
        assert response.context["kinds"] == {"category": 1}
        rows = bytes_of(client.get(page + "export-difference/", {"old": "v1", "new": "v2", "format": "jsonl"}))
        assert [json.loads(line)["new_category"] for line in rows.splitlines()] == ["children"]
        same = client.get(page + "gold-difference/", {"old": "v1", "new": "v1"})
        assert "Both versions say the same." in same.content.decode()

    def test_unknown_versions(self, client, page, labelled):
        assert client.get(page + "gold/none/").status_code == 404
        assert client.get(page + "gold-difference/", {"old": "v1", "new": "v2"}).status_code == 400

    def test_a_version_in_the_making_says_so(self, client, page, labelled):
        version = make_gold(campaign=labelled, name="v1", by=None)
        GoldVersion.objects.update(digest="")
        assert "A worker is making this version" in client.get(page + "gold/v1/").content.decode()
        GoldVersion.objects.update(created_at=version.created_at - timedelta(hours=1))
        assert "No worker has finished this version" in client.get(page + "gold/v1/").content.decode()
        GoldVersion.objects.update(summary={"failed": "It did not work."})
        assert "It did not work." in client.get(page + "gold/v1/").content.decode()
        assert client.get(page + "export/", {"kind": "gold", "version": "v1", "format": "csv"}).status_code == 400

    def test_the_folder_for_datasets(self, client, page, labelled):
        make_gold(campaign=labelled, name="v1", by=None)
        first, second = (
            bytes_of(client.get(page + "export/", {"format": "datasets", "version": "v1"})) for _ in range(2)
        )
        assert first == second
        with zipfile.ZipFile(io.BytesIO(first)) as archive:
            card = archive.read(f"{labelled.slug}-v1/README.md").decode()
        assert GoldVersion.objects.get().digest in card
        assert "Krippendorff's alpha" in card

    def test_admin_changes_nothing(self, client, labelled, make_user):
        version = make_gold(campaign=labelled, name="v1", by=None)
        client.force_login(make_user("root", is_superuser=True, is_staff=True))
        base = "/admin/annotation/goldversion/"
        assert client.get(f"{base}{version.pk}/change/").status_code == 200
        assert client.post(f"{base}{version.pk}/change/", {"name": "other"}).status_code == 403
        assert client.post(f"{base}{version.pk}/delete/", {"post": "yes"}).status_code == 403
        assert GoldRow.objects.filter(version=version).count() == version.rows_count
