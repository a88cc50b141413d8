"""Own labels, and the guideline: what is shown, what may be changed, and what must not be given away."""

import copy

import pytest

from annotation.models import Assignment, Campaign, Item, LabelEvent
from annotation.services.campaigns import close_campaign
from annotation.services.labelling import next_items, record_label, skip
from annotation.services.taxonomies import add_taxonomy
from annotation.taxonomy import DEFAULT_TAXONOMY

pytestmark = pytest.mark.django_db

HISTORY = "/label/campaign-1/history/"


@pytest.fixture
def campaign(make_campaign):
    return make_campaign(queries=60, overlap=2, guess=Campaign.Guess.AFTER)


@pytest.fixture
def desk(client, annotator, campaign):
    client.force_login(annotator)
    return client


def label(campaign, user, category="travel", **given):
    query = next_items(campaign, user).held[0].query
    record_label(campaign, user, query=query, category=category, **given)
    return query


def text_of(query):
    return Item.objects.get(query=query).query.text


def test_own_labels_latest_first_and_nobody_elses(desk, campaign, annotator, make_user):
    first, second = label(campaign, annotator), label(campaign, annotator, "noise", comment="odd", flag="unclear")
    other = make_user("bob", is_annotator=True)
    foreign = label(campaign, other, "fantasy", comment="bob's own words")
    page = desk.get(HISTORY).content.decode()
    assert page.index(f'id="q{second}"') < page.index(f'id="q{first}"')
    assert "odd" in page
    assert "own words" not in page
    assert page.count('class="card own-row"') == 2
    assert foreign in (first, second) or f'id="q{foreign}"' not in page


@pytest.mark.parametrize(
    ("chosen", "rows"),
    [("", 4), ("?only=unclear", 1), ("?only=comment", 1), ("?only=skipped", 1), ("?category=noise", 1),
     ("?category=noise&only=skipped", 0), ("?text=zzz", 0), ("?page=99", 4), ("?only=nonsense", 4), ("?page=x", 4)],
)  # fmt: skip
def test_filters(desk, campaign, annotator, chosen, rows):
    label(campaign, annotator)
    label(campaign, annotator, "noise", comment="odd")
    label(campaign, annotator, flag="unclear")
    skip(campaign, annotator, query=next_items(campaign, annotator).held[0].query)
    response = desk.get(HISTORY + chosen)
    assert response.status_code == 200
    assert response.content.decode().count('class="card own-row"') == rows


def test_the_text_of_the_query_filters(desk, campaign, annotator):
    query = label(campaign, annotator)
    label(campaign, annotator)
    wanted = text_of(query)
    page = desk.get(HISTORY, {"text": wanted.upper()}).content.decode()
    shown = [each for each in Assignment.objects.labelled() if f'id="q{each.item.query_id}"' in page]
    assert all(wanted in each.item.query.text for each in shown)
    assert shown


def test_pages_of_fifty(desk, campaign, annotator):
    for _ in range(52):
        label(campaign, annotator)
    assert desk.get(HISTORY).content.decode().count('class="card own-row"') == 50
    assert desk.get(HISTORY + "?page=2").content.decode().count('class="card own-row"') == 2


def test_a_label_is_changed_and_the_change_remembered(desk, campaign, annotator):
    query = label(campaign, annotator)
    given = {"query": query, "category": "noise", "comment": "now I see", "flag": "unclear"}
    page = desk.post(HISTORY, given, follow=True).content.decode()
    assert "The label is now “Noise or random strings”." in page
    changed = Assignment.objects.get(item__query=query)
    assert (changed.category, changed.comment, changed.flag) == ("noise", "now I see", "unclear")
    assert LabelEvent.objects.filter(action="change", old="travel", new="noise").count() == 1


def test_comment_alone_is_changed_too(desk, campaign, annotator):
    query = label(campaign, annotator)
    desk.post(HISTORY, {"query": query, "category": "travel", "comment": "only this"})
    assert Assignment.objects.get(item__query=query).comment == "only this"


@pytest.mark.parametrize(
    ("given", "status"),
    [({"category": "nowhere"}, 400), ({"category": ""}, 400), ({"query": "x"}, 400), ({"flag": "maybe"}, 400)],
)
def test_a_change_that_makes_no_sense(desk, campaign, annotator, given, status):
    query = label(campaign, annotator)
    assert desk.post(HISTORY, {"query": query, "category": "noise", **given}).status_code == status
    kept = Assignment.objects.get(item__query=query)
    assert kept.flag == ""


def test_another_persons_query_cannot_be_changed(desk, campaign, annotator, make_user):
    desk.get("/label/campaign-1/")
    held = {item.query for item in next_items(campaign, annotator, ahead=9).held}
    foreign = Item.objects.filter(campaign=campaign).exclude(query__in=held).first().query_id
    assert desk.post(HISTORY, {"query": foreign, "category": "noise"}).status_code == 409


def test_a_closed_campaign_is_read_only(desk, campaign, annotator):
    query = label(campaign, annotator)
    close_campaign(campaign=campaign)
    page = desk.get(HISTORY).content.decode()
    assert "own-change" not in page
    assert desk.post(HISTORY, {"query": query, "category": "noise"}).status_code == 409
    assert Assignment.objects.get(item__query=query).category == "travel"


@pytest.mark.parametrize(("guess", "seen"), [(Campaign.Guess.AFTER, True), (Campaign.Guess.NEVER, False)])
def test_the_classifiers_view(desk, campaign, annotator, guess, seen):
    Campaign.objects.update(guess=guess)
    Item.objects.update(guess="fantasy")
    label(campaign, annotator)
    assert ("classifier: Fantasy situation" in desk.get(HISTORY).content.decode()) is seen


def test_the_guideline_has_every_category(desk):
    page = desk.get("/label/campaign-1/guidelines/").content.decode()
    assert page.count('class="guide-category"') == 19
    assert "for exam preparation" in page
    assert "What changed" not in page


def test_what_changed_in_a_new_version(desk, campaign, annotator):
    label(campaign, annotator)
    document = copy.deepcopy(DEFAULT_TAXONOMY.to_document())
    document["version"] += 1
    travel = next(each for each in document["categories"] if each["slug"] == "travel")
    travel["definition"]["en"] = "Only journeys by train."
    campaign.taxonomy = add_taxonomy(document=document, by=None)
    campaign.save()
    page = desk.get("/label/campaign-1/guidelines/").content.decode()
    assert "<ins>Only journeys by train.</ins>" in page
    assert "new meaning" in page
    assert "The guideline has changed since your last label." in desk.get("/label/campaign-1/").content.decode()
    assert "guideline version 1" in desk.get(HISTORY).content.decode()
