"""Time a campaign's exports and gold versions out of its database, and how much memory a long export takes.

    python benchmarks/campaign_export.py [--queries 5000] [--votes 3] [--big 20000]

A database of its own in a folder that is thrown away. Beside the streamed files stands the obvious way: every label as
a model with its query and annotator, all of them in one list and one string. Memory is what Python held at most above
what it had held before (tracemalloc), at two sizes, in runs apart from the timed ones.
"""

import argparse
import csv
import io
import os
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--queries", type=int, default=5_000)
    parser.add_argument("--votes", type=int, default=3, help="labels per query")
    parser.add_argument("--big", type=int, default=20_000, help="queries of the second campaign, for memory")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        set_up(home)
        small = make_campaign("small", options.queries, options.votes)
        print(f"{options.queries} queries, {options.votes} labels each; wall seconds, and processor seconds")
        times(small)
        big = make_campaign("big", options.big, options.votes)
        print(f"most MiB held: {options.queries} queries, {options.big} queries")
        for name, work in exports(small).items():
            print(f"  {name:40}{held(work):8.1f}{held(exports(big)[name]):8.1f}")


def set_up(home: str) -> None:
    os.environ |= {"PLAYOFF_HOME": home, "SECRET_KEY": "benchmark", "ENV_FILE": str(Path(home) / "none")}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "playoff.settings", "LOG_LEVEL": "WARNING"}
    os.environ.pop("DATABASE_URL", None)
    sys.path[:0] = [str(ROOT), str(ROOT / "platform")]
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def make_campaign(slug: str, queries: int, votes: int) -> Any:
    from annotation.models import Query
    from annotation.services.campaigns import create_campaign
    from annotation.services.imported_labels import ImportedLabel, place_labels
    from annotation.services.taxonomies import shipped_taxonomy

    taxonomy = shipped_taxonomy()
    campaign = create_campaign(by=None, taxonomy=taxonomy, slug=slug, title=slug, overlap=votes)
    slugs = taxonomy.taxonomy.slugs
    for start in range(0, queries, 5_000):
        made = Query.objects.bulk_create(
            Query(dataset=slug, dataset_version="1", external_id=f"{n}", language="ru", family=f"{n:016}",
                  text=f"спокойная музыка для вечерней пробежки {n}")
            for n in range(start, min(queries, start + 5_000))
        )  # fmt: skip
        place_labels(
            campaign=campaign,
            labels=[
                # every fifth label is another one, so that some are settled, some tied and some unanimous
                ImportedLabel(query.pk, f"a{vote}", slugs[(query.pk + (query.pk * 7 + vote) % 5 // 4) % 19], 2.5)
                for query in made
                for vote in range(votes)
            ],
        )
    return campaign


def exports(campaign: Any) -> dict[str, Callable[[], int]]:
    from annotation.services.exports import export_of
    from playoff.common.clock import database_now

    def ours(format_: str, at: str = "") -> Callable[[], int]:
        return lambda: sum(map(len, export_of(campaign, format_=format_, at=at).chunks()))

    return {
        "csv": ours("csv"),
        "jsonl": ours("jsonl"),
        "parquet": ours("parquet"),
        "csv, as it stood a moment ago": ours("csv", database_now().isoformat()),
        "csv, the obvious way": lambda: at_once(campaign),
    }


def at_once(campaign: Any) -> int:
    from annotation.models import Assignment

    rows = [
        {
            "query": row.item.query_id, "text": row.item.query.text, "language": row.item.query.language,
            "annotator": row.annotator.pseudonym, "category": row.category, "seconds": row.seconds,
            "at": str(row.acted_at), "origin": row.origin, "kind": row.item.kind, "guess": row.guess,
            "late": row.late, "surplus": row.surplus, "flag": row.flag, "comment": row.comment,
        }
        for row in Assignment.objects.filter(campaign=campaign, state="labelled").select_related(
            "item__query", "annotator"
        )
    ]  # fmt: skip
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return len(stream.getvalue().encode())


def times(campaign: Any) -> None:
    from annotation.services.datasets import dataset_zip
    from annotation.services.gold import make_gold

    work: dict[str, Callable[[], Any]] = dict(exports(campaign))
    for method in ("majority", "dawid-skene", "mace"):
        work[f"gold version, {method}"] = partial(make_gold, campaign=campaign, name=method, by=None, method=method)
    for name, job in work.items():
        if name in exports(campaign):
            job()
        report(name, job)
    version = campaign.gold_versions.first()
    report("folder for `datasets`, zipped", lambda: sum(map(len, dataset_zip(version))))


def report(name: str, job: Callable[[], Any]) -> None:
    wall, processor = time.perf_counter(), time.process_time()
    job()
    print(f"  {name:40}{time.perf_counter() - wall:8.2f}{time.process_time() - processor:8.2f}")


def held(job: Callable[[], Any]) -> float:
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        job()
        return (tracemalloc.get_traced_memory()[1] - before) / 2**20
    finally:
        tracemalloc.stop()


if __name__ == "__main__":
    main()
