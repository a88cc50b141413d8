import pytest

from annotation.models import Assignment, Item
from annotation.public import open_demo_campaign
from annotation.services import demo
from annotation.services.imports import import_labelled_queries
from annotation.services.labelling import next_items, record_label

pytestmark = pytest.mark.django_db


def test_the_demo_campaign_has_something_on_every_page(little, annotator, monkeypatch):
    monkeypatch.setattr(demo, "LABELLED", 50)
    monkeypatch.setattr(demo, "GOLD", 10)
    import_labelled_queries(dataset="little", version="1", queries=little)
    campaign = open_demo_campaign(dataset="little", version="1")
    assert campaign.status == "open"
    work = campaign.items.filter(kind="work")
    assert (work.count(), campaign.items.filter(kind="gold").count()) == (len(little) - 10, 10)
    assert Assignment.objects.votes().filter(campaign=campaign).count() == 100
    assert work.filter(labelled=2, free=0).count() == 50
    assert set(Item.objects.filter(campaign=campaign, kind="work").values_list("wanted", flat=True)) == {2}
    campaign.refresh_from_db()
    bench = next_items(campaign, annotator)
    assert bench.held[0].practice
    outcome = record_label(campaign, annotator, query=bench.held[0].query, category="travel")
    assert outcome.answer


def test_it_is_made_once(little, monkeypatch):
    monkeypatch.setattr(demo, "GOLD", 10)
    import_labelled_queries(dataset="little", version="1", queries=little)
    first = open_demo_campaign(dataset="little", version="1")
    again = open_demo_campaign(dataset="little", version="1")
    assert first == again
    assert Item.objects.filter(campaign=first).count() == again.items.count()
