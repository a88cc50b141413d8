"""The lead's pages of adjudication: who may open them, what a decision does, what happens without scripts."""

import pytest

from annotation.models import Adjudication, Annotator, Assignment, Item
from annotation.services.adjudication import decide
from annotation.services.imported_labels import ImportedLabel, place_labels

pytestmark = pytest.mark.django_db
ALL = ("adjudicate/", "adjudicate/ahead/", "adjudicate/summary/", "gold/", "export/?format=csv")


@pytest.fixture
def disputed(make_campaign):
    """Three queries with two labels that differ each; the third is flagged as unclear and comes first."""
    campaign = make_campaign(queries=3, overlap=2, third_label=False)
    pairs = [("travel", "noise"), ("travel", "children"), ("noise", "children")]
    for query, pair in zip(queries_of(campaign), pairs, strict=True):
        labels = [ImportedLabel(query, name, category) for name, category in zip(("Ann", "Bob"), pair, strict=True)]
        place_labels(campaign=campaign, labels=labels)
    third = campaign.items.get(query=queries_of(campaign)[2])
    Assignment.objects.filter(item=third, annotator__pseudonym="Bob").update(flag="unclear", comment="<b>both?</b>")
    Item.objects.filter(pk=third.pk).update(dispute=0.9, guess="noise", guess_probability=0.64)
    return campaign


def queries_of(campaign) -> list[int]:
    return list(campaign.items.order_by("query").values_list("query", flat=True))


def base(campaign) -> str:
    return f"/lead/campaigns/{campaign.slug}/"


def shown(response) -> list[int]:
    return [case.item.query_id for case in response.context["cases"]]


class TestRoles:
    @pytest.fixture(autouse=True)
    def decided(self, disputed, lead):
        decide(campaign=disputed, by=lead, query=queries_of(disputed)[0], category="travel")

    def paths(self, campaign):
        return [base(campaign) + path for path in (*ALL, f"items/{queries_of(campaign)[0]}/")]

    def test_strangers_sign_in(self, client, disputed):
        for path in self.paths(disputed):
            response = client.get(path)
            assert response.status_code == 302
            assert response["Location"].startswith("/accounts/")

    @pytest.mark.parametrize("who", ["outsider", "annotator", "researcher"])
    def test_others_are_refused(self, client, disputed, request, who):
        client.force_login(request.getfixturevalue(who))
        for path in self.paths(disputed):
            assert client.get(path).status_code == 403, path
        for path in ("adjudicate/decide/", "adjudicate/undo/", "gold/"):
            given = {"query": queries_of(disputed)[1], "category": "noise", "name": "v1", "method": "majority"}
            assert client.post(base(disputed) + path, given).status_code == 403, path
        assert Adjudication.objects.count() == 1

    def test_leads_and_superusers_enter(self, client, disputed, lead, make_user):
        for user in (lead, make_user("root", is_superuser=True)):
            client.force_login(user)
            for path in self.paths(disputed):
                assert client.get(path).status_code == 200, path

    def test_no_such_campaign(self, client, lead):
        client.force_login(lead)
        assert client.get("/lead/campaigns/nowhere/adjudicate/").status_code == 404

    def test_a_query_of_another_campaign(self, client, disputed, make_campaign, lead):
        client.force_login(lead)
        other = make_campaign(queries=1)
        assert client.get(f"{base(disputed)}items/{queries_of(other)[0]}/").status_code == 404


