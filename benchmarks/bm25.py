"""BM25 on real lists: against popularity and chance, against two other engines, what its parts bring, and its speed.

    PLAYOFF_PUBLIC_DATA=DIR python benchmarks/bm25.py [--seeds 1 2 3] [--choose] [--json PATH]

With the public sets of DIR (docs/public-data.md) it measures the playlist archive, and the archive with the songs of
tidytuesday: 87 thousand tracks. Without them, the sample, split anew for each seed; its speed then on the sample
repeated. `--choose` measures settings on the val split, which is how the defaults were chosen; without it the test
split is measured once, with the defaults. An interval is a 95 % bootstrap over the queries of all seeds.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from math import exp, lgamma
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from recsys.core.ranking import ListenerQuery
from recsys.data.dataset import Dataset
from recsys.data.merging import merge
from recsys.data.reading import read_dataset
from recsys.data.splits import Wish, split
from recsys.recommenders.bm25 import BM25, BM25Params, title_documents
from recsys.recommenders.popularity import Popularity
from recsys.recommenders.track_list import TrackList
from recsys.sources.imported import Wanted
from recsys.sources.registry import importer
from recsys.text.analysis import terms
from recsys.text.word_index import WordIndex
from tests.recsys.word_engines import sqlite_search, tantivy_search

ROOT = Path(__file__).resolve().parents[1]
K = 10
PAPER = BM25Params(b=0.75, stemming="porter", metadata=0.0, layout=False, transliteration=False)
Wishes = list[tuple[str, frozenset[str]]]


def datasets(seed: int, *, val: float = 0.1, test: float = 0.2) -> Iterator[tuple[str, Dataset]]:
    """The data sets to measure, split by a seed, the largest last."""
    root = os.environ.get("PLAYOFF_PUBLIC_DATA")
    if root:
        names = ("spotify-playlist-archive", "tidytuesday-spotify-songs")
        wanted = Wanted(seed=seed, val=val, test=test)
        archive, songs = (importer(name)(Path(root) / name, wanted).dataset for name in names)
        yield "archive", archive
        yield "archive+tidytuesday", merge([archive, songs]).dataset
        return
    sample = read_dataset(ROOT / "sample")
    splits = split([Wish(p.title, p.tracks, p.language) for p in sample.playlists], seed=seed, val=val, test=test)
    lists = tuple(replace(p, split=name) for p, name in zip(sample.playlists, splits, strict=True))
    yield "sample", replace(sample, playlists=lists)


def wishes(dataset: Dataset, name: str) -> Wishes:
    """Titles and requests of one split, with what satisfies them."""
    titles = [(p.title, frozenset(p.tracks)) for p in dataset.playlists if p.split == name]
    return titles + [(" ".join(r.turns), frozenset(r.relevant)) for r in dataset.requests if r.split == name]


def successes(model, asked: Wishes) -> list[float]:
    """For each wish, whether any of the first ten satisfies it."""
    answers = model.recommend([ListenerQuery(text) for text, _ in asked], k=K)
    return [float(bool(relevant & set(a.tracks))) for a, (_, relevant) in zip(answers, asked, strict=True)]


def chance(n: int, asked: Wishes) -> list[float]:
    """The same for ten tracks drawn at random from n: exact, by the hypergeometric distribution."""

    def none_of(r: int) -> float:
        return exp(lgamma(n - r + 1) - lgamma(n - r - K + 1) - lgamma(n + 1) + lgamma(n - K + 1))

    return [1 - none_of(len(relevant)) for _, relevant in asked]


def interval(values: np.ndarray) -> tuple[float, float]:
    """95 % bootstrap interval of the mean."""
    rng = np.random.default_rng(0)
    means = rng.choice(values, (10_000, len(values))).mean(axis=1)
    return tuple(np.percentile(means, [2.5, 97.5]).round(3).tolist())


def settings(choose: bool) -> dict[str, BM25Params]:
    """What is compared: the defaults with one thing changed at a time."""
    named = {"bm25, as in the paper": PAPER, "bm25, titles only": BM25Params(metadata=0.0), "bm25": BM25Params()}
    if choose:
        named |= {f"b={b:g}": BM25Params(b=b) for b in (0.1, 0.25, 0.75)}
        named |= {f"metadata={w:g}": BM25Params(metadata=w) for w in (0.1, 0.3, 0.5, 2.0)}
        named |= {f"stemming={how}": BM25Params(stemming=how) for how in ("none", "porter")}
        named |= {
            "metadata_b=0": BM25Params(metadata_b=0.0),
            "k1=0.6": BM25Params(k1=0.6),
            "k1=2.4": BM25Params(k1=2.4),
        }
    return named


def quality(seeds: list[int], *, choose: bool) -> list[dict]:
    """success@10 of every system on every data set, by seed and over all."""
    found: dict[tuple[str, str], list[list[float]]] = {}
    for seed in seeds:
        for name, dataset in datasets(seed):
            asked = wishes(dataset, "val" if choose else "test")
            rows = {
                "random": chance(len(dataset.tracks), asked),
                "popularity": successes(Popularity.train(dataset, seed=0), asked),
            }
            rows |= {
                what: successes(BM25.train(dataset, seed=0, params=p), asked) for what, p in settings(choose).items()
            }
            for what, values in rows.items():
                found.setdefault((name, what), []).append(values)
    table = []
    for (name, what), by_seed in found.items():
        values = np.concatenate(by_seed)
        over = values - np.concatenate(found[name, "popularity"])
        table.append(
            {
                "data": name, "system": what, "queries": [len(v) for v in by_seed],
                "success@10 by seed": [round(float(np.mean(v)), 3) for v in by_seed],
                "success@10": round(float(values.mean()), 3), "interval": interval(values),
                "above popularity": round(float(over.mean()), 3), "above popularity, interval": interval(over),
            }
        )  # fmt: skip
    return table


def agreement(seed: int) -> list[dict]:
    """Titles searched by bm25s and by two other engines, on the same terms with k1 1.2 and b 0.75."""
    table = []
    for name, dataset in datasets(seed):
        tracks = TrackList.of(dataset)
        documents = title_documents(dataset, tracks, PAPER)
        mine = WordIndex.of(documents, k1=1.2, b=0.75)
        others = {"sqlite": sqlite_search(documents), "tantivy": tantivy_search(documents)}
        ours, theirs, shared = [], {engine: [] for engine in others}, {engine: [] for engine in others}
        for text, relevant in [wish for part in ("val", "test") for wish in wishes(dataset, part)]:
            query = [term for term in terms(text, stemming="porter") if term in mine.vocabulary]
            if not query:
                continue  # all would fall back to popularity
            scores = np.round(mine.scores(query), 4)
            first = [row for row in np.argsort(-scores, kind="stable")[:K].tolist() if scores[row] > 0]
            ours.append(any(tracks.ids[row] in relevant for row in first))
            for engine, search in others.items():
                found = search(query, K)
                theirs[engine].append(any(tracks.ids[row] in relevant for row in found))
                shared[engine].append(len({*first} & {*found}) / max(len(first), 1))
        row = {"data": name, "seed": seed, "queries": len(ours), "success@10 bm25s": round(float(np.mean(ours)), 3)}
        for engine in others:
            row[f"success@10 {engine}"] = round(float(np.mean(theirs[engine])), 3)
            row[f"first ten shared, {engine}"] = round(float(np.mean(shared[engine])), 3)
        table.append(row)
    return table


def speed(seed: int, *, at_least: int = 90_000) -> dict:
    """Processor milliseconds of one query of one thread, saved and loaded as in service, after a warm-up."""
    *_, (name, dataset) = datasets(seed)
    copies = 1 if os.environ.get("PLAYOFF_PUBLIC_DATA") else -(-at_least // len(dataset.tracks))
    tracks = (
        tuple(replace(t, id=f"{t.id}-{n}") for n in range(copies) for t in dataset.tracks)
        if copies > 1
        else dataset.tracks
    )
    lists = tuple(
        replace(p, id=f"{p.id}-{n}", tracks=tuple(f"{t}-{n}" for t in p.tracks) if copies > 1 else p.tracks)
        for n in range(copies)
        for p in dataset.playlists
    )
    queries = [text for part in ("val", "test") for text, _ in wishes(dataset, part)][:200]
    dataset = replace(dataset, tracks=tracks, playlists=lists, interactions=(), features={})
    with tempfile.TemporaryDirectory() as folder:
        started = time.process_time()
        BM25.train(dataset, seed=0).save(Path(folder))
        trained = time.process_time() - started
        started = time.process_time()
        model = BM25.load(Path(folder))
        loaded = time.process_time() - started
        spent = []
        for text in queries[:20] + queries:
            started = time.process_time()
            model.recommend([ListenerQuery(text)], k=30)
            spent.append((time.process_time() - started) * 1e3)
    p50, p95 = np.percentile(spent[20:], [50, 95]).round(2).tolist()
    return {
        "data": f"{name} x {copies}", "tracks": len(tracks), "queries": len(queries), "train, s": round(trained, 1),
        "load, s": round(loaded, 1), "ms, p50": p50, "ms, p95": p95,
    }  # fmt: skip


def show(title: str, rows: list[dict]) -> None:
    print(f"\n{title}")
    for row in rows:
        print("  " + "  ".join(f"{key}: {value}" for key, value in row.items()), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--choose", action="store_true", help="compare settings on the val split")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    result = {"speed": [speed(options.seeds[0])]}
    show("Speed", result["speed"])
    result["agreement"] = [row for seed in options.seeds for row in agreement(seed)]
    show("Titles against other engines", result["agreement"])
    result["quality"] = quality(options.seeds, choose=options.choose)
    show("success@10, val" if options.choose else "success@10, test", result["quality"])
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
