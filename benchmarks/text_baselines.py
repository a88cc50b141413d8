"""What the text baselines find: chance, popularity, BM25, the encoder as it comes and fine-tuned, over several seeds.

    [PLAYOFF_PUBLIC_DATA=DIR] python benchmarks/text_baselines.py [--seeds 1 2 3] [--split test] [--json PATH]
        [--titles-only] [--set epochs=10 …] [--own-words FOLDER]

The sample, split anew for each seed (15 % val, 30 % test, no title of a test list in training); with the public sets of
DIR (docs/public-data.md) the playlist archive joined with the songs of tidytuesday, 87 thousand tracks, instead. Titles
and descriptions are asked, and every track is ranked. Figures are means over all seeds' queries, with 95 % BCa
intervals by resampling playlists, all systems in the same resamples, for a list may be in the test of several seeds;
the ratio of two systems has its interval from the same resamples. `--set` changes how the encoder is fine-tuned, in
both readings of a track's titles: each by itself, and one after the other (Text2Tracks).
`--own-words` adds the encoder where tracks are read by their own words, as it comes and fine-tuned; FOLDER keeps the
checkpoints, from which an interrupted run goes on. One thread; 5 minutes of processor a seed on the sample, 24 on the
public lists with ten epochs, and 20 more for the own words.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bm25 import PAPER, datasets
from recsys.data.dataset import Dataset
from recsys.management.parameters import parameter
from recsys.offline.metrics import metrics
from recsys.offline.queries import OfflineQuery, offline_queries
from recsys.offline.random_floor import RandomFloor
from recsys.offline.rankings import Ranker, judged, main_artists, rank_all
from recsys.offline.resampling import bca_intervals, cluster_numbers, cluster_sums, resampled_means
from recsys.recommenders.biencoder.recommender import (
    BiEncoder,
    BiEncoderParams,
    BiEncoderZeroShot,
    BiEncoderZeroShotParams,
)
from recsys.recommenders.bm25 import BM25, BM25Params
from recsys.recommenders.popularity import Popularity
from recsys.recommenders.retriever.plain import Retriever
from recsys.training.encoder import load_encoder
from recsys.training.fine_tuning.params import FineTuningParams
from recsys.training.fine_tuning.tuning import fine_tune
from recsys.training.pretrained import PACKAGED

VAL, TEST = 0.15, 0.3
DEPTH, REPLICATES = 100, 10_000
MEASURED = ("hits@10", "ndcg@10")
RATIOS = (
    ("popularity", "random"), ("bm25, the paper's setting", "popularity"), ("bm25, titles only", "popularity"),
    ("bm25", "popularity"), ("biencoder-zeroshot", "popularity"), ("biencoder", "popularity"),
    ("biencoder", "biencoder-zeroshot"), ("bm25", "biencoder"),
    ("biencoder, concatenated", "biencoder-zeroshot, concatenated"), ("biencoder, concatenated", "popularity"),
    ("biencoder, concatenated", "biencoder-zeroshot"), ("biencoder, concatenated", "biencoder"),
)  # fmt: skip
OWN_WORDS = FineTuningParams(per_query=8, pairs=3000, patience=0, length=48, rate=5e-5, negatives=0)
TUNED_TITLES = ("biencoder", "biencoder, concatenated")
ZERO_SHOT, TUNED = "retriever, as it comes", "retriever, fine-tuned"
PerQuery = NDArray[np.float64]


def systems(data: Dataset, seed: int, tuning: BiEncoderParams) -> Mapping[str, Ranker]:
    """Every system, trained on one split."""
    return {
        "random": RandomFloor([track.id for track in data.tracks], seed),
        "popularity": Popularity.train(data, seed=seed),
        "bm25, the paper's setting": BM25.train(data, seed=seed, params=PAPER),
        "bm25, titles only": BM25.train(data, seed=seed, params=BM25Params(metadata=0.0)),
        "bm25": BM25.train(data, seed=seed),
        "biencoder-zeroshot": BiEncoderZeroShot.train(data, seed=seed),
        "biencoder": BiEncoder.train(data, seed=seed, params=tuning),
        "biencoder-zeroshot, concatenated": BiEncoderZeroShot.train(
            data, seed=seed, params=BiEncoderZeroShotParams(reading="concatenated")
        ),
        "biencoder, concatenated": BiEncoder.train(data, seed=seed, params=replace(tuning, reading="concatenated")),
    }


def retrievers(data: Dataset, seed: int, workspace: Path) -> tuple[Mapping[str, Ranker], str]:
    """The encoder where tracks are read by their own words, as it comes and fine-tuned, and how that went."""
    base = load_encoder(PACKAGED)
    workspace.mkdir(parents=True, exist_ok=True)
    tuned = fine_tune(base, data, OWN_WORDS, seed=seed, workspace=workspace)
    encoders = {ZERO_SHOT: base, TUNED: tuned.encoder}
    found = {name: Retriever.train(data, seed=seed, encoder=encoder) for name, encoder in encoders.items()}
    return found, tuned.notes[0]


def training_note(system: Any) -> str:
    """The sentence of a fine-tuned system on how its training went."""
    return next(note for note in system.notes if "epoch" in note)


def values_of(system: Ranker, queries: Sequence[OfflineQuery], data: Dataset) -> PerQuery:
    """The measured figures of each query, shape (queries, metrics)."""
    rows, _ = rank_all(system, queries, data, depth=min(DEPTH, len(data.tracks)))
    found = judged(rows, queries, main_artists(data))
    known = metrics()
    return np.column_stack([known[name].of(found) for name in MEASURED])


def ratio(one: PerQuery, other: PerQuery, clusters: list[str]) -> dict[str, Any]:
    """Difference and ratio of two systems' means, each metric with its intervals."""
    numbers = cluster_numbers(clusters)
    sums = cluster_sums(np.hstack([one, other]), numbers, int(numbers.max()) + 1)
    sampled = resampled_means(sums, np.random.default_rng(0), replicates=REPLICATES)
    width = len(MEASURED)

    def both(means: PerQuery) -> PerQuery:
        mine, theirs = means[..., :width], means[..., width:]
        return np.concatenate([mine - theirs, mine / np.maximum(theirs, 1e-9)], axis=-1)

    estimates = both(sums.means)
    low, high = bca_intervals(estimates, both(sampled), both(sums.left_out))
    named = [*MEASURED, *(f"{name}, ratio" for name in MEASURED)]
    return {
        name: [round(float(value), 4) for value in trio]
        for name, trio in zip(named, zip(estimates, low, high, strict=True), strict=True)
    }


