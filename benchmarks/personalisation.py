"""Where collaborative re-ranking helps and hurts, and whether the classifier's exponent takes the better of both.

    python benchmarks/personalisation.py [--seeds 3] [--requests 3000] [--tune] [--json PATH]
    python benchmarks/personalisation.py --given DIR [--labelled sample]

Without --given, listeners and requests are simulated on the sample, anew for each seed
(`recsys/data/simulated_requests.py` says by which assumptions). The encoder never sees a query of queries.jsonl, the
classifier none of the families that the requests are worded with. With --given, the data set folder's own
interactions and requests are used, and the classifier learns from the labelled queries of --labelled.

Every ranking leaves aside what the listener has heard. Of each request ndcg@10 is kept; intervals are of the mean over
all seeds, paired where two systems are compared, over 2,000 bootstrap samples: once of listeners, once of the wordings
of requests, because many listeners ask with the same words. --tune tries settings on the
requests of the split val; everything else is of the split test. A seed is of listeners, requests, factors, classifier
and encoder; with --encoders DIR an encoder that is there (NAME-SEED-EPOCHS) is not trained again.
"""

import argparse
import itertools
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from annotation.classifier.families import families
from annotation.public import CATEGORIES, QueryClassifier, Spec, train_classifier
from recsys.core.ranking import ListenerQuery
from recsys.core.seeding import stream
from recsys.data.dataset import Dataset, Request
from recsys.data.reading import read_dataset
from recsys.data.simulated_requests import simulate_requests
from recsys.data.simulation import simulate
from recsys.recommenders.retriever.index import Found, SemanticIndex
from recsys.recommenders.retriever.reranked import Reranker, RerankingParams
from recsys.training.encoder import TextEncoder, load_encoder, save_encoder
from recsys.training.encoder_training import StaticEncoderParams, train_static_encoder

SAMPLE = Path(__file__).resolve().parents[1] / "sample"
PERSONALISED = {category.slug: bool(category.personalised) for category in CATEGORIES}
FIXED = (0.25, 0.5, 1.0, 2.0, 4.0, 16.0)
K = 10
RESAMPLES = 2000


class Remembering(SemanticIndex):
    """An index that searches once for each text: every setting is tried on the same candidates."""

    @cached_property
    def _found(self) -> dict[str, Found]:
        return {}

    def candidates(self, texts: Sequence[str], count: int) -> Iterator[Found]:
        for text in texts:
            if text not in self._found:
                [self._found[text]] = super().candidates([text], count)
            yield self._found[text]


@dataclass(frozen=True)
class World:
    """One seed's listeners, requests and trained parts.

    Attributes:
        crowd: what tells its listeners from those of other seeds; empty where they are the same people.
    """

    crowd: str
    data: Dataset
    requests: tuple[Request, ...]
    categories: tuple[str, ...]
    personal: tuple[bool, ...]
    alphas: list[float]
    reranker: Reranker
    heard: Mapping[str, frozenset[str]]

    def only(self, split: str) -> "World":
        kept = [number for number, request in enumerate(self.requests) if request.split == split]
        return replace(
            self,
            requests=tuple(self.requests[number] for number in kept),
            categories=tuple(self.categories[number] for number in kept),
            personal=tuple(self.personal[number] for number in kept),
            alphas=[self.alphas[number] for number in kept],
        )


def simulated_world(sample: Dataset, seed: int, options: argparse.Namespace) -> World:
    crowd = simulate(sample.tracks, seed=2026 + seed, tag_names=sample.tag_names)
    named = families([query.text for query in sample.queries], [query.group for query in sample.queries])
    asked = simulate_requests(
        sample, crowd, seed=seed, count=options.requests, families=named, personalised=PERSONALISED
    )
    data = replace(sample, interactions=crowd.interactions, requests=asked.requests, queries=asked.queries)
    classifier = train_classifier(Spec("tfidf", seed=seed), data.queries)[0]
    personal = tuple(PERSONALISED[category] for category in asked.categories)
    return _world(data, asked.requests, asked.categories, personal, classifier, seed, options)


