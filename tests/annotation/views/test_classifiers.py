"""The pages of classifiers: what they show in every state, what they do, and what they refuse."""

import re

import pytest
from django.utils import timezone

from annotation.classifier.spec import Spec
from annotation.models import ClassifierPromotion, ClassifierRun, GoldVersion
from annotation.services.classifier_promotion import promote
from annotation.services.classifier_records import record_run
from annotation.services.classifier_runs import queue_run

pytestmark = pytest.mark.django_db
BASE = "/research/classifiers/"


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.MODELS_ROOT = tmp_path / "models"
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()


@pytest.fixture
def runs(trained_folders):
    return [
        record_run(directory=folder, name=f"Seed {number}", data_name="queries.jsonl")[0]
        for number, folder in enumerate(trained_folders, start=1)
    ]


@pytest.fixture
def visit(client, researcher):
    """The researcher's browser; returns (response, text)."""
    client.force_login(researcher)

    def visit(path="", data=None, **headers):
        address = path if path.startswith("/") else BASE + path
        response = client.get(address, **headers) if data is None else client.post(address, data)
        return response, re.sub(r"\s+", " ", response.content.decode())

    return visit


@pytest.fixture
def queued(make_gold_of):
    return queue_run(gold=make_gold_of("v1"), spec=Spec(model="tfidf"), by=None)


def form(gold, **values) -> dict[str, object]:
    given = {"gold": gold.pk, "model": "tfidf", "target": "both", "recipe": "default", "device": "cpu", "seed": "0"}
    return given | values


class TestList:
    def test_an_empty_one_says_what_to_do_first(self, visit):
        _, text = visit()
        assert "No classifier has been trained yet." in text
        assert "There is no gold version yet that classifiers can learn from." in text

    def test_figures_with_their_intervals(self, visit, runs):
        response, text = visit()
        assert response.status_code == 200
        macro = runs[0].metrics["categories"]["macro_f1"]
        assert f"{macro['value']:.3f}<small>{macro['ci'][0]:.3f}–{macro['ci'][1]:.3f}</small>" in text
        assert "queries.jsonl" in text and "Compare the chosen" in text

    def test_the_one_in_use_is_marked(self, visit, runs, lead):
        promote(run=runs[0], by=lead)
        _, text = visit()
        assert text.count('badge-good">in use') == 1
        assert "Roll back" not in text

    def test_cost_does_not_grow_with_runs(self, visit, runs, django_assert_max_num_queries):
        now = timezone.now()
        ClassifierRun.objects.bulk_create(
            ClassifierRun(name=f"R{n}", data_name="d", model="tfidf", artifact=f"a{n}", state="finished",
                          fingerprint=f"f{n}", queued_at=now)
            for n in range(30)
        )  # fmt: skip
        ClassifierRun.objects.bulk_create(
            ClassifierRun(name=f"Q{n}", data_name="d", model="tfidf", artifact=f"q{n}", fingerprint=f"q{n}",
                          queued_at=now, state="queued" if n else "running")
            for n in range(10)
        )  # fmt: skip
        with django_assert_max_num_queries(9):
            visit()


class TestTrain:
    def test_asks_for_a_run(self, visit, make_gold_of, researcher):
        gold = make_gold_of("v1")
        response, _ = visit(data=form(gold, seed="3", curve="on", overrides="C=0.5\n\nname = word", name="Mine"))
        run = ClassifierRun.objects.get()
        assert response["Location"] == f"{BASE}{run.pk}/"
        assert (run.seed, run.curve, run.name, run.created_by) == (3, True, "Mine", researcher)
        assert run.overrides == {"C": 0.5, "name": "word"}

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"gold": 999}, "Select a valid choice"),
            ({"model": ""}, "This field is required"),
            ({"target": "all"}, "Select a valid choice"),
            ({"seed": "-1"}, "greater than or equal to 0"),
            ({"overrides": "epochs"}, "“epochs”: write one name=value per line"),
            ({"overrides": "\n".join(f"a{n}=1" for n in range(51))}, "at most 50"),
        ],
    )
    def test_refusals_keep_what_was_typed(self, visit, make_gold_of, values, said):
        response, text = visit(data=form(make_gold_of("v1"), name="Kept") | values)
        assert response.status_code == 422
        assert said in text and 'value="Kept"' in text
        assert not ClassifierRun.objects.exists()

    def test_the_same_again_is_refused_with_a_sentence(self, visit, queued):
        response, text = visit(data=form(queued.gold))
        assert response.status_code == 409
        assert f"Run {queued.pk}, “tfidf · v1”, is exactly this" in text

    def test_only_versions_that_are_ready_are_offered(self, visit, make_gold_of):
        make_gold_of("ready")
        make_gold_of("half")
        GoldVersion.objects.filter(name="half").update(digest="")
        _, text = visit()
        assert "Little · ready" in text and "Little · half" not in text


