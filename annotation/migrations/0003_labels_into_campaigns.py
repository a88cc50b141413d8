"""Labels of data sets move into closed campaigns, one per version of a data set."""

import hashlib
from collections import defaultdict

from django.db import migrations
from django.utils.text import slugify


def move(apps, schema_editor):
    from annotation.classifier.dataset import near_duplicate_key
    from annotation.taxonomy import DEFAULT_TAXONOMY

    models = {name: apps.get_model("annotation", name) for name in
              ("Query", "Label", "Campaign", "TaxonomyVersion", "Item", "Annotator", "Assignment", "LabelEvent")}
    for query in models["Query"].objects.filter(family="").iterator(chunk_size=2000):
        family = hashlib.blake2b(near_duplicate_key(query.text).encode(), digest_size=8).hexdigest()
        models["Query"].objects.filter(pk=query.pk).update(family=family)
    labels = models["Label"].objects.select_related("query").order_by("pk")
    if not labels.exists():
        return
    taxonomy, _ = models["TaxonomyVersion"].objects.get_or_create(
        slug=DEFAULT_TAXONOMY.slug, number=DEFAULT_TAXONOMY.version,
        defaults={"document": DEFAULT_TAXONOMY.to_document(), "digest": DEFAULT_TAXONOMY.digest},
    )
    campaigns, annotators, items, given = {}, {}, {}, defaultdict(list)
    for label in labels.iterator(chunk_size=2000):
        source = (label.query.dataset, label.query.dataset_version)
        if source not in campaigns:
            slug = f"dataset-{slugify(source[0])[:25]}-{slugify(source[1])[:15]}".rstrip("-")
            campaigns[source] = models["Campaign"].objects.create(
                slug=slug, title=f"{source[0]} {source[1]}", instructions="The labels that came with the data set.",
                status="closed", taxonomy=taxonomy, third_label=False, gold_rate=0.0,
            )
        campaign = campaigns[source]
        who = (campaign.pk, label.annotator)
        if who not in annotators:
            annotators[who] = models["Annotator"].objects.create(
                campaign=campaign, pseudonym=label.annotator, user_id=label.user_id
            )
        if label.query_id not in items:
            draw = int.from_bytes(hashlib.blake2b(f"0:{label.query_id}".encode(), digest_size=8).digest(), "big") >> 2
            items[label.query_id] = models["Item"].objects.create(
                campaign=campaign, query_id=label.query_id, planned=0, wanted=0, draw=draw, rank=draw
            )
        given[label.query_id].append((label, annotators[who]))
    for query_id, labelled in given.items():
        item = items[query_id]
        for label, annotator in labelled:
            made = dict(campaign_id=item.campaign_id, item=item, annotator=annotator,
                        taxonomy_version=label.taxonomy_version, origin="import")
            models["Assignment"].objects.create(
                state="labelled", category=label.category, acted_at=label.created_at, **made
            )
            models["LabelEvent"].objects.create(
                action="label", new=label.category, at=label.created_at, actor_id=label.user_id, **made
            )
        categories = [label.category for label, _ in labelled]
        top = max(categories.count(category) for category in categories)
        n = len(categories)
        models["Item"].objects.filter(pk=item.pk).update(
            planned=n, wanted=n, labelled=n, dispute=0.5 if n > 1 and 2 * top <= n else None
        )
    for annotator in annotators.values():
        mine = models["Assignment"].objects.filter(annotator=annotator)
        annotator.labelled = mine.count()
        annotator.last_label_at = mine.order_by("-acted_at").values_list("acted_at", flat=True).first()
        annotator.save()


class Migration(migrations.Migration):
    dependencies = [("annotation", "0002_campaigns")]
    # backwards there is nothing to do: the labels still stand in their old table, which the next step removes
    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
