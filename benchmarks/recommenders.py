"""Time the recommenders, and their parts against the obvious other way, in the same run and on the same catalogue.

    python benchmarks/recommenders.py [--dataset sample] [--queries 200] [--tracks 50000] [--runs 5] [--json PATH]

Processor milliseconds per query of one thread, the median of the runs. Compare the columns of one run, not runs of two
machines: the ratio is the figure to keep.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from recsys.core.ranking import ListenerQuery
from recsys.core.registry import RECOMMENDERS, recommender_class
from recsys.data.reading import read_dataset
from recsys.recommenders.track_list import best_rows
from recsys.training.encoder import save_encoder
from recsys.training.encoder_training import train_static_encoder

K = 30


def milliseconds(work: Callable[[], object], *, times: int, runs: int) -> float:
    """Return the median processor time of a run, per time."""
    work()
    spent = []
    for _ in range(runs):
        started = time.process_time()
        work()
        spent.append((time.process_time() - started) / times * 1e3)
    return statistics.median(spent)


def systems(dataset, encoder, queries: int, runs: int) -> list[dict]:
    """Time `recommend` of every system, one query at a time, saved and loaded as in service."""
    texts = [query.text for query in dataset.queries[:queries]]
    listeners = sorted({event.listener for event in dataset.interactions})
    asked = [ListenerQuery(text, listeners[i % len(listeners)]) for i, text in enumerate(texts)]
    rows = []
    for slug in RECOMMENDERS:
        kind = recommender_class(slug)
        with tempfile.TemporaryDirectory() as folder:
            kind.train(dataset, seed=0, encoder=encoder).save(Path(folder))
            started = time.process_time()
            model = kind.load(Path(folder))
            loading = (time.process_time() - started) * 1e3

            def one_by_one(model=model) -> None:
                for query in asked:
                    model.recommend([query], k=K)

            each = milliseconds(one_by_one, times=len(asked), runs=runs)
        rows.append({"what": f"recommend: {slug}", "ours": each, "load": loading})
    return rows


def selection(tracks: int, runs: int) -> dict:
    """The best 500 of the scores: a partition, against sorting them all."""
    scores = np.random.default_rng(0).random(tracks).astype(np.float32)
    ours = milliseconds(lambda: best_rows(scores, 500), times=1, runs=runs)
    full = milliseconds(lambda: np.lexsort((np.arange(tracks), -scores))[:500], times=1, runs=runs)
    return {"what": f"best 500 of {tracks}", "ours": ours, "other": full, "than": "full sort"}


def search(tracks: int, runs: int) -> dict:
    """Exact search in float32 mapped from disk, against the same in float64 in memory."""
    vectors = np.random.default_rng(0).normal(size=(tracks, 128)).astype(np.float32)
    query, double = vectors[0].copy(), vectors.astype(np.float64)
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "v.npy", vectors)
        mapped = np.load(Path(folder) / "v.npy", mmap_mode="r")
        ours = milliseconds(lambda: mapped @ query, times=1, runs=runs)
    other = milliseconds(lambda: double @ query.astype(np.float64), times=1, runs=runs)
    return {"what": f"cosines with {tracks} x 128", "ours": ours, "other": other, "than": "float64"}


def encoding(dataset, encoder, queries: int, runs: int) -> dict | None:
    """One query to a vector: numpy, against sentence-transformers with the same folder."""
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError:
        return None
    texts = [query.text for query in dataset.queries[:queries]]
    with tempfile.TemporaryDirectory() as folder:
        save_encoder(encoder, Path(folder) / "encoder")
        theirs = SentenceTransformer(str(Path(folder) / "encoder"), device="cpu")
    ours = milliseconds(lambda: [encoder.encode([text]) for text in texts], times=len(texts), runs=runs)
    other = milliseconds(
        lambda: [theirs.encode([text], show_progress_bar=False) for text in texts], times=len(texts), runs=runs
    )
    return {"what": "encode one query", "ours": ours, "other": other, "than": "sentence-transformers"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataset", type=Path, default=Path(__file__).resolve().parents[1] / "sample")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--tracks", type=int, default=50_000, help="of the synthetic catalogue")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    dataset = read_dataset(options.dataset)
    started = time.process_time()
    encoder = train_static_encoder(dataset, seed=0)
    print(f"static encoder of {dataset.name}: trained in {time.process_time() - started:.1f} s of processor time\n")
    rows = systems(dataset, encoder, options.queries, options.runs)
    rows += [selection(options.tracks, options.runs), search(options.tracks, options.runs)]
    if (row := encoding(dataset, encoder, options.queries, options.runs)) is not None:
        rows.append(row)
    print(f"{'ms':<32}{'ours':>10}{'other':>10}{'ratio':>8}  other way")
    for row in rows:
        other = f"{row['other']:>10.3f}{row['other'] / row['ours']:>7.1f}x  {row['than']}" if "other" in row else ""
        load = f"{'':>20}loaded in {row['load']:.0f} ms" if "load" in row else ""
        print(f"{row['what']:<32}{row['ours']:>10.3f}{other}{load}")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n")


if __name__ == "__main__":
    main()
