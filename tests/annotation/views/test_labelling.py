"""The annotator's page as a plain form, and what it hands to the scripts: every role, every refusal."""

import json
import re

import pytest

from annotation.models import Annotator, Assignment, Campaign, Item, Query
from annotation.services.campaigns import bar, close_campaign, invite
from annotation.services.items import add_answered
from annotation.services.labelling import next_items, record_label

pytestmark = pytest.mark.django_db

PAGES = ["/label/", "/label/campaign-1/", "/label/campaign-1/history/", "/label/campaign-1/guidelines/"]


@pytest.fixture
def campaign(make_campaign):
    return make_campaign(queries=12, overlap=2)


@pytest.fixture
def desk(client, annotator, campaign):
    client.force_login(annotator)
    return client


def start(response):
    found = re.search(r'<script id="label-start" type="application/json">(.*?)</script>', response.content.decode())
    return json.loads(found[1])


def on_screen(client, slug="campaign-1"):
    page = client.get(f"/label/{slug}/").content.decode()
    return int(re.search(r'name="query" value="(\d+)"', page)[1])


def post(client, slug="campaign-1", **given):
    return client.post(f"/label/{slug}/", given, follow=True)


class TestWho:
    @pytest.mark.parametrize("page", PAGES)
    def test_a_stranger_signs_in_first(self, client, campaign, page):
        response = client.get(page)
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/")

    @pytest.mark.parametrize("page", PAGES)
    @pytest.mark.parametrize("role", ["outsider", "lead", "researcher"])
    def test_other_roles_are_refused(self, client, campaign, page, role, request):
        client.force_login(request.getfixturevalue(role))
        assert client.get(page).status_code == 403
        assert client.post(page, {"query": 1, "category": "travel"}).status_code == 403
        assert not Annotator.objects.exists()

    @pytest.mark.parametrize("page", PAGES)
    def test_annotators_and_superusers_come_in(self, client, campaign, page, annotator, make_user):
        for person in (annotator, make_user("root", is_superuser=True)):
            client.force_login(person)
            assert client.get(page).status_code == 200

    @pytest.mark.parametrize("page", PAGES[1:])
    def test_a_draft_and_an_unknown_campaign_are_not_there(self, client, annotator, make_campaign, page):
        make_campaign(opened=False)
        client.force_login(annotator)
        assert client.get(page).status_code == 404
        assert client.get(page.replace("campaign-1", "nowhere")).status_code == 404
        assert not Annotator.objects.exists()

    @pytest.mark.parametrize("page", PAGES[1:])
    def test_only_the_invited_and_nobody_who_is_barred(self, client, annotator, make_campaign, page):
        campaign = make_campaign(invited_only=True)
        client.force_login(annotator)
        assert client.get(page).status_code == 403
        place = invite(campaign=campaign, user=annotator)
        assert client.get(page).status_code == 200
        bar(annotator=place)
        assert client.get(page).status_code == 403


class TestHome:
    def test_shows_open_campaigns_with_own_progress(self, desk, campaign, annotator):
        record_label(campaign, annotator, query=next_items(campaign, annotator).held[0].query, category="travel")
        page = desk.get("/label/").content.decode()
        assert "Campaign 1" in page
        assert "Your labels: 1" in page
        assert "today: 1" in page
        assert "Go on" in page

    def test_hides_what_is_not_for_this_person(self, client, annotator, make_campaign):
        make_campaign(title="Draft here", opened=False)
        make_campaign(title="Invited here", invited_only=True)
        bar(annotator=invite(campaign=make_campaign(title="Barred here"), user=annotator))
        close_campaign(campaign=make_campaign(title="Closed here"))
        client.force_login(annotator)
        page = client.get("/label/").content.decode()
        assert not re.findall("(?:Draft|Invited|Barred|Closed) here", page)
        assert "Nothing to label right now" in page

    def test_a_closed_campaign_with_own_labels_leads_to_them(self, desk, campaign, annotator):
        record_label(campaign, annotator, query=next_items(campaign, annotator).held[0].query, category="travel")
        close_campaign(campaign=campaign)
        page = desk.get("/label/").content.decode()
        assert 'href="/label/campaign-1/history/"' in page
        assert 'href="/label/campaign-1/"' not in page


