"""Time a log's whole way into a campaign, against the obvious way: everything in memory, then `bulk_create`.

    python benchmarks/import_queries.py [--rows 5000] [--million] [--database URL]

Read, chosen, reported and written as the command does it, all rows of a user kept so that nearly all are written. Every
way has a database and a process of its own: seconds of wall clock and of the processor (the database server's not
counted), memory beyond what the process had before, and the longest batch, for which every other writer waits on
SQLite. With `--million`, a million rows.
"""

import argparse
import csv
import multiprocessing
import os
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "platform"), str(ROOT / "benchmarks")]

from intake import MIB, make_log, peak  # noqa: E402


def ours(path: Path) -> dict[str, float]:
    from annotation.services import intake as services
    from annotation.services.intake_reading import IntakeOptions, begin_intake, read_intake
    from annotation.services.intake_writing import write_on

    began = time.monotonic()
    options = IntakeOptions(per_user=None)
    with path.open("rb") as stream:
        intake = begin_intake(
            campaign=campaign(), by=None, name=path.name, size=path.stat().st_size, options=options, door="command"
        )
        intake = read_intake(intake=intake, stream=stream, progress=lambda *_: None)
    marks = {"read and choose": time.monotonic() - began}
    began = time.monotonic()
    services.confirm(intake=intake, seconds=0, wake=False)
    batches = [time.monotonic()]
    intake = write_on(intake_id=intake.pk, seconds=float("inf"), progress=lambda _now: batches.append(time.monotonic()))
    marks["write"] = time.monotonic() - began
    marks["longest batch"] = max(after - before for before, after in pairwise(batches))
    return marks | {"queries": intake.written}


def obvious(path: Path) -> dict[str, float]:
    from annotation.models import Query
    from annotation.services.items import add_queries
    from annotation.services.queries import family_of

    began = time.monotonic()
    with path.open(newline="") as stream:
        texts = list(dict.fromkeys(text for row in csv.DictReader(stream) if (text := row["query"].strip())))
    queries = [
        Query(dataset="log", dataset_version="1", external_id=str(number), text=text, language="en",
              family=family_of(text))
        for number, text in enumerate(texts)
    ]  # fmt: skip
    marks = {"read and choose": time.monotonic() - began}
    began = time.monotonic()
    add_queries(campaign=campaign(), queries=Query.objects.bulk_create(queries))
    return marks | {"write": time.monotonic() - began, "queries": len(queries)}


def campaign():
    from annotation.services.campaigns import create_campaign
    from annotation.services.taxonomies import shipped_taxonomy

    return create_campaign(by=None, taxonomy=shipped_taxonomy(), slug="log", title="Log")


def measured(way: str, path: Path, home: str, database: str) -> dict[str, float]:
    os.environ |= {"PLAYOFF_HOME": home, "SECRET_KEY": "benchmark", "ENV_FILE": os.devnull, "LOG_LEVEL": "ERROR"}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "playoff.settings", "DATABASE_URL": database}
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("flush", verbosity=0, interactive=False)
    work = {"ours": ours, "obvious": obvious}[way]
    before, wall, processor = peak(), time.monotonic(), time.process_time()
    marks = work(path)
    return marks | {
        "wall": time.monotonic() - wall,
        "processor": time.process_time() - processor,
        "MiB": (peak() - before) / MIB,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5_000)
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--database", default="", help="URL of an empty PostgreSQL database; else SQLite")
    options = parser.parse_args()
    rows = 1_000_000 if options.million else options.rows
    spawn = multiprocessing.get_context("spawn")
    results = {}
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "log.csv"
        make_log(path, rows)
        for way in ("ours", "obvious"):
            home = Path(directory) / way
            home.mkdir()
            with spawn.Pool(1) as pool:
                results[way] = pool.apply(measured, (way, path, str(home), options.database))
        print(f"{rows} rows, {path.stat().st_size / MIB:.0f} MiB")
    print(f"{'':24}{'ours':>10}{'obvious':>12}{'ratio':>8}")
    for name in ("wall", "processor", "read and choose", "write", "MiB"):
        mine, theirs = results["ours"][name], results["obvious"][name]
        print(f"  {name:22}{mine:10.1f}{theirs:12.1f}{theirs / max(mine, 0.01):8.2f}")
    print(f"  {'longest batch':22}{results['ours']['longest batch']:10.3f}")
    print(f"  {'queries written':22}{results['ours']['queries']:10.0f}{results['obvious']['queries']:12.0f}")


if __name__ == "__main__":
    main()
