"""The lead's agreement pages: who may open them, and that they say what the core computed."""

import csv
import io
import json
import re

import pytest
from django.urls import reverse

from annotation.services import agreement as services
from annotation.services.agreement import standing
from annotation.services.labelling import next_items, record_label
from tests.labels import import_labels

pytestmark = pytest.mark.django_db

PAGES = {
    "agreement": (),
    "agreement_state": (),
    "agreement_recompute": (),
    "agreement_download": ("report.json",),
    "confusion_cell": ("travel", "noise"),
}
POSTED = {"agreement_recompute"}


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def campaign(make_campaign):
    campaign = make_campaign(queries=6)
    import_labels(campaign, "travel travel", "travel noise", "noise noise", "noise travel")
    return campaign


def address(campaign, name: str = "agreement", *more: str) -> str:
    return reverse(f"annotation:{name}", args=[campaign.slug, *more])


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    ("role", "status"),
    [("stranger", 302), ("outsider", 403), ("annotator", 403), ("researcher", 403), ("lead", 200), ("superuser", 200)],
)
def test_roles(name, role, status, campaign, client, request, django_user_model):
    if role == "superuser":
        client.force_login(django_user_model.objects.create_superuser("root", password="a-long-password"))
    elif role != "stranger":
        client.force_login(request.getfixturevalue(role))
    method = client.post if name in POSTED else client.get
    response = method(address(campaign, name, *PAGES[name]))
    if status == 200 and name in POSTED:
        assert response.url == address(campaign)
    else:
        assert response.status_code == status
    if role == "stranger":
        assert response.url.startswith("/accounts/login/")


@pytest.mark.parametrize("name", PAGES)
def test_only_the_right_method_and_campaign(name, campaign, client, lead):
    client.force_login(lead)
    wrong = client.get if name in POSTED else client.post
    assert wrong(address(campaign, name, *PAGES[name])).status_code == 405
    right = client.post if name in POSTED else client.get
    assert right(reverse(f"annotation:{name}", args=["nowhere", *PAGES[name]])).status_code == 404


def test_the_page_shows_the_figures_of_the_core(campaign, client, lead):
    client.force_login(lead)
    response = client.get(address(campaign))
    report = standing(campaign).kept["report"]
    shown = dict(response.context["sections"][0]["figures"])
    assert shown["Krippendorff’s alpha"]["value"] == report["krippendorff_alpha"]["value"] == pytest.approx(0.125)
    assert shown["Gwet’s AC1"]["ci"] == report["gwet_ac1"]["ci"]
    text = text_of(response)
    assert "Krippendorff’s alpha 0.12" in text  # 1 - (4 / 8) / (2 * 4 * 4 / (8 * 7)) = 0.125
    assert "Observed agreement 0.50" in text
    assert "4 queries, 8 labels" in text
    assert "Queries with two labels" not in text  # these are families here
    assert "Families of queries with two labels: 4; with fewer than 30 the intervals are too narrow." in text
    assert "p0" in text
    assert "BCa bootstrap over families of queries, 1000 resamples" in text


def test_the_page_names_people_and_pseudonyms(make_campaign, make_user, client, lead):
    campaign = make_campaign(queries=1, gold_rate=0.0)
    for name, first in (("annie", "Ann"), ("bob", "")):
        user = make_user(name, is_annotator=True, first_name=first)
        record_label(campaign, user, query=next_items(campaign, user).held[0].query, category="travel")
    client.force_login(lead)
    text = text_of(client.get(address(campaign)))
    for shown in ("Ann a1", "bob a2"):
        assert shown in text