class TestForm:
    def test_a_category_labels_and_the_next_query_comes(self, desk):
        query = on_screen(desk)
        response = post(desk, query=query, category="travel", comment=" why not ", flag="unclear", key="k1")
        label = Assignment.objects.get(item__query=query)
        assert (label.category, label.comment, label.flag) == ("travel", "why not", "unclear")
        assert on_screen(desk) != query
        assert "Travel" in response.content.decode()

    def test_the_same_form_twice_is_one_label(self, desk):
        query = on_screen(desk)
        for _ in range(2):
            post(desk, query=query, category="travel", key="k1")
        assert Assignment.objects.labelled().count() == 1
        assert Annotator.objects.get().labelled == 1

    def test_skip_and_undo(self, desk):
        query = on_screen(desk)
        post(desk, query=query, action="skip")
        assert Assignment.objects.get(item__query=query).state == "skipped"
        post(desk, query=on_screen(desk), action="undo")
        assert on_screen(desk) == query

    def test_undo_when_there_is_nothing(self, desk):
        query = on_screen(desk)
        response = post(desk, action="undo")
        assert "There is nothing left to take back." in response.content.decode()
        assert on_screen(desk) == query

    def test_a_note_without_a_label(self, desk):
        query = on_screen(desk)
        page = post(desk, query=query, action="note", comment="which one?", flag="unclear").content.decode()
        held = Assignment.objects.get(item__query=query)
        assert (held.state, held.comment, held.flag) == ("leased", "which one?", "unclear")
        assert "which one?" in page

    def test_another_tab_was_faster(self, desk):
        query = on_screen(desk)
        post(desk, query=query, category="travel")
        response = post(desk, query=query, category="noise")
        assert "You have labelled this query “Travel” already" in response.content.decode()
        assert Assignment.objects.get(item__query=query).category == "travel"

    def test_a_query_that_was_not_given(self, desk, make_queries):
        (foreign,) = make_queries(1, dataset="elsewhere")
        response = post(desk, query=foreign.pk, category="travel")
        assert "This query was not given to you" in response.content.decode()
        assert not Assignment.objects.labelled().exists()

    @pytest.mark.parametrize(
        "given",
        [
            {"category": "no-such"}, {}, {"category": "travel", "query": "x"}, {"category": "travel", "query": ""},
            {"category": "travel", "query": 2**70}, {"action": "burn"}, {"category": "travel", "comment": "x" * 1001},
            {"category": "travel", "flag": "maybe"},
        ],
    )  # fmt: skip
    def test_what_makes_no_sense_changes_nothing(self, desk, given):
        query = on_screen(desk)
        response = desk.post("/label/campaign-1/", {"query": query, **given})
        assert response.status_code == 400
        assert not Assignment.objects.labelled().exists()

    def test_practice_tells_the_answer(self, desk, campaign):
        practice = Query.objects.create(
            dataset="p", dataset_version="1", external_id="1", text="to rome", language="en"
        )
        add_answered(campaign=campaign, kind=Item.Kind.PRACTICE, answers=[(practice, "travel", "It is a way.")])
        assert "Still to go: 1" in desk.get("/label/campaign-1/").content.decode()
        page = post(desk, query=practice.pk, category="noise").content.decode()
        assert "Not quite." in page
        assert "The right category: Travel" in page
        assert "It is a way." in page
        assert Annotator.objects.get().labelled == 0

    def test_no_answer_is_told_of_other_queries(self, desk, campaign, annotator):
        Item.objects.filter(campaign=campaign).update(guess="fantasy")
        query = on_screen(desk)
        for address in (
            "/label/campaign-1/",
            f"/label/campaign-1/?practised={query}",
            "/label/campaign-1/?practised=x",
        ):
            assert "right category: Fantasy" not in desk.get(address).content.decode()

    def test_a_closed_campaign_says_thanks(self, desk, campaign):
        query = on_screen(desk)
        close_campaign(campaign=campaign)
        assert "This campaign is closed; every label is kept." in desk.get("/label/campaign-1/").content.decode()
        post(desk, query=query, category="travel")
        assert not Assignment.objects.labelled().exists()

    def test_done_and_quota(self, client, annotator, make_campaign):
        make_campaign(queries=1)
        make_campaign(queries=3, quota=1)
        client.force_login(annotator)
        for slug, words in (("campaign-1", "All done"), ("campaign-2", "Your share is done")):
            page = post(client, slug, query=on_screen(client, slug), category="travel").content.decode()
            shown = re.search(r'<div class="card stack label-message" data-view-only="\w+" data-message="(\w+)">', page)
            assert words in page
            assert shown[1] in ("done", "quota")


