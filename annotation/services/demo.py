"""The demo's campaign: the sample's queries, a part of them labelled by the two annotators who came with the sample."""

from annotation.models import Assignment, Campaign, Item, Query
from annotation.services.answered import add_settled, make_practice
from annotation.services.campaigns import create_campaign, open_campaign
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
LABELLED = 1_200
GOLD = 60
SEED = 2026


def open_demo_campaign(*, dataset: str, version: str) -> Campaign:
    """Open the campaign `demo`, once: practice, silent gold, two labels each, the first 1,200 of them labelled.

    No third label is asked for where the two differ, so that the lead finds something to adjudicate at once.
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
        _label_some(campaign, dataset_campaign(dataset, version))
        return open_campaign(campaign=campaign)


def _label_some(campaign: Campaign, source: Campaign) -> None:
    """Bring over both annotators' labels of the queries that came out first by lot."""
    first = campaign.items.filter(kind=Item.Kind.WORK).order_by("draw").values_list("query", flat=True)[:LABELLED]
    labels = Assignment.objects.labelled().filter(campaign=source, item__query__in=list(first))
    place_labels(
        campaign=campaign,
        labels=[
            ImportedLabel(query=query, annotator=annotator, category=category)
            for query, annotator, category in labels.order_by("pk").values_list(
                "item__query", "annotator__pseudonym", "category"
            )
        ],
    )
