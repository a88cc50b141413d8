"""Time writing labels out, and how much memory it takes, beside the obvious way: all rows as dictionaries at once.

    python benchmarks/export.py [--sizes 5000 100000] [--million 1000000]

Each figure comes from a process of its own: processor seconds without making the records, and the memory that writing
added to what a process with the libraries and no records takes. The obvious way is left out at the largest size, where
it would need several GB.
"""

import argparse
import csv
import io
import json
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from annotation.export.digest import content_hash
from annotation.export.records import VOTES, VoteRecord
from annotation.export.writing import write

CATEGORIES = ("sports-activity", "home-leisure", "existing-entities", "travel", "noise")


def records(number: int) -> Iterator[VoteRecord]:
    """Three votes per query."""
    for n in range(number):
        yield VoteRecord(
            query_id=f"q{n // 3:08}",
            text=f"спокойная музыка для вечерней пробежки {n // 3}",
            language="ru",
            annotator=f"annotator-{n % 3}",
            category=CATEGORIES[n % 5],
            personalised=n % 5 < 2,
            taxonomy="personalisation",
            taxonomy_version=1,
            seconds=n % 700 / 100,
            labelled_at="2026-11-21T10:00:00Z",
            origin="random",
        )


def ours(format_: str) -> Callable[[Iterable[VoteRecord]], int]:
    return lambda rows: sum(map(len, write(rows, format_, schema=VOTES)))


def csv_at_once(rows: Iterable[VoteRecord]) -> int:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, VOTES.names)
    writer.writeheader()
    writer.writerows(as_dictionaries(rows))
    return len(stream.getvalue().encode())


def jsonl_at_once(rows: Iterable[VoteRecord]) -> int:
    return len("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in as_dictionaries(rows)).encode())


def parquet_at_once(rows: Iterable[VoteRecord]) -> int:
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(as_dictionaries(rows)), stream)
    return len(stream.getvalue())


def as_dictionaries(rows: Iterable[VoteRecord]) -> list[dict[str, object]]:
    return [{name: getattr(row, name) for name in VOTES.names} for row in rows]


WAYS: dict[str, Callable[[Iterable[VoteRecord]], int]] = {
    "csv": ours("csv"),
    "jsonl": ours("jsonl"),
    "parquet": ours("parquet"),
    "content hash": lambda rows: len(content_hash(rows, schema=VOTES)),
    "csv, at once": csv_at_once,
    "jsonl, at once": jsonl_at_once,
    "parquet, at once": parquet_at_once,
    "nothing": lambda rows: sum(1 for _ in rows),
}


def measure(way: str, number: int) -> tuple[float, float]:
    """Processor seconds and MiB of one way in this process; the first rows are written before the clock starts."""
    WAYS[way](records(10))
    start = time.process_time()
    WAYS[way](records(number))
    return time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_its_own_process(way: str, number: int) -> tuple[float, float]:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, (way, number))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[5_000, 100_000], help="numbers of votes")
    parser.add_argument("--million", type=int, default=1_000_000, help="votes that only ours writes")
    options = parser.parse_args()
    print(f"{'':34}{'ours s':>8}{'MiB':>7}{'at once s':>11}{'MiB':>7}{'time ratio':>12}")
    for number in [*options.sizes, options.million]:
        print(f"{number} votes")
        making, empty = in_its_own_process("nothing", number)
        for way in ("csv", "jsonl", "parquet", "content hash"):
            seconds, memory = in_its_own_process(way, number)
            row = f"  {way:32}{seconds - making:8.2f}{memory - empty:7.0f}"
            if number != options.million and way != "content hash":
                other, other_memory = in_its_own_process(f"{way}, at once", number)
                row += f"{other - making:11.2f}{other_memory - empty:7.0f}{(other - making) / (seconds - making):12.1f}"
            print(row)
        print(f"  (making the records themselves takes {making:.2f} s)")


if __name__ == "__main__":
    main()
