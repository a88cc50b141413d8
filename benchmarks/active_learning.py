"""How many labels active learning saves on the sample: learning curves against labelling at random, same seeds.

    python benchmarks/active_learning.py [--seeds 5] [--batch 100] [--budgets 1000 1500] [--skewed]

Queries on which both annotators agree; a quarter of the query families is the test, the rest the pool. A label of the
random share (a tenth, in every row) counts but is not learned from. The last budget is simulated, the smaller ones are
read off the same curves. "labels" is where the mean curve of the seeds first reaches what random labelling has at the
budget; "each seed" is the same for one seed against its own random curve.

The sample was written with every category about equally often. --skewed keeps 1/2, 1/3, ... 1/19 of the second to last
category of the pool, in an order drawn by seed, as a service's own log would be; the test stays as it is.
"""

import argparse
import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from annotation.active.curves import Point, labels_to_reach
from annotation.active.cut import Cut, cut_sample
from annotation.active.ordering import RANDOM
from annotation.active.simulate import simulate
from annotation.active.strategies import STRATEGIES
from annotation.classifier.families import families
from annotation.classifier.reading import read_queries
from annotation.taxonomy import CATEGORIES, SLUGS

QUERIES = Path(__file__).resolve().parents[1] / "sample" / "queries.jsonl"
RANDOM_SHARE = 0.1
MEASURES = {"19 categories": "macro_f1", "personalised or not": "grouped_f1"}

Curves = dict[str, list[Point]]


def skewed(cut: Cut, seed: int) -> Cut:
    """Thin the pool out category by category."""
    generator = np.random.default_rng(seed)
    most = np.bincount(cut.labels).max()
    kept = np.sort(
        np.concatenate(
            [
                generator.permutation(np.flatnonzero(cut.labels == category))[: most // rank]
                for rank, category in enumerate(generator.permutation(cut.categories), start=1)
            ]
        )
    )
    return replace(
        cut,
        labels=cut.labels[kept],
        features=cut.features[kept],
        similarities=cut.similarities[np.ix_(kept, kept)],
        test_similarities=cut.test_similarities[:, kept],
    )


def curves(seed: int, budget: int, batch: int, skew: bool) -> Curves:
    """Every strategy, and chance, on one cut of the sample."""
    agreed = [query for query in read_queries(QUERIES) if len({category for _, category in query.annotations}) == 1]
    cut = cut_sample(
        [query.text for query in agreed],
        [SLUGS.index(query.category) for query in agreed],
        families([query.text for query in agreed], [query.group for query in agreed]),
        categories=len(SLUGS),
        seed=seed,
    )
    if skew:
        cut = skewed(cut, seed)
    return {
        strategy: simulate(
            cut,
            strategy,
            budget=budget,
            batch=batch,
            random_share=RANDOM_SHARE,
            seed=seed,
            groups=[int(category.personalised) for category in CATEGORIES],
        )
        for strategy in (RANDOM, *STRATEGIES)
    }


def ratio(labels: list[int], scores: np.ndarray, target: float, budget: int) -> float | None:
    reached = labels_to_reach(labels, scores.tolist(), target)
    return None if reached is None else reached / budget


def shown(value: float | None) -> str:
    return "not reached" if value is None else f"{value:.2f}"


def print_curves(runs: list[Curves], measure: str, name: str) -> None:
    """Macro-F1 by the number of labels, mean of the seeds: chance, and every strategy beside it."""
    points = range(1, len(runs[0][RANDOM]), 2)
    print(f"\n{name}: macro-F1 by labels, mean of {len(runs)} seeds")
    print(f"  {'labels':14}" + "".join(f"{runs[0][RANDOM][place].labels:>7}" for place in points))
    for strategy in runs[0]:
        means = [np.mean([getattr(run[strategy][place], measure) for run in runs]) for place in points]
        print(f"  {strategy:14}" + "".join(f"{mean:7.3f}" for mean in means))


def print_verdict(runs: list[Curves], measure: str, name: str, budget: int) -> None:
    """Whether a strategy wins: in every seed fewer labels than chance for what chance has at the budget."""
    labels = [point.labels for point in runs[0][RANDOM]]
    last = labels.index(budget)
    wins = []
    for strategy in STRATEGIES:
        each = [
            ratio(labels, np.array([getattr(point, measure) for point in run[strategy]]),
                  getattr(run[RANDOM][last], measure), budget)
            for run in runs
        ]  # fmt: skip
        if all(one is not None and one < 1 for one in each):
            wins.append(f"{strategy} ({100 * (1 - np.mean([one for one in each if one])):.0f} % fewer)")
    said = "fewer labels than chance in every seed: " + ", ".join(wins) if wins else "no strategy wins in every seed"
    print(f"  {name}, {budget} labels: {said}")


def print_budget(runs: list[Curves], measure: str, name: str, budget: int) -> None:
    labels = [point.labels for point in runs[0][RANDOM]]
    last = labels.index(budget)
    table = {
        strategy: np.array([[getattr(point, measure) for point in run[strategy]] for run in runs])
        for strategy in runs[0]
    }
    targets = table[RANDOM][:, last]
    print(
        f"\n{name}, {budget} labels: random reaches {targets.mean():.3f} ({targets.min():.3f} to {targets.max():.3f})"
    )
    print(f"  {'strategy':14}{'at budget':>10}{'labels':>8}{'ratio':>13}  each seed")
    for strategy, scores in table.items():
        whole = ratio(labels, scores.mean(axis=0), targets.mean(), budget)
        each = [ratio(labels, row, target, budget) for row, target in zip(scores, targets, strict=True)]
        count = "" if whole is None else f"{whole * budget:.0f}"
        spread = " ".join(shown(one) for one in sorted(each, key=lambda one: (one is None, one)))
        print(f"  {strategy:14}{scores[:, last].mean():10.3f}{count:>8}{shown(whole):>13}  {spread}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--budgets", type=int, nargs="+", default=[1000, 1500], help="multiples of the batch")
    parser.add_argument("--skewed", action="store_true", help="categories of very different frequency in the pool")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    began = time.perf_counter()
    for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(threads, "1")  # a process per core, and a fresh one reads this
    with ProcessPoolExecutor(options.processes, mp_context=multiprocessing.get_context("spawn")) as workers:
        seeds = range(1, options.seeds + 1)
        budget = max(options.budgets)
        runs = list(workers.map(partial(curves, budget=budget, batch=options.batch, skew=options.skewed), seeds))
    for name, measure in MEASURES.items():
        for budget in sorted(options.budgets):
            print_budget(runs, measure, name, budget)
            print_verdict(runs, measure, name, budget)
        print_curves(runs, measure, name)
    print(f"\n{options.seeds} seeds, batches of {options.batch}, {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