def given_world(folder: Path, labelled: Dataset, seed: int, options: argparse.Namespace) -> World:
    """Requests that name a listener are personal; the others are asked by a listener of their split, drawn by seed."""
    data = read_dataset(folder)
    askers: dict[str, list[str]] = {}
    for request in data.requests:
        if request.listener and request.listener not in askers.setdefault(request.split, []):
            askers[request.split].append(request.listener)
    heard = _heard(data)
    requests, personal = [], []
    for request in data.requests:
        if request.split not in askers:
            continue
        personal.append(bool(request.listener))
        if not request.listener:
            who = askers[request.split]
            listener = who[int(stream(seed, "who asks", request.id).integers(len(who)))]
            left = tuple(track for track in request.relevant if track not in heard[listener])
            request = replace(request, listener=listener, relevant=left)
        requests.append(request)
    kept = [number for number, request in enumerate(requests) if request.relevant]
    classifier = train_classifier(Spec("tfidf", seed=seed), labelled.queries)[0]
    types = classifier.classify([requests[number].turns[-1] for number in kept])
    return _world(
        data,
        tuple(requests[number] for number in kept),
        tuple(one.category for one in types),
        tuple(personal[number] for number in kept),
        classifier,
        seed,
        options,
    )


def _world(
    data: Dataset,
    requests: tuple[Request, ...],
    categories: tuple[str, ...],
    personal: tuple[bool, ...],
    classifier: QueryClassifier,
    seed: int,
    options: argparse.Namespace,
) -> World:
    encoder = _encoder(data, seed, options)
    reranker = Reranker.train(data, RerankingParams(), seed=seed, encoder=encoder, workspace=None, progress=None)
    index = reranker.index
    remembering = Remembering(**{field.name: getattr(index, field.name) for field in fields(index)})
    changes = {name: float(value) for name, value in options.set}
    reranker = Reranker(remembering, reranker.collaborative, replace(reranker.params, **changes))
    alphas = [one.alpha for one in classifier.classify([request.turns[-1] for request in requests])]
    crowd = "" if options.given else f"seed {seed}, "
    return World(crowd, data, requests, categories, personal, alphas, reranker, _heard(data))


def _encoder(data: Dataset, seed: int, options: argparse.Namespace) -> TextEncoder:
    """Train an encoder, or take the one that an earlier run left under --encoders."""
    folder = options.encoders / f"{data.name}-{seed}-{options.epochs}" if options.encoders else None
    if folder is not None and folder.exists():
        return load_encoder(str(folder), device="cpu")
    encoder = train_static_encoder(data, seed=seed, params=StaticEncoderParams(epochs=options.epochs))
    if folder is not None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        save_encoder(encoder, folder)
    return encoder


def _heard(data: Dataset) -> dict[str, frozenset[str]]:
    heard: dict[str, set[str]] = {}
    for event in data.interactions:
        heard.setdefault(event.listener, set()).add(event.track)
    return {listener: frozenset(tracks) for listener, tracks in heard.items()}


def fused(world: World, alphas: Sequence[float], params: RerankingParams | None = None) -> np.ndarray:
    """ndcg@10 of each request, with an exponent for each."""
    reranker = world.reranker
    if params is not None:
        reranker = Reranker(reranker.index, reranker.collaborative, params)
    queries = [ListenerQuery(request.turns[-1], request.listener) for request in world.requests]
    most = max(len(world.heard.get(request.listener, ())) for request in world.requests)
    k = min(reranker.params.candidates, K + most)
    return _judged(world, [answer.tracks for answer in reranker.rank(queries, alphas, k=k)])


def habits_only(world: World) -> np.ndarray:
    """ndcg@10 of each request where the whole catalogue is ranked by s_cf, whatever the query."""
    known, tracks = world.reranker.collaborative, world.reranker.index.tracks
    popular = np.argsort(-np.array(tracks.popularity), kind="stable")
    orders: dict[str, tuple[str, ...]] = {}
    for request in world.requests:
        if request.listener not in orders:
            taste = known.taste(request.listener)
            rows = popular if taste is None else np.argsort(-known.scores(taste, np.arange(len(tracks)), floor=0.2))
            orders[request.listener] = tuple(tracks.ids[row] for row in rows)
    return _judged(world, [orders[request.listener] for request in world.requests])


def habits_of_candidates(world: World) -> np.ndarray:
    """ndcg@10 of each request where its candidates are ranked by s_cf: what an endless exponent would come to."""
    reranker, rankings = world.reranker, []
    found = reranker.index.candidates([request.turns[-1] for request in world.requests], reranker.params.candidates)
    for request, one in zip(world.requests, found, strict=True):
        taste, rows = reranker.collaborative.taste(request.listener), np.sort(one.rows)
        if taste is None:
            rows = one.rows
        else:
            scores = reranker.collaborative.scores(taste, rows, floor=reranker.params.floor)
            rows = rows[np.argsort(-scores, kind="stable")]
        rankings.append([reranker.index.tracks.ids[row] for row in rows])
    return _judged(world, rankings)


