"""The lead's page that closes the loop: from new labels to gold to a classifier, and what they have brought."""

import pytest

from annotation.classifier.spec import Spec
from annotation.models import ClassifierRun, GoldVersion
from annotation.selectors.classifier_comparison import loop_of
from annotation.services.classifier_runs import queue_run
from annotation.services.classifier_training import execute_run
from annotation.services.taxonomies import add_taxonomy
from annotation.taxonomy import DEFAULT_TAXONOMY

pytestmark = pytest.mark.django_db
PATH = "/lead/campaigns/little/classifier/"


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.MODELS_ROOT = tmp_path / "models"
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()


def trained(gold) -> ClassifierRun:
    run = execute_run(run_id=queue_run(gold=gold, spec=Spec(model="tfidf"), by=None).pk)
    assert run.state == "finished", run.message
    return run


def test_before_the_first_classifier(page, make_gold_of):
    make_gold_of("v1", examples=100)
    _, text = page(PATH)
    assert "<strong>100</strong> <span>labels, and no classifier yet" in text
    assert "Make gold and train" in text


def test_what_more_labels_have_brought(page, make_gold_of, django_assert_max_num_queries):
    first = trained(make_gold_of("v1", examples=150))
    second = trained(make_gold_of("v2", examples=200))
    make_gold_of("v3")
    loop = loop_of(second.campaign)
    assert (loop.labels, loop.since, loop.newest) == (228, 28, second)
    assert [(step.run.pk, step.labels, step.more) for step in loop.steps] == [
        (second.pk, 200, 50), (first.pk, 150, None),
    ]  # fmt: skip
    found = loop.steps[0].compared.comparison
    assert 0 < found.queries <= first.split["test"]
    with django_assert_max_num_queries(12):
        _, text = page(PATH)
    assert "<strong>28</strong> <span>new labels since the last classifier, of 228" in text
    assert "50 more labels: " in text and "cannot be told yet" in text
    _, overview = page("/lead/campaigns/little/")
    value = second.metrics["categories"]["macro_f1"]["value"]
    assert f'href="{PATH}">{value:.2f}</a><small>28 new labels since' in overview


def test_runs_of_another_kind_are_no_step(make_gold_of):
    trained(make_gold_of("v1", examples=150))
    other = trained(make_gold_of("v2"))
    ClassifierRun.objects.filter(pk=other.pk).update(model="another")
    assert [step.run.pk for step in loop_of(other.campaign).steps] == [other.pk]


def test_make_gold_and_train_in_one_click(page, make_gold_of, lead):
    trained(make_gold_of("v1", examples=150))
    make_gold_of("named", examples=200)
    response, _ = page(PATH + "train/", {})
    assert response["Location"] == PATH
    run = ClassifierRun.objects.order_by("-pk").first()
    assert (run.state, run.gold.name, run.model, run.created_by) == ("queued", "v2", "tfidf", lead)
    assert run.gold.summary["votes"] == 200
    assert "queued" in page(PATH)[1]


def test_no_label_no_gold(page, make_campaign):
    campaign = make_campaign()
    path = f"/lead/campaigns/{campaign.slug}/classifier/"
    _, text = page(path)
    assert "First somebody labels" in text and "Make gold" not in text
    assert page(path + "train/", {})[0].status_code == 400
    assert not GoldVersion.objects.exists()


def test_another_taxonomy_is_refused_before_gold_is_made(page, make_gold_of, lead):
    document = DEFAULT_TAXONOMY.to_document() | {"slug": "my-own", "version": 1}
    make_gold_of("v1", taxonomy=add_taxonomy(document=document, by=lead))
    assert "Classifiers know the shipped taxonomy only" in page(PATH)[1]
    response, text = page(PATH + "train/", {})
    assert response.status_code == 400 and "is labelled under my-own 1" in text
    assert GoldVersion.objects.count() == 1