class TestStart:
    def test_the_bench_is_there_at_once(self, desk, campaign, annotator):
        given = start(desk.get("/label/campaign-1/"))
        held = next_items(campaign, annotator, ahead=9).held
        assert [given["bench"]["query"], *(item["query"] for item in given["bench"]["ahead"])] == [
            item.query for item in held
        ]
        assert len(held) == 10
        assert given["api"] == "/api/v1/campaigns/campaign-1/"
        assert given["commands"]["flag"] == "KeyF"
        assert {"slug": "travel", "title": "Travel", "code": "KeyD"} in given["categories"]

    def test_keys_are_printed_in_the_language_of_the_page(self, desk):
        english = desk.get("/label/campaign-1/").content.decode()
        russian = desk.get("/label/campaign-1/", headers={"accept-language": "ru"}).content.decode()
        assert 'data-key-of="categories:travel">D<' in english
        assert 'data-key-of="categories:travel">В<' in russian

    def test_what_was_done_before_can_be_taken_back(self, desk):
        query = on_screen(desk)
        post(desk, query=query, category="travel")
        (done,) = start(desk.get("/label/campaign-1/"))["recent"]
        assert (done["query"], done["category"], done["state"]) == (query, "travel", "labelled")

    def test_nothing_tells_a_gold_question(self, client, annotator, make_campaign, make_queries):
        campaign = make_campaign(queries=2, gold_rate=0.5, guess=Campaign.Guess.NEVER)
        gold = make_queries(6, dataset="gold")
        add_answered(campaign=campaign, kind=Item.Kind.GOLD, answers=[(query, "fantasy", "x") for query in gold])
        client.force_login(annotator)
        given = start(client.get("/label/campaign-1/"))
        shown = [{name: given["bench"][name] for name in given["bench"]["ahead"][0]}, *given["bench"]["ahead"]]
        kinds = set(Item.objects.filter(query__in=[item["query"] for item in shown]).values_list("kind", flat=True))
        assert kinds == {"work", "gold"}
        assert {(item["practice"], item["guess"], *item.keys()) for item in shown} == {(False, "", *shown[0].keys())}

    def test_the_guess_comes_before_the_choice_only_where_the_campaign_says_so(self, client, annotator, make_campaign):
        for number, guess in enumerate((Campaign.Guess.BEFORE, Campaign.Guess.AFTER), start=1):
            campaign = make_campaign(guess=guess)
            Item.objects.filter(campaign=campaign).update(guess="travel")
            client.force_login(annotator)
            response = client.get(f"/label/campaign-{number}/")
            assert (start(response)["bench"]["guess"] == "travel") is (guess == Campaign.Guess.BEFORE)

    def test_markup_in_a_query_stays_text(self, desk, campaign):
        Query.objects.update(text="</script><script>alert(1)</script>")
        page = desk.get("/label/campaign-1/").content.decode()
        assert "<script>alert" not in page

    def test_the_policy_holds(self, desk):
        policy = desk.get("/label/campaign-1/")["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