class TestRun:
    def test_everything_about_a_finished_one(self, visit, runs, lead):
        promote(run=runs[0], by=lead)
        response, text = visit(f"{runs[0].pk}/")
        assert response.status_code == 200
        for said in (runs[0].fingerprint, runs[0].data_hash, runs[0].code_version, "By language", "By category"):
            assert said in text
        assert "Query-type classifier `tfidf`" in text  # the card as it lies beside it
        assert "reliability.svg" in text and "curve.svg" not in text
        assert "History of use" in text and "lead" in text

    def test_a_queued_one_is_followed_and_says_when_nobody_comes(self, visit, queued):
        _, text = visit(f"{queued.pk}/")
        assert f'hx-get="{BASE}{queued.pk}/state/"' in text and "A worker takes it in a moment." in text
        ClassifierRun.objects.update(queued_at=timezone.now() - timezone.timedelta(minutes=2))
        _, text = visit(f"{queued.pk}/state/")
        assert "and no worker has taken it." in text and f"run_classifier {queued.pk}" in text

    def test_one_that_waits_for_another_says_for_which(self, visit, queued):
        other = queue_run(gold=queued.gold, spec=Spec(model="tfidf", seed=1), by=None)
        ClassifierRun.objects.filter(pk=other.pk).update(state="running", started_at=timezone.now())
        _, text = visit(f"{queued.pk}/state/")
        assert f"Waits until run {other.pk} is done." in text

    def test_progress_and_silence(self, visit, queued):
        now = timezone.now()
        ClassifierRun.objects.update(state="running", step="fitting", done=3, total=12, heartbeat=now, host="box")
        response, text = visit(f"{queued.pk}/state/")
        assert "fitting" in text and "3 / 12" in text and 'width="25.0"' in text and "No sign of life" not in text
        assert "HX-Refresh" not in response
        ClassifierRun.objects.update(heartbeat=now - timezone.timedelta(minutes=6))
        assert "No sign of life since" in visit(f"{queued.pk}/state/")[1]

    def test_the_page_is_asked_for_anew_once_it_is_over(self, visit, queued):
        ClassifierRun.objects.update(state="failed", message="Too few queries.")
        response, text = visit(f"{queued.pk}/state/")
        assert response["HX-Refresh"] == "true" and "hx-get" not in text
        assert "Too few queries." in visit(f"{queued.pk}/")[1]

    def test_stop_go_on_delete(self, visit, queued):
        assert visit(f"{queued.pk}/stop/", {})[0].status_code == 302
        _, text = visit(f"{queued.pk}/")
        assert "It can go on from its last checkpoint." in text
        visit(f"{queued.pk}/go-on/", {})
        assert ClassifierRun.objects.get().state == "queued"
        response, text = visit(f"{queued.pk}/delete/", {})
        assert response.status_code == 409 and "only a run that was stopped or has failed can be deleted" in text
        visit(f"{queued.pk}/stop/", {})
        assert visit(f"{queued.pk}/delete/", {})[0]["Location"] == BASE
        assert not ClassifierRun.objects.exists()

    def test_what_is_not_there(self, visit, runs):
        for path in ("999/", "999/state/", "999/reliability.svg"):
            assert visit(path)[0].status_code == 404

    def test_a_link_to_gold_for_those_who_may_open_it(self, visit, queued, client, lead):
        link = "/lead/campaigns/little/gold/v1/"
        assert link not in visit(f"{queued.pk}/")[1]
        client.force_login(lead)
        assert link in visit(f"{queued.pk}/")[1]

    def test_in_russian(self, visit, runs):
        _, text = visit(f"{runs[0].pk}/", HTTP_ACCEPT_LANGUAGE="ru")
        assert "Классификаторы" in text and "How it was trained" not in text