def _judged(world: World, rankings: Sequence[Sequence[str]]) -> np.ndarray:
    discounts = 1 / np.log2(np.arange(2, K + 2))
    values = []
    for request, ranking in zip(world.requests, rankings, strict=True):
        heard, relevant = world.heard.get(request.listener, frozenset()), set(request.relevant)
        top = list(itertools.islice((track for track in ranking if track not in heard), K))
        gain = sum(discounts[place] for place, track in enumerate(top) if track in relevant)
        values.append(gain / discounts[: len(relevant)].sum())
    return np.array(values)


def interval(values: np.ndarray, clusters: np.ndarray) -> tuple[float, float, float]:
    """Mean, and the 95 % interval over resampled clusters."""
    if not len(values):
        return float("nan"), float("nan"), float("nan")
    _, place = np.unique(clusters, return_inverse=True)
    sums, sizes = np.bincount(place, values), np.bincount(place)
    draws = np.random.default_rng(0).integers(len(sums), size=(RESAMPLES, len(sums)))
    means = sums[draws].sum(axis=1) / sizes[draws].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(values.mean()), float(low), float(high)


def tune(worlds: Sequence[World]) -> None:
    """Print ndcg@10 on val of exponents from the classifier, for settings near the defaults."""
    print("\n--tune: ndcg@10 on val, mean of the seeds\n")
    print(f"{'setting':<46}{'all':>8}{'personal':>10}{'not':>8}{'alpha 1':>10}{'alpha 0':>10}")
    parts = [world.only("val") for world in worlds]
    personal = np.concatenate([world.personal for world in parts])

    def line(name: str, params: RerankingParams) -> None:
        values = np.concatenate([fused(world, world.alphas, params) for world in parts])
        ones = np.concatenate([fused(world, [1.0] * len(world.requests), params) for world in parts])
        zeros = np.concatenate([fused(world, [0.0] * len(world.requests), params) for world in parts])
        print(
            f"{name:<46}{values.mean():>8.4f}{values[personal].mean():>10.4f}{values[~personal].mean():>8.4f}"
            f"{ones.mean():>10.4f}{zeros.mean():>10.4f}",
            flush=True,
        )

    base = RerankingParams()
    line("defaults", base)
    for floor, sharpness in itertools.product((0.005, 0.02, 0.05, 0.1, 0.2), (0.1, 0.2, 0.3, 0.5)):
        line(f"floor {floor} sharpness {sharpness}", replace(base, floor=floor, sharpness=sharpness))
    for name, choices in {"liked": (0.0, 0.1, 0.3, 0.5, 1.0), "disliked": (0.0, 0.1, 0.3)}.items():
        for value in choices:
            line(f"{name} {value}", replace(base, **{name: value}))
    for name, choices in {
        "factors": (16, 64),
        "regularization": (0.1, 10.0),
        "confidence": (0.3, 1.0, 3.0, 10.0),
    }.items():
        for value in choices:
            print(f"{name} {value}: ", end="", flush=True)
            anew = replace(base, **{name: value})
            parts = [_refactorised(world, anew) for world in parts]
            line("", anew)
    parts = [_refactorised(world, base) for world in parts]


def _refactorised(world: World, params: RerankingParams) -> World:
    from recsys.recommenders.retriever.collaborative import train_collaborative

    index = world.reranker.index
    return replace(
        world, reranker=Reranker(index, train_collaborative(world.data, index.tracks, params.als, seed=0), params)
    )