class TestQueue:
    def test_highest_dispute_first_and_one_ahead(self, client, disputed, lead):
        client.force_login(lead)
        first, _second, third = queries_of(disputed)
        assert shown(client.get(base(disputed) + "adjudicate/")) == [third, first]

    def test_names_are_hidden_and_texts_escaped(self, client, disputed, lead):
        client.force_login(lead)
        page = client.get(base(disputed) + "adjudicate/").content.decode()
        assert "Annotator 1" in page
        assert "Annotator 2" in page
        assert "Ann<" not in page
        assert "Bob" not in page
        assert "&lt;b&gt;both?&lt;/b&gt;" in page
        assert "64%" in page  # the classifier's probability

    def test_the_order_of_annotators_is_stable_and_differs_between_queries(self, make_campaign, lead):
        from annotation.selectors.adjudication import case_of

        campaign = make_campaign(queries=20, overlap=2)
        labels = [
            ImportedLabel(query, name, category)
            for query in queries_of(campaign)
            for name, category in (("Ann", "travel"), ("Bob", "noise"))
        ]
        place_labels(campaign=campaign, labels=labels)
        cases = [case_of(campaign, item, "en") for item in campaign.items.select_related("query")]
        first = [case.votes[0].choice.slug for case in cases]
        assert set(first) == {"travel", "noise"}
        again = [case_of(campaign, item, "en").votes[0].choice.slug for item in campaign.items.select_related("query")]
        assert first == again

    def test_filters(self, client, disputed, lead):
        client.force_login(lead)
        first, second, third = queries_of(disputed)
        path = base(disputed) + "adjudicate/"
        assert shown(client.get(path, {"unclear": "1"})) == [third]
        assert shown(client.get(path, {"first": "travel"})) == [first, second]
        assert shown(client.get(path, {"first": "travel", "second": "children"})) == [second]
        assert client.get(path, {"first": "travel", "second": "sports-activity"}).context["waiting"] == 3

    def test_later_goes_on(self, client, disputed, lead):
        client.force_login(lead)
        first, second, _third = queries_of(disputed)
        response = client.get(base(disputed) + "adjudicate/")
        place = response.context["cases"][0].place
        assert shown(client.get(base(disputed) + "adjudicate/", {"after": place})) == [first, second]

    def test_a_place_that_is_none(self, client, disputed, lead):
        client.force_login(lead)
        assert client.get(base(disputed) + "adjudicate/", {"after": "soon"}).status_code == 400

    def test_cost_is_that_of_two_cases(self, client, disputed, lead, django_assert_max_num_queries):
        client.force_login(lead)
        with django_assert_max_num_queries(14):
            client.get(base(disputed) + "adjudicate/")


class TestDeciding:
    def send(self, client, campaign, query, category, **more):
        headers = more.pop("headers", {})
        return client.post(
            base(campaign) + "adjudicate/decide/", {"query": query, "category": category, **more}, headers=headers
        )

    def test_by_form(self, client, disputed, lead):
        client.force_login(lead)
        first, second, third = queries_of(disputed)
        place = client.get(base(disputed) + "adjudicate/").context["cases"][0].place
        response = self.send(client, disputed, third, "noise", after=place, note="n")
        assert response.status_code == 302
        assert shown(client.get(response["Location"])) == [first, second]
        assert Adjudication.objects.get().note == "n"

    def test_by_script_brings_the_case_to_hold_ahead(self, client, disputed, lead):
        client.force_login(lead)
        _first, second, third = queries_of(disputed)
        place = client.get(base(disputed) + "adjudicate/").context["cases"][1].place
        response = client.post(
            f"{base(disputed)}adjudicate/decide/?ahead={place}",
            {"query": third, "category": "noise"},
            headers={"HX-Request": "true"},
        )
        assert response.status_code == 200
        assert shown(response) == [second]
        assert (response.context["counters"].left, response.context["counters"].today) == (2, 1)

    def test_a_second_lead_is_told_without_a_name(self, client, disputed, lead, make_user):
        first, *_ = queries_of(disputed)
        decide(campaign=disputed, by=make_user("boss", is_lead=True), query=first, category="noise")
        client.force_login(lead)
        response = self.send(client, disputed, first, "travel", headers={"HX-Request": "true"})
        assert response.status_code == 409
        assert "boss" not in response.content.decode()
        assert Adjudication.objects.get().category == "noise"
        assert self.send(client, disputed, first, "noise").status_code == 302  # the same again is no conflict

    def test_change_on_the_page_of_the_query(self, client, disputed, lead):
        client.force_login(lead)
        first, *_ = queries_of(disputed)
        self.send(client, disputed, first, "noise")
        response = self.send(client, disputed, first, "travel", change="1")
        assert response["Location"].endswith(f"/items/{first}/")
        assert "Take the decision back" in client.get(response["Location"]).content.decode()
        assert Adjudication.objects.get().category == "travel"

    @pytest.mark.parametrize("given", [{"query": "x", "category": "noise"}, {"category": "noise"}, {"query": "1"}])
    def test_bad_input(self, client, disputed, lead, given):
        client.force_login(lead)
        assert client.post(base(disputed) + "adjudicate/decide/", given).status_code == 400
        assert not Adjudication.objects.exists()

    def test_undo(self, client, disputed, lead):
        client.force_login(lead)
        first, *_ = queries_of(disputed)
        self.send(client, disputed, first, "noise")
        response = client.post(base(disputed) + "adjudicate/undo/", headers={"HX-Request": "true"})
        assert shown(response) == [first]
        assert not Adjudication.objects.exists()
        assert client.post(base(disputed) + "adjudicate/undo/").status_code == 409

    def test_tokens_are_asked_for(self, disputed, lead):
        from django.test import Client

        client = Client(enforce_csrf_checks=True)
        client.force_login(lead)
        assert self.send(client, disputed, queries_of(disputed)[0], "noise").status_code == 403