class TestPictures:
    def test_served_as_a_picture_that_can_do_nothing(self, visit, runs):
        response, text = visit(f"{runs[0].pk}/reliability.svg")
        assert response["Content-Type"] == "image/svg+xml"
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert text.startswith("<svg")

    @pytest.mark.parametrize("name", ["manifest", "curve", "CARD", "other"])
    def test_nothing_else(self, visit, runs, name):
        (runs[0].directory / "other.svg").write_text("<svg/>")
        assert visit(f"{runs[0].pk}/{name}.svg")[0].status_code == 404

    def test_no_link_is_followed(self, visit, runs, tmp_path):
        (tmp_path / "secret").write_text("secret")
        (runs[0].directory / "curve.svg").symlink_to(tmp_path / "secret")
        assert visit(f"{runs[0].pk}/curve.svg")[0].status_code == 404


class TestPromote:
    def test_put_to_use_and_back_in_one_click(self, visit, runs):
        visit(f"{runs[0].pk}/promote/", {})
        response, _ = visit(f"{runs[1].pk}/promote/", {})
        assert response["Location"] == f"{BASE}{runs[1].pk}/"
        _, text = visit()
        assert "Roll back to Seed 1" in text
        newest = ClassifierPromotion.objects.first()
        response, _ = visit("roll-back/", {"expected": newest.pk})
        assert response["Location"] == f"{BASE}{runs[0].pk}/"
        assert visit("roll-back/", {"expected": newest.pk})[0].status_code == 409
        assert visit("roll-back/", {"expected": "x"})[0].status_code == 409

    def test_not_before_it_is_finished(self, visit, queued):
        response, text = visit(f"{queued.pk}/promote/", {})
        assert response.status_code == 409 and "only a finished run can be put to use" in text


class TestCompare:
    def test_two_side_by_side_with_their_paired_difference(self, visit, runs):
        response, text = visit(f"compare/?run={runs[0].pk}&run={runs[1].pk}")
        assert response.status_code == 200
        assert 'Seed 2</bdi> <span class="soft">against</span> <bdi>Seed 1' in text
        (pair,) = response.context["pairs"]
        assert pair["found"].comparison.queries > 0
        assert "cannot be told yet" in text  # so few queries are in both tests
        assert 'Seed <span class="badge badge-attention">differs</span>' in text

    def test_of_different_data_no_difference_is_told(self, visit, runs):
        ClassifierRun.objects.filter(pk=runs[1].pk).update(data_name="other.jsonl")
        _, text = visit(f"compare/?run={runs[0].pk}&run={runs[1].pk}")
        assert "They learned from different data" in text

    def test_lost_answers_are_said(self, visit, runs):
        ClassifierRun.objects.filter(pk=runs[1].pk).update(artifact="gone", fingerprint="0" * 64)
        _, text = visit(f"compare/?run={runs[0].pk}&run={runs[1].pk}")
        assert "are missing or cannot be read; train it again." in text

    @pytest.mark.parametrize("query", ["", "run=1", "run=x&run=y", "run=1&run=1", "run=1&run=999"])
    def test_two_at_least(self, visit, runs, query):
        query = query.replace("run=1", f"run={runs[0].pk}")
        response, text = visit(f"compare/?{query}")
        assert response.status_code == 400 and "Choose 2 to 6 finished runs to compare" in text


def test_admin_changes_nothing(client, runs, make_user):
    promote(run=runs[0], by=None)
    client.force_login(make_user("root", is_superuser=True, is_staff=True))
    for name, pk in (("classifierrun", runs[0].pk), ("classifierpromotion", ClassifierPromotion.objects.get().pk)):
        base = f"/admin/annotation/{name}/"
        assert client.get(base).status_code == 200
        assert client.get(f"{base}{pk}/change/").status_code == 200
        assert client.post(f"{base}{pk}/change/", {"name": "other"}).status_code == 403
        assert client.post(f"{base}{pk}/delete/", {"post": "yes"}).status_code == 403
