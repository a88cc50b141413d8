"""A little set of labelled queries that a linear classifier can tell apart, and the classifier trained on it."""

import random

import pytest

from annotation.classifier.dataset import Example
from annotation.classifier.registry import train_classifier
from annotation.classifier.spec import Spec
from annotation.taxonomy import CATEGORIES


def little_examples(per_category: int = 12) -> list[Example]:
    chance = random.Random(0)
    fillers = ["please", "now", "музыка", "something", "нужна", "tonight"]
    examples = []
    for category in CATEGORIES:
        for number in range(per_category):
            language = ("en", "ru")[number % 2]
            words = category.examples(language)[0]
            if language == "en":
                words += f" {category.title(language)}"
            picked = chance.sample(words.split(), k=min(2, len(words.split())))
            text = " ".join([*picked, chance.choice(fillers), f"n{number}x{len(examples)}"])
            labels = (("a1", category.slug), ("a2", category.slug))
            examples.append(Example(f"q{len(examples)}", text, language, labels))
    return examples


@pytest.fixture(scope="session")
def little() -> list[Example]:
    return little_examples()


@pytest.fixture(scope="session")
def trained(little):
    """(classifier, training result) of the little set."""
    return train_classifier(Spec("tfidf", seed=7), little)


@pytest.fixture
def artifact(trained, tmp_path):
    """The folder of the classifier of the little set."""
    trained[0].save(tmp_path / "model")
    return tmp_path / "model"


@pytest.fixture
def make_queries(db):
    """Queries of one data set: `make_queries(3, language="ru")`."""
    from annotation.models import Query
    from annotation.services.queries import family_of

    def make(count: int, *, dataset: str = "log", language: str = "en") -> list:
        texts = [f"{dataset} {language} {number}" for number in range(count)]
        return Query.objects.bulk_create(
            Query(dataset=dataset, dataset_version="1", external_id=f"q{number:05}", text=text, language=language,
                  family=family_of(text))
            for number, text in enumerate(texts)
        )  # fmt: skip

    return make


@pytest.fixture
def make_campaign(make_queries):
    """An open campaign with queries of its own: `make_campaign(queries=5, overlap=2)`."""
    from annotation.models import Campaign
    from annotation.services.campaigns import create_campaign, open_campaign
    from annotation.services.items import add_queries
    from annotation.services.taxonomies import shipped_taxonomy

    def make(*, queries: int = 5, opened: bool = True, by=None, **settings) -> Campaign:
        number = Campaign.objects.count() + 1
        settings = {"slug": f"campaign-{number}", "title": f"Campaign {number}", "seed": 7, **settings}
        campaign = create_campaign(by=by, taxonomy=shipped_taxonomy(), **settings)
        add_queries(campaign=campaign, queries=make_queries(queries, dataset=f"log{number}"))
        return open_campaign(campaign=campaign) if opened else campaign

    return make


@pytest.fixture
def make_annotators(make_user):
    def make(count: int) -> list:
        return [make_user(f"annotator{number}", is_annotator=True) for number in range(count)]

    return make


@pytest.fixture
def make_gold_of(db, little):
    """A gold version of the little set: `make_gold_of("v1", examples=100)`; the same campaign for every version."""
    from annotation.models import Campaign, Query
    from annotation.services.campaigns import create_campaign, open_campaign
    from annotation.services.gold import make_gold
    from annotation.services.imported_labels import ImportedLabel, place_labels
    from annotation.services.items import add_queries
    from annotation.services.queries import family_of
    from annotation.services.taxonomies import shipped_taxonomy

    def make(name: str, *, examples: int | None = None, taxonomy=None):
        campaign = Campaign.objects.filter(slug="little").first()
        if campaign is None:
            campaign = create_campaign(
                by=None, taxonomy=taxonomy or shipped_taxonomy(), slug="little", title="Little", seed=7, overlap=1
            )
            queries = Query.objects.bulk_create(
                Query(dataset="little", dataset_version="1", external_id=one.id, text=one.text, language=one.language,
                      family=family_of(one.text))
                for one in little
            )  # fmt: skip
            add_queries(campaign=campaign, queries=queries)
            campaign = open_campaign(campaign=campaign)
        slugs = campaign.taxonomy.taxonomy.slugs
        queries = Query.objects.filter(dataset="little").order_by("pk")
        labels = [
            ImportedLabel(query.pk, "a1", one.category if one.category in slugs else slugs[0])
            for query, one in list(zip(queries, little, strict=True))[:examples]
        ]
        place_labels(campaign=campaign, labels=labels)
        return make_gold(campaign=campaign, name=name, by=None)

    return make