def test_reversals_by_hand(client, disputed, lead):
    """Ann: travel, travel, noise; Bob: noise, children, children. Decided: travel, noise, cannot be decided."""
    client.force_login(lead)
    for query, category in zip(queries_of(disputed), ("travel", "noise", ""), strict=True):
        decide(campaign=disputed, by=lead, query=query, category=category)
    found = client.get(base(disputed) + "adjudicate/summary/").context["summary"]
    assert (found.items, found.decided, found.undecidable) == (3, 3, 1)
    assert found.share == 1.0
    assert [(row.name, row.labels, row.reversed) for row in found.annotators] == [("Bob", 2, 2), ("Ann", 2, 1)]
    assert [(row.name, row.labels, row.reversed) for row in found.categories] == [
        ("children", 1, 1), ("noise", 1, 1), ("travel", 2, 1),
    ]  # fmt: skip
    assert (found.with_majority, found.against_majority) == (0, 0)


def test_against_the_majority(make_campaign, lead):
    from annotation.selectors.adjudication import summary

    campaign = make_campaign(queries=1, overlap=3)
    query = queries_of(campaign)[0]
    labels = [ImportedLabel(query, f"p{n}", category) for n, category in enumerate(("travel", "travel", "noise"))]
    place_labels(campaign=campaign, labels=labels)
    decide(campaign=campaign, by=lead, query=query, category="noise")
    found = summary(campaign)
    assert (found.with_majority, found.against_majority) == (1, 1)


def test_the_page_of_a_query_tells_everything(client, disputed, lead, make_user):
    client.force_login(lead)
    query = queries_of(disputed)[0]
    other = make_user("second-lead", is_lead=True)
    decide(campaign=disputed, by=other, query=query, category="", note="Both fit")
    decide(campaign=disputed, by=lead, query=query, category="travel", change=True)
    response = client.get(f"{base(disputed)}items/{query}/")
    happened = [(line.who, line.kind, line.old, line.new) for line in response.context["history"]]
    assert happened == [
        ("Ann", "label", "", "Travel"),
        ("Bob", "label", "", "Noise or random strings"),
        ("second-lead", "decide", "", ""),
        ("lead", "decide", "", "Travel"),
    ]
    assert "Both fit" in response.content.decode()
    assert Annotator.objects.filter(campaign=disputed).count() == 2
