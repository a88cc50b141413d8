"""Time the intake of a log against the obvious way, a dictionary of everything in memory, on the same file.

    python benchmarks/intake.py [--rows 1000000] [--directory DIR]

Every way runs in a process of its own: seconds of wall clock and of the processor, and the resident memory that it took
beyond what it had before the first row.
"""

import argparse
import csv
import hashlib
import hmac
import json
import multiprocessing
import random
import resource
import sys
import tempfile
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from annotation.intake.staging import Staging

SAMPLE = Path(__file__).resolve().parents[1] / "sample" / "queries.jsonl"
SECRET = b"a secret of the benchmark, 32 b."
MIB = 1 << 20


def make_log(path: Path, rows: int) -> None:
    """Texts of the sample put together by twos; a few users type most of it; one row in a thousand is wrong."""
    rng = random.Random(1)
    lines = SAMPLE.read_text().splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    with path.open("w", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["time", "user_id", "query"])
        for number in range(rows):
            user = f"u{int(rng.paretovariate(0.7)) if number % 3 else rng.randrange(rows)}"
            text = rng.choice(texts) if number % 4 == 0 else f"{rng.choice(texts)} {rng.choice(texts)}"
            table.writerow(["2026-11-21T12:00:00Z", user, "" if number % 1_000 == 7 else text])


def staged(path: Path) -> dict[str, float]:
    """What the product does."""
    began = time.monotonic()
    marks = {}
    with Staging(path.with_suffix(".staging")) as staging:
        with path.open("rb") as stream:
            staging.stage(stream, secret=SECRET, seed=1)
        marks["read"] = time.monotonic() - began
        steps = [time.monotonic()]
        staging.decide(progress=lambda _: steps.append(time.monotonic()))
        marks["choose"] = steps[-1] - steps[0]
        marks["longest step"] = max(after - before for before, after in pairwise(steps))
        began = time.monotonic()
        marks["kept"] = staging.report().kept
        marks["report"] = time.monotonic() - began
        began = time.monotonic()
        assert sum(1 for _ in staging.kept_rows()) == marks["kept"]
        marks["hand over"] = time.monotonic() - began
        staging.discard()
    return marks


def in_memory(path: Path) -> dict[str, float]:
    """What people write by hand: everything in dictionaries, drawn and made unique there, nothing to go on with."""
    rng = random.Random(1)
    by_user = defaultdict(list)
    near = defaultdict(set)
    with path.open(newline="") as stream:
        for row in csv.DictReader(stream):
            if text := row["query"].strip():
                user = hmac.digest(SECRET, row["user_id"].encode(), hashlib.sha256).hex()
                by_user[user].append(text)
                near[" ".join(unicodedata.normalize("NFKC", text).casefold().split())].add(text)
    kept = {text for texts in by_user.values() for text in rng.sample(sorted(set(texts)), min(2, len(set(texts))))}
    return {"kept": len(kept)}


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def measured(work: Callable[[Path], dict[str, float]], path: Path) -> dict[str, float]:
    before, wall, processor = peak(), time.monotonic(), time.process_time()
    marks = work(path)
    return {
        **marks,
        "wall": time.monotonic() - wall,
        "processor": time.process_time() - processor,
        "MiB": (peak() - before) / MIB,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--directory", type=Path, help="where to put the log and the staging file")
    options = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(dir=options.directory) as directory:
        path = Path(directory) / "log.csv"
        make_log(path, options.rows)
        results = {}
        for work in (staged, in_memory):
            with spawn.Pool(1) as pool:
                results[work.__name__] = pool.apply(measured, (work, path))
        print(f"{options.rows} rows, {path.stat().st_size / MIB:.0f} MiB")
    ours, theirs = results["staged"], results["in_memory"]
    print(f"{'':24}{'staged':>10}{'in memory':>12}{'ratio':>8}")
    for name in ("wall", "processor", "MiB"):
        print(f"  {name:22}{ours[name]:10.1f}{theirs[name]:12.1f}{theirs[name] / ours[name]:8.2f}")
    for name in ("read", "choose", "longest step", "report", "hand over"):
        print(f"  {name:22}{ours[name]:10.1f}")
    print(f"  {'rows kept':22}{ours['kept']:10.0f}{theirs['kept']:12.0f}")


if __name__ == "__main__":
    main()
