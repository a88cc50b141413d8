"""The planner page: who may see it, what it says, what it refuses, and what it takes from a study."""

import re

import pytest

from evaluation.models import Study
from evaluation.stats.power import BRADLEY_TERRY, Plan, need, power_of, smallest_gap

pytestmark = pytest.mark.django_db
ADDRESS = "/research/planner/"
PLAN = "gap=60&judgments=8&systems=3&ties=20&taste=0.4&power=90&level=5"


@pytest.fixture
def desk(client, researcher):
    client.force_login(researcher)
    return client


class TestRoles:
    def test_strangers_sign_in_first(self, client):
        response = client.get(ADDRESS)
        assert response.status_code == 302 and response["Location"].startswith(
            "/accounts/login/?next=/research/planner/"
        )

    @pytest.mark.parametrize("who", ["annotator", "lead", "outsider"])
    def test_others_are_refused(self, client, request, who):
        client.force_login(request.getfixturevalue(who))
        assert client.get(ADDRESS).status_code == 403

    def test_it_only_reads(self, desk):
        assert desk.post(ADDRESS).status_code == 405


def test_the_usual_plan_without_asking(desk):
    page = desk.get(ADDRESS).content.decode()
    found = need(Plan(systems=3))
    assert f'<p class="plan-number">{found.participants}</p>' in page
    assert f'<p class="plan-number">{need(Plan(systems=3, analysis=BRADLEY_TERRY)).participants}</p>' in page
    assert '<form class="card planner-form" method="get"' in page  # works without scripts
    assert "<polyline" in page and page.count("<polyline") == 3


def test_a_plan_is_its_address(desk):
    response = desk.get(f"{ADDRESS}?{PLAN}&participants=70")
    plan = Plan(gap=60, judgments_each=8, systems=3, ties=0.2, taste_sd=0.4, power=0.9)
    page = response.content.decode()
    assert f'<p class="plan-number">{need(plan).participants}</p>' in page
    assert f"<dd>{100 * power_of(plan, 70):.0f}%</dd>" in page
    assert f"<dd>{smallest_gap(plan, 70):.0f}</dd>" in page
    assert 'name="gap" value="60"' in page
    command = "--gap 60 --ties 0.2 --judgments-per-participant 8 --taste-sd 0.4 --systems 3 --power 0.9 --alpha 0.05"
    assert f"{command} --participants 70 --simulate" in page


def test_htmx_gets_the_answer_alone(desk):
    response = desk.get(f"{ADDRESS}?{PLAN}", headers={"HX-Request": "true"})
    page = response.content.decode().strip()
    assert page.startswith('<section class="plan stack" id="plan"') and page.endswith("</section>")
    assert "<form" not in page and "data-announce" in page


def test_two_systems_have_one_answer(desk):
    page = desk.get(f"{ADDRESS}?systems=2").content.decode()
    assert page.count('class="plan-number"') == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("gap=0", "Difference to find, Elo: Ensure this value is greater than or equal to 1."),
        ("gap=", "Difference to find, Elo: This field is required."),
        ("gap=nan", "Difference to find, Elo: Enter a number."),
        ("systems=2.5", "Systems: Enter a whole number."),
        ("ties=96", "Equivalent, %: Ensure this value is less than or equal to 95."),
        ("taste=-1", "How much tastes differ: Ensure this value is greater than or equal to 0."),
        ("power=100", "Chance to find it, %: Ensure this value is less than or equal to 99.9."),
        ("participants=0", "Participants, if you know: Ensure this value is greater than or equal to 1."),
        ("judgments=x", "Judgments per participant: Enter a number."),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_what_is_out_of_bounds_is_named(desk, wrong, words, htmx):
    response = desk.get(f"{ADDRESS}?{wrong}", headers={"HX-Request": "true"} if htmx else {})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert "plan-number" not in response.content.decode()


def test_what_nobody_could_collect_is_said(desk):
    response = desk.get(f"{ADDRESS}?gap=1&systems=60&judgments=1&participants=100")
    page = response.content.decode()
    assert response.status_code == 200
    assert "more than 10,000,000 participants; plan for a larger gap." in page
    assert "plan-number" not in page and "chance to find 1 Elo" in page


def test_too_few_to_find_anything(desk):
    page = desk.get(f"{ADDRESS}?systems=2&participants=5").content.decode()
    assert "<dd>0%</dd>" in page and "<dd>none</dd>" in page


class TestFromAStudy:
    def test_a_study_fills_the_form(self, desk, study, judge_study):
        judge_study(study, people=8, each=20, told=False)
        page = desk.get(f"{ADDRESS}?study=pilot").content.decode()
        assert 'name="judgments" value="20.0"' in page
        assert 'name="systems" value="2"' in page
        assert "Judgments: 160, participants: 8." in page
        assert 'type="hidden" name="study" value="pilot"' in page

    def test_what_is_asked_wins_over_what_was_learned(self, desk, study, judge_study):
        judge_study(study, people=8, each=20, told=False)
        page = desk.get(f"{ADDRESS}?study=pilot&judgments=5&taste=1").content.decode()
        assert 'name="judgments" value="5"' in page and 'name="taste" value="1"' in page

    def test_a_study_that_cannot_tell_the_tastes_says_so(self, desk, study, judge_study):
        judge_study(study, people=8, each=1, told=False)
        page = desk.get(f"{ADDRESS}?study=pilot").content.decode()
        assert "How much tastes differ cannot be told from it" in page
        assert "Only 0 judgments are by somebody who had judged the same pair before" in page
        assert 'name="taste" value="0.5"' in page

    def test_a_draft_tells_its_systems(self, desk, study):
        Study.objects.filter(pk=study.pk).update(status="draft")
        page = desk.get(f"{ADDRESS}?study=pilot").content.decode()
        assert "It has no judgments yet" in page and 'name="systems" value="2"' in page
        assert "/research/planner/?study=pilot" in desk.get("/research/studies/pilot/").content.decode()

    def test_an_open_study_no_longer_asks_how_many(self, desk, study):
        assert "/research/planner/?study=pilot" not in desk.get("/research/studies/pilot/").content.decode()

    def test_an_unknown_study_is_not_there(self, desk):
        assert desk.get(f"{ADDRESS}?study=nowhere").status_code == 404


def test_the_list_of_studies_leads_here(desk):
    assert 'href="/research/planner/"' in desk.get("/research/").content.decode()


def test_in_russian(desk):
    page = desk.get(f"{ADDRESS}?{PLAN}", headers={"Accept-Language": "ru"}).content.decode()
    assert "Планировщик" in page and "Сколько участников" in page
    assert 'name="taste" value="0.4"' in page  # a number field takes a point in every language
    assert "--taste-sd 0.4 " in page
    english = desk.get(f"{ADDRESS}?{PLAN}").content.decode()
    assert page.count("<polyline") == 3 and re.findall(r'points="[^"]*"', page) == re.findall(
        r'points="[^"]*"', english
    )