def test_third_labels_are_left_out_and_the_page_says_so(make_campaign, make_annotators, client, lead):
    campaign = make_campaign(queries=1, overlap=2, third_label=True, gold_rate=0.0)
    for user, category in zip(make_annotators(3), ("travel", "noise", "noise"), strict=True):
        record_label(campaign, user, query=next_items(campaign, user).held[0].query, category=category)
    client.force_login(lead)
    response = client.get(address(campaign))
    assert response.context["report"]["observed"]["value"] == 0.0  # with the third label it would be 1 in 3
    assert "2 of 3. A further label is asked for only where the first ones differ" in text_of(response)
    cells = {(cell.row, cell.column): cell.count for row in response.context["matrix"] for cell in row.cells}
    assert cells["noise", "noise"] == 1
    assert cells["travel", "noise"] == cells["noise", "travel"] == 2


def test_undefined_figures_are_told_in_words(make_campaign, client, lead):
    campaign = make_campaign(queries=3)
    client.force_login(lead)
    assert "There are no labels yet." in text_of(client.get(address(campaign)))
    import_labels(campaign, "travel", "noise")
    client.post(address(campaign, "agreement_recompute"))
    text = text_of(client.get(address(campaign)))
    assert "All labels are by p0; a second annotator has to label some of the same queries." in text
    assert "nan" not in text.lower().split()


def test_one_category_only_is_told_by_its_title(make_campaign, client, lead):
    campaign = make_campaign(queries=2)
    import_labels(campaign, "noise noise", "noise noise")
    client.force_login(lead)
    text = text_of(client.get(address(campaign)))
    assert "Every label is “Noise or random strings”, so chance alone would agree as well" in text
    assert "p0 and p1 chose one and the same category on all their common queries (2); chance would too." in text


def test_the_page_says_how_far_behind_it_is(campaign, client, lead):
    client.force_login(lead)
    assert "No label has changed since." in text_of(client.get(address(campaign)))
    import_labels(campaign, "travel travel travel travel", "noise noise noise")
    text = text_of(client.get(address(campaign)))
    assert "3 labels given, changed or taken back since." in text
    assert "Recompute" in text
    answer = client.post(address(campaign, "agreement_recompute"), follow=True)
    assert "The figures are up to date." in text_of(answer)
    assert "11 labels by 4 annotators" in text_of(answer)
    assert "No label has changed since." in text_of(answer)


def test_the_page_costs_the_same_however_many_labels(campaign, client, lead, django_assert_max_num_queries):
    client.force_login(lead)
    client.get(address(campaign))
    with django_assert_max_num_queries(10):
        client.get(address(campaign))
    with django_assert_max_num_queries(10):
        client.get(address(campaign, "confusion_cell", "travel", "noise"))


def test_every_cell_opens_the_queries_behind_it(campaign, client, lead):
    client.force_login(lead)
    page = client.get(address(campaign))
    link = address(campaign, "confusion_cell", "travel", "noise")
    assert f'href="{link}"' in page.content.decode()
    cell = client.get(link)
    texts = [item.query.text for item in campaign.items.select_related("query").order_by("query")]
    assert [case.text for case in cell.context["cases"]] == [texts[1], texts[3]]
    assert "2 queries." in text_of(cell)
    assert client.get(address(campaign, "confusion_cell", "travel", "nothing")).status_code == 404
    assert client.get(address(campaign, "confusion_cell", "personalised", "noise")).status_code == 404
    assert "No query is in this cell any more." in text_of(
        client.get(address(campaign, "confusion_cell", "romantic", "noise"))
    )


def test_the_matrix_from_one_annotator_to_another_has_a_direction(campaign, client, lead):
    client.force_login(lead)
    page = client.get(address(campaign), {"between": ["p0", "p1"]})
    counts = {(cell.row, cell.column): cell.count for row in page.context["matrix"] for cell in row.cells}
    assert counts["travel", "noise"] == counts["noise", "travel"] == counts["travel", "travel"] == 1
    link = address(campaign, "confusion_cell", "travel", "noise") + "?between=p0&amp;between=p1"
    assert f'href="{link}"' in page.content.decode()
    cell = client.get(address(campaign, "confusion_cell", "travel", "noise"), {"between": "p0,p1"})
    assert [case.text for case in cell.context["cases"]] == ["log1 en 1"]
    assert "p0 chose “Travel”, p1 chose “Noise or random strings”." in text_of(cell)
    strangers = client.get(address(campaign), {"between": ["p0", "nobody"]})
    assert "These two labelled no query in common." in text_of(strangers)


