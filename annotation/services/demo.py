"""The demo's campaign: the sample's queries, a part of them labelled by the two annotators who came with the sample."""

from pathlib import Path

from annotation.classifier.spec import Spec
from annotation.models import Assignment, Campaign, ClassifierRun, GoldVersion, Item, Query
from annotation.selectors.classifiers import newest_promotion
from annotation.services.answered import add_settled, make_practice
from annotation.services.campaigns import create_campaign, open_campaign
from annotation.services.classifier_promotion import promote
from annotation.services.classifier_records import record_run
from annotation.services.classifier_runs import queue_run
from annotation.services.gold import make_gold
from annotation.services.imported_labels import ImportedLabel, place_labels
from annotation.services.imports import dataset_campaign
from annotation.services.items import add_queries
from annotation.services.taxonomies import shipped_taxonomy
from playoff.common.turns import writing_turn

SLUG = "demo"
TITLE = "What are listeners asking for?"
INSTRUCTIONS = (
    "Read the query as the listener typed it and choose the one category that fits it best. Ask yourself first: "
    "should two listeners with different taste get different playlists? If yes, look in the left block.\n\n"
    "Read a label’s guideline with g and its key. If a query can be read in two ways, flag it with f; if it is not in "
    "a language you read, skip it with the space bar."
)
ROUNDS = {"round-1": 1_000, "round-2": 1_200}
"""Gold versions, and how many queries are labelled when each is made: what 200 more labels bought is on the page."""
GOLD = 60
SEED = 2026
CLASSIFIER = "All of the sample, words and n-grams"
SAMPLE = "playoff-sample"


def open_demo_campaign(*, dataset: str, version: str) -> Campaign:
    """Open the campaign `demo`, once: practice, silent gold, two labels each, the first 1,200 of them labelled.

    Of these, two gold versions are made, one after each round. No third label is asked for where the two differ, so
    that the lead finds something to adjudicate at once.
    """
    campaign = Campaign.objects.filter(slug=SLUG).first()
    if campaign is not None and campaign.status != Campaign.Status.DRAFT:
        return campaign
    with writing_turn():
        campaign = campaign or create_campaign(
            by=None, taxonomy=shipped_taxonomy(), slug=SLUG, title=TITLE, instructions=INSTRUCTIONS, seed=SEED,
            overlap=2, third_label=False, order=Campaign.Order.USEFUL, strategy=Campaign.Strategy.DIVERSITY,
        )  # fmt: skip
        if not campaign.items.filter(kind=Item.Kind.GOLD).exists():
            make_practice(campaign=campaign, language="en", count=len(campaign.taxonomy.taxonomy.slugs))
            add_settled(campaign=campaign, kind=Item.Kind.GOLD, count=GOLD)
        add_queries(campaign=campaign, queries=Query.objects.filter(dataset=dataset, dataset_version=version))
        for name, labelled in ROUNDS.items():
            _label_some(campaign, dataset_campaign(dataset, version), labelled)
            if not GoldVersion.objects.filter(campaign=campaign, name=name).exclude(digest="").exists():
                make_gold(campaign=campaign, name=name, by=None, at_once=True)
        return open_campaign(campaign=campaign)


def queue_demo_runs() -> list[int]:
    """Ask for a classifier of each gold version; returns the numbers of the runs that are still to be trained."""
    for gold in GoldVersion.objects.filter(campaign__slug=SLUG, name__in=ROUNDS).order_by("pk"):
        if not ClassifierRun.objects.filter(gold=gold).exists():
            queue_run(gold=gold, spec=Spec("tfidf"), by=None)
    waiting = ClassifierRun.objects.filter(campaign__slug=SLUG, state=ClassifierRun.State.QUEUED)
    return list(waiting.order_by("pk").values_list("pk", flat=True))


def use_demo_classifier(directory: Path) -> None:
    """Enter the classifier of the whole sample, and put it to use unless somebody has chosen another one already."""
    run, _new = record_run(directory=directory, name=CLASSIFIER, data_name=SAMPLE)
    if newest_promotion() is None:
        promote(run=run, by=None)


def _label_some(campaign: Campaign, source: Campaign, most: int) -> None:
    """Bring over both annotators' labels of those queries without any that are among the first `most` by lot."""
    work = campaign.items.filter(kind=Item.Kind.WORK).order_by("draw")[:most]
    first = [item.query_id for item in work if not item.labelled]
    labels = Assignment.objects.labelled().filter(campaign=source, item__query__in=first)
    place_labels(
        campaign=campaign,
        labels=[
            ImportedLabel(query=query, annotator=annotator, category=category)
            for query, annotator, category in labels.order_by("pk").values_list(
                "item__query", "annotator__pseudonym", "category"
            )
        ],
    )