def mean(values: PerQuery, clusters: list[str]) -> dict[str, Any]:
    """Mean and interval of one system, by metric."""
    numbers = cluster_numbers(clusters)
    sums = cluster_sums(values, numbers, int(numbers.max()) + 1)
    sampled = resampled_means(sums, np.random.default_rng(0), replicates=REPLICATES)
    low, high = bca_intervals(sums.means, sampled, sums.left_out)
    return {
        name: [round(float(value), 4) for value in trio]
        for name, trio in zip(MEASURED, zip(sums.means, low, high, strict=True), strict=True)
    }


def measure(
    seeds: Sequence[int], part: str, tuning: BiEncoderParams, *, titles_only: bool, own_words: Path | None
) -> dict[str, Any]:
    """The whole table, over all seeds."""
    clusters: list[str] = []
    by_system: dict[str, list[PerQuery]] = {}
    name, notes = "", []
    for seed in seeds:
        *_, (name, data) = datasets(seed, val=VAL, test=TEST)
        queries = [q for q in offline_queries(data, part)[0] if not titles_only or q.id.startswith("playlist:")]
        started = time.process_time()
        trained = dict(systems(data, seed, tuning))
        notes.append(" Concatenated: ".join(training_note(trained[slug]) for slug in TUNED_TITLES))
        if own_words:
            more, note = retrievers(data, seed, own_words / f"{name}-{seed}")
            trained |= more
            notes[-1] += f" Own words: {note}"
        for slug, system in trained.items():
            by_system.setdefault(slug, []).append(values_of(system, queries, data))
        clusters += [query.cluster for query in queries]
        print(f"seed {seed}: {len(queries)} queries, {time.process_time() - started:.0f} s; {notes[-1]}", flush=True)
    pairs = (*RATIOS, (TUNED, ZERO_SHOT), (TUNED, "popularity"), ("bm25", TUNED)) if own_words else RATIOS
    whole = {slug: np.concatenate(parts) for slug, parts in by_system.items()}
    return {
        "data": name, "split": part, "seeds": list(seeds), "queries": len(clusters), "lists": len(set(clusters)),
        "systems": {
            slug: mean(values, clusters) | {"by seed": [p.mean(axis=0).round(4).tolist() for p in by_system[slug]]}
            for slug, values in whole.items()
        },
        "against": {f"{a} / {b}": ratio(whole[a], whole[b], clusters) for a, b in pairs},
        "training": notes,
    }  # fmt: skip


def show(result: Mapping[str, Any]) -> None:
    print(f"\n{result['data']}, {result['split']}: {result['queries']} queries, {result['lists']} lists")
    for rows in ("systems", "against"):
        for name, row in result[rows].items():
            print(f"  {name:40}", *(f"{key} {value}" for key, value in row.items()), sep="  ")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--split", choices=("val", "test"), default="test", help="`val` to choose settings")
    parser.add_argument("--titles-only", action="store_true", help="no descriptions, which the public lists have too")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", dest="settings")
    parser.add_argument("--own-words", type=Path, metavar="FOLDER", help="the encoder over tracks' own words as well")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    tuning = BiEncoderParams(**dict(map(parameter, options.settings)))
    result = measure(options.seeds, options.split, tuning, titles_only=options.titles_only, own_words=options.own_words)
    show(result)
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