@pytest.mark.parametrize("between", [["p0"], ["p0", "p0"], ["p0", "p1", "p2"]])
def test_between_names_two(between, campaign, client, lead):
    client.force_login(lead)
    response = client.get(address(campaign), {"between": between})
    assert response.status_code == 400
    assert "two different annotators" in text_of(response)


def test_the_form_left_as_it_was_shows_everybody(campaign, client, lead):
    client.force_login(lead)
    assert client.get(address(campaign), {"between": ["", ""]}).context["between"] == []


def test_pages_of_a_cell_keep_the_two_annotators(make_campaign, client, lead):
    campaign = make_campaign(queries=30)
    import_labels(campaign, *["travel noise"] * 30)
    client.force_login(lead)
    cell = client.get(address(campaign, "confusion_cell", "travel", "noise"), {"between": ["p0", "p1"]})
    assert len(cell.context["cases"]) == 25
    assert "?between=p0&amp;between=p1&amp;page=2" in cell.content.decode()
    last = client.get(address(campaign, "confusion_cell", "travel", "noise"), {"page": 2})
    assert len(last.context["cases"]) == 5


def test_what_people_wrote_is_escaped(campaign, client, lead):
    assignment = campaign.assignments.filter(category="noise").first()
    assignment.comment = "<b>bold</b>"
    assignment.save()
    client.force_login(lead)
    body = client.get(address(campaign, "confusion_cell", "travel", "noise")).content.decode()
    assert "&lt;b&gt;bold&lt;/b&gt;" in body


def test_downloads(campaign, client, lead):
    client.force_login(lead)
    page = client.get(address(campaign))
    for name in page.context["downloads"]:
        response = client.get(address(campaign, "agreement_download", name))
        assert response.status_code == 200
        assert f'filename="{campaign.slug}-agreement-{name}"' in response["Content-Disposition"]
    held = json.loads(client.get(address(campaign, "agreement_download", "report.json")).content)
    assert held["observed"]["value"] == 0.5
    body = client.get(address(campaign, "agreement_download", "figures.csv")).content.decode()
    rows = list(csv.DictReader(io.StringIO(body)))
    assert float(rows[0]["value"]) == 0.5
    assert [row["of"] for row in rows] == ["categories"] * 4 + ["halves"] * 4
    for wrong in ("figures.json", "report.csv", "nothing.csv", "figures"):
        assert client.get(address(campaign, "agreement_download", wrong)).status_code == 404


def test_a_large_campaign_waits_for_a_worker(campaign, client, lead, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 1)
    client.force_login(lead)
    assert "a worker computes its agreement" in text_of(client.get(address(campaign)))
    assert client.get(address(campaign, "agreement_download", "report.json")).status_code == 400
    asked = client.post(address(campaign, "agreement_recompute"), follow=True)
    assert "A worker will compute it in a moment." in text_of(asked)
    line = client.get(address(campaign, "agreement_state"))
    assert 'hx-trigger="every 3s"' in line.content.decode()
    assert "HX-Refresh" not in line.headers
    services.compute_as_job(campaign.pk)
    assert client.get(address(campaign, "agreement_state"))["HX-Refresh"] == "true"
    assert "No label has changed since." in text_of(client.get(address(campaign)))


def test_a_reader_of_russian_gets_russian_numbers_and_titles(campaign, client, lead):
    client.force_login(lead)
    text = text_of(client.get(address(campaign), headers={"Accept-Language": "ru"}))
    assert "0,50" in text
    assert campaign.taxonomy.taxonomy.category("travel").title("ru") in text
