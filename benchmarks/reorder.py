"""Reorder a pool while somebody labels in it: seconds, processor, memory, and how long the labels take meanwhile.

    python benchmarks/reorder.py [--items 4950 1000000] [--labelled 1200] [--strategy margin]

SQLite, one person labelling without a pause, the reorder in a process of its own at low priority as the worker starts
it. Texts are the sample's, of the big pool with a number behind each. The obvious alternative, a queue sorted in one
transaction, is what the last line times: one UPDATE of every open item, which nobody could label beside.
"""

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ITEMS = """
INSERT INTO annotation_item (campaign_id, query_id, kind, answer, why, planned, wanted, labelled, leased, draw, rank,
    origin, guess, guess_model)
SELECT {campaign}, id, 'work', '', '', 1, 1, 0, 0, abs(random() / 2), 0, 'random', '', '' FROM annotation_query
"""
QUERIES = """
WITH RECURSIVE round(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM round WHERE number < {rounds})
INSERT INTO annotation_query (dataset, dataset_version, external_id, text, language, family, listener)
SELECT 'more', '1', round.number || '-' || id, text || ' ' || round.number, language, '', ''
FROM annotation_query, round LIMIT {count}
"""


def quantile(values: list[float], share: float) -> float:
    return 1000 * sorted(values)[int(share * (len(values) - 1))]


def make_pool(items: int, labelled: int, strategy: str):
    from django.db import connection

    from annotation.classifier.reading import read_queries
    from annotation.models import Item, Query
    from annotation.services.campaigns import create_campaign, open_campaign
    from annotation.services.imported_labels import ImportedLabel, place_labels
    from annotation.services.taxonomies import shipped_taxonomy

    sample = list(read_queries(ROOT / "sample" / "queries.jsonl"))
    queries = Query.objects.bulk_create(
        Query(dataset="sample", dataset_version="1", external_id=row.id, text=row.text, language=row.language)
        for row in sample[:items]
    )
    campaign = create_campaign(
        by=None, taxonomy=shipped_taxonomy(), slug="pool", title="Pool", order="useful", strategy=strategy, overlap=1,
        gold_rate=0.0, seed=7,
    )  # fmt: skip
    with connection.cursor() as cursor:
        if items > len(queries):
            rounds, count = items // len(queries) + 1, items - len(queries)
            cursor.execute(QUERIES.format(rounds=rounds, count=count))
        cursor.execute(ITEMS.format(campaign=campaign.pk))
    campaign = open_campaign(campaign=campaign)
    given = Item.objects.filter(campaign=campaign, query__in=queries).order_by("rank").values_list("query", flat=True)
    first = {query.pk: row.annotations[0][1] for query, row in zip(queries, sample, strict=False)}
    place_labels(campaign=campaign, labels=[ImportedLabel(query, "a", first[query]) for query in given[:labelled]])
    return campaign


def label_until(campaign, user, stop) -> list[float]:
    from annotation.models import Campaign
    from annotation.services.labelling import next_items, record_label

    waits: list[float] = []
    query = next_items(campaign, user).held[0].query
    while not stop(len(waits)):
        campaign = Campaign.objects.select_related("taxonomy").get(pk=campaign.pk)
        began = time.perf_counter()
        query = record_label(campaign, user, query=query, category="travel").bench.held[0].query
        waits.append(time.perf_counter() - began)
    return waits


def measure(items: int, labelled: int, strategy: str) -> None:
    from django.db import transaction

    from annotation.models import Item
    from playoff.accounts.models import User

    began = time.perf_counter()
    campaign = make_pool(items, labelled, strategy)
    print(f"{items} items set up in {time.perf_counter() - began:.0f} s", flush=True)
    user = User.objects.create_user("ann", is_annotator=True)
    alone = label_until(campaign, user, lambda count: count >= 300)
    command = [sys.executable, str(ROOT / "manage.py"), "reorder", "pool", "--low-priority"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    waits = label_until(campaign, user, lambda _count: os.waitid(os.P_PID, child.pid, WAIT) is not None)
    _pid, _status, usage = os.wait4(child.pid, 0)
    assert child.stdout
    print(f"{items} items: {'; '.join(child.stdout.read().splitlines())}")
    print(f"  {usage.ru_utime + usage.ru_stime:.1f} s processor, {usage.ru_maxrss / 1024:.0f} MiB at most")
    for name, times in (("alone", alone), ("meanwhile", waits)):
        print(
            f"  a label, {name}: {len(times)} labels, p50 {quantile(times, 0.5):.1f}  p95 {quantile(times, 0.95):.1f}"
            f"  max {quantile(times, 1):.1f} ms"
        )
    began = time.perf_counter()
    with transaction.atomic():
        Item.objects.filter(campaign=campaign, labelled=0).update(rank=-1, origin=strategy)
    print(f"  writing all open items in one transaction: nobody can label for {time.perf_counter() - began:.1f} s")


WAIT = os.WEXITED | os.WNOHANG | os.WNOWAIT


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, nargs="+", default=[4_950, 1_000_000])
    parser.add_argument("--labelled", type=int, default=1_200)
    parser.add_argument("--strategy", default="margin")
    options = parser.parse_args()
    if len(options.items) > 1:
        for items in options.items:  # a database each
            more = ["--items", str(items), "--labelled", str(options.labelled), "--strategy", options.strategy]
            subprocess.run([sys.executable, __file__, *more], check=True)
        return
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {
            "PLAYOFF_HOME": home, "SECRET_KEY": secrets.token_hex(32), "ENV_FILE": os.devnull, "DATABASE_URL": "",
            "LOG_LEVEL": "WARNING", "DJANGO_SETTINGS_MODULE": "playoff.settings", "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }  # fmt: skip
        sys.path[:0] = [str(ROOT), str(ROOT / "platform")]
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        measure(options.items[0], options.labelled, options.strategy)


if __name__ == "__main__":
    main()
