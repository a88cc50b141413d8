import pytest

from annotation.models import Assignment, ClassifierPromotion, ClassifierRun, GoldVersion, Item
from annotation.public import open_demo_campaign, promoted_classifier, queue_demo_runs, use_demo_classifier
from annotation.services import demo
from annotation.services.imports import import_labelled_queries
from annotation.services.labelling import next_items, record_label

pytestmark = pytest.mark.django_db


def test_the_demo_campaign_has_something_on_every_page(little, annotator, monkeypatch):
    monkeypatch.setattr(demo, "ROUNDS", {"round-1": 30, "round-2": 50})
    monkeypatch.setattr(demo, "GOLD", 10)
    import_labelled_queries(dataset="little", version="1", queries=little)
    campaign = open_demo_campaign(dataset="little", version="1")
    assert campaign.status == "open"
    work = campaign.items.filter(kind="work")
    assert (work.count(), campaign.items.filter(kind="gold").count()) == (len(little) - 10, 10)
    assert Assignment.objects.votes().filter(campaign=campaign).count() == 100
    assert work.filter(labelled=2, free=0).count() == 50
    assert [gold.rows_count for gold in GoldVersion.objects.order_by("pk")] == [30, 50]
    assert set(Item.objects.filter(campaign=campaign, kind="work").values_list("wanted", flat=True)) == {2}
    campaign.refresh_from_db()
    bench = next_items(campaign, annotator)
    assert bench.held[0].practice
    outcome = record_label(campaign, annotator, query=bench.held[0].query, category="travel")
    assert outcome.answer


def test_it_is_made_once(little, monkeypatch):
    monkeypatch.setattr(demo, "ROUNDS", {"round-1": 30, "round-2": 50})
    monkeypatch.setattr(demo, "GOLD", 10)
    import_labelled_queries(dataset="little", version="1", queries=little)
    first = open_demo_campaign(dataset="little", version="1")
    again = open_demo_campaign(dataset="little", version="1")
    assert first == again
    assert Item.objects.filter(campaign=first).count() == again.items.count()


def test_each_round_is_trained_once(little, monkeypatch):
    monkeypatch.setattr(demo, "ROUNDS", {"round-1": 60, "round-2": 120})
    monkeypatch.setattr(demo, "GOLD", 10)
    import_labelled_queries(dataset="little", version="1", queries=little)
    open_demo_campaign(dataset="little", version="1")
    waiting = queue_demo_runs()
    assert [ClassifierRun.objects.get(pk=pk).gold.name for pk in waiting] == ["round-1", "round-2"]
    assert queue_demo_runs() == waiting
    ClassifierRun.objects.filter(pk=waiting[0]).update(state="stopped")
    assert queue_demo_runs() == waiting[1:]


def test_the_demo_uses_its_classifier_unless_somebody_chose_another(artifact, trained, settings, tmp_path, researcher):
    settings.MODELS_ROOT = tmp_path
    use_demo_classifier(directory=artifact)
    assert promoted_classifier().fingerprint == trained[1].fingerprint
    use_demo_classifier(directory=artifact)
    assert (ClassifierRun.objects.count(), ClassifierPromotion.objects.count()) == (1, 1)