def measure(worlds: Sequence[World]) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return ndcg@10 by system, and what is known of each request, all seeds in a row."""
    systems: dict[str, Callable[[World], np.ndarray]] = {
        "cf only": habits_only,
        "cf of 500": habits_of_candidates,
        "retriever": lambda world: fused(world, [0.0] * len(world.requests)),
    }
    for alpha in FIXED:
        systems[f"cr {alpha:g}"] = lambda world, alpha=alpha: fused(world, [alpha] * len(world.requests))
    systems["cr-dp"] = lambda world: fused(world, world.alphas)
    systems["cr 0/1 true"] = lambda world: fused(world, [float(one) for one in world.personal])
    results = {name: np.concatenate([system(world) for world in worlds]) for name, system in systems.items()}
    about = {
        "category": np.concatenate([world.categories for world in worlds]),
        "listener": np.concatenate([[world.crowd + one.listener for one in world.requests] for world in worlds]),
        "text": np.concatenate([[request.turns[-1] for request in world.requests] for world in worlds]),
        "seed": np.concatenate([np.full(len(world.requests), seed) for seed, world in enumerate(worlds)]),
    }
    return results, about


def report(worlds: Sequence[World]) -> dict[str, object]:
    """Print the tables; return their numbers and every request's."""
    results, about = measure(worlds)
    categories, seeds = about["category"], about["seed"]
    personal = np.concatenate([world.personal for world in worlds])
    groups = {"all": np.ones(len(personal), bool), "personalised": personal, "not personalised": ~personal}
    groups |= {slug: categories == slug for slug in sorted(PERSONALISED, key=lambda s: (not PERSONALISED[s], s))}
    people, wordings = (len(set(about[name])) for name in ("listener", "text"))
    print(f"\nndcg@{K}, {len(worlds)} seeds, {len(personal)} requests of {people} listeners in {wordings} wordings\n")
    print(f"{'':<26}{'n':>6}" + "".join(f"{name:>13}" for name in results))
    for group, mask in groups.items():
        if mask.any():
            print(
                f"{group:<26}{mask.sum():>6}" + "".join(f"{values[mask].mean():>13.4f}" for values in results.values())
            )
    for seed in range(len(worlds)):
        mask = seeds == seed
        print(
            f"{f'seed {seed}, all':<26}{mask.sum():>6}" + "".join(f"{v[mask].mean():>13.4f}" for v in results.values())
        )
    fixed = [f"cr {alpha:g}" for alpha in FIXED]
    best = max(["retriever", *fixed], key=lambda name: results[name].mean())
    fusion = max([*fixed, "cr-dp"], key=lambda name: results[name].mean())
    alone = max(["retriever", "cf only", "cf of 500"], key=lambda name: results[name].mean())
    pairs = [(fusion, alone), ("cr-dp", best), ("cr-dp", "retriever"), ("cr-dp", "cr 1"), ("cr-dp", "cr 0/1 true")]
    pairs = list(dict.fromkeys([*pairs, ("cr 1", "retriever")]))
    print(f"\ndifferences with 95 % intervals (best fixed: {best}; best fusion: {fusion}; better alone: {alone})\n")
    compared = []
    for one, other in pairs:
        for group in ("all", "personalised", "not personalised"):
            mask = groups[group]
            values = (results[one] - results[other])[mask]
            relative = values.mean() / results[other][mask].mean()
            spans = {name: interval(values, about[name][mask])[1:] for name in ("listener", "text")}
            shown = "".join(f"  by {name} [{low:+.4f}, {high:+.4f}]" for name, (low, high) in spans.items())
            print(f"{one + ' - ' + other:<32}{group:<18}{values.mean():>+9.4f} {relative:>+7.1%}{shown}")
            compared.append({"one": one, "other": other, "group": group, "difference": float(values.mean())} | spans)
    alphas = np.concatenate([world.alphas for world in worlds])
    print("\ncr 1 - retriever by category; mean exponent of the classifier\n")
    for group, mask in list(groups.items())[1:]:
        if mask.any():
            values = (results["cr 1"] - results["retriever"])[mask]
            shown = "".join(
                f"  by {name} [{low:+.4f}, {high:+.4f}]"
                for name in ("listener", "text")
                for _, low, high in [interval(values, about[name][mask])]
            )
            print(f"{group:<26}{mask.sum():>6}{values.mean():>+9.4f}{shown}{alphas[mask].mean():>8.2f}")
    return {
        "compared": compared,
        "requests": [
            {name: str(values[row]) for name, values in about.items()}
            | {name: float(values[row]) for name, values in results.items()}
            for row in range(len(personal))
        ],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--requests", type=int, default=3000)
    parser.add_argument("--labelled", type=Path, default=SAMPLE, help="data set with labelled queries")
    parser.add_argument("--given", type=Path, help="data set with listeners and requests of its own")
    parser.add_argument("--epochs", type=int, default=20, help="of the encoder")
    parser.add_argument("--encoders", type=Path, help="folder that keeps trained encoders from run to run")
    parser.add_argument(
        "--set",
        nargs=2,
        action="append",
        default=[],
        metavar=("NAME", "NUMBER"),
        help="floor, sharpness, liked, disliked",
    )
    parser.add_argument("--tune", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    labelled = read_dataset(options.labelled)
    worlds = []
    for seed in range(options.seeds):
        started = time.monotonic()
        if options.given:
            worlds.append(given_world(options.given, labelled, seed, options))
        else:
            worlds.append(simulated_world(labelled, seed, options))
        print(f"seed {seed}: made and trained in {time.monotonic() - started:.0f} s", flush=True)
    if options.tune:
        tune(worlds)
    table = report([world.only("test") for world in worlds])
    if options.json:
        options.json.write_text(json.dumps(table) + "\n")


if __name__ == "__main__":
    main()
