"""The lead's pages: who may open them."""

import pytest

from annotation.models import Annotator, Campaign

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
