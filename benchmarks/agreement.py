"""Time Krippendorff's alpha with 1,000 resamples against the `krippendorff` package in a loop, on the same votes.

    python benchmarks/agreement.py [--sizes 5000 100000] [--runs 5]

Processor seconds, the median of the runs; the loop is timed over 20 resamples, or 4 of
more than 10,000 items, and scaled. Compare the columns of one run, not runs of two machines.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import krippendorff
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from annotation.agreement.everybody import everybody
from annotation.agreement.krippendorff import krippendorff_alpha
from annotation.agreement.report import agreement_report
from annotation.agreement.resampling import Resampling
from annotation.agreement.sums import Sums
from annotation.taxonomy import CATEGORIES, SLUGS
from annotation.votes import Votes

RESAMPLES, LOOP_RESAMPLES, ANNOTATORS, VOTES = 1000, 20, 8, 3
GROUPS = {category.slug: str(category.personalised) for category in CATEGORIES}


def make_votes(items: int, seed: int = 1) -> Votes:
    """Three votes per item by 8 annotators who are right in 80 % of cases, the 19 categories unequally frequent."""
    rng = np.random.default_rng(seed)
    prevalence = np.arange(1, len(SLUGS) + 1) ** -0.8
    true = np.repeat(rng.choice(len(SLUGS), items, p=prevalence / prevalence.sum()), VOTES)
    guessed = rng.integers(0, len(SLUGS), items * VOTES)
    return Votes(
        items=np.repeat(np.arange(items), VOTES),
        annotators=np.sort(rng.random((items, ANNOTATORS)).argsort(axis=1)[:, :VOTES], axis=1).ravel(),
        labels=np.where(rng.random(items * VOTES) < 0.8, true, guessed),
        item_ids=tuple(f"q{item}" for item in range(items)),
        annotator_ids=tuple(f"a{annotator}" for annotator in range(ANNOTATORS)),
        categories=SLUGS,
    )


def package_loop(votes: Votes, resamples: int) -> None:
    """What people write by hand: draw items, call the package."""
    rng, counts = np.random.default_rng(0), votes.counts()
    for _ in range(resamples):
        drawn = counts[rng.integers(0, len(counts), len(counts))]
        krippendorff.alpha(value_counts=drawn, level_of_measurement="nominal")


def ours_alpha(votes: Votes) -> None:
    drawing, counts = Resampling(0, RESAMPLES), votes.counts()
    drawing.intervals(drawing.item_units(counts), lambda totals: krippendorff_alpha(Sums.of(totals))[:, None], 0)


def seconds(work: Callable[[], object], runs: int) -> float:
    work()
    spent = []
    for _ in range(runs):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return statistics.median(spent)


def measure(votes: Votes, runs: int) -> list[tuple[str, float, float]]:
    """Name, our seconds, the loop's."""
    fewer, none = max(1, runs // 3), float("nan")
    drawn = LOOP_RESAMPLES if len(votes.item_ids) <= 10_000 else LOOP_RESAMPLES // 5
    loop = seconds(lambda: package_loop(votes, drawn), 1) * RESAMPLES / drawn
    families = np.arange(len(votes.item_ids)) // 2
    return [
        (f"alpha, {RESAMPLES} resamples", seconds(lambda: ours_alpha(votes), runs), loop),
        ("all 61 figures over everybody", seconds(lambda: everybody(votes, Resampling(0, RESAMPLES)), runs), none),
        (
            "the same over families of two items",
            seconds(lambda: everybody(votes, Resampling(0, RESAMPLES, families)), fewer),
            none,
        ),
        (
            "whole report: pairs, people, both halves",
            seconds(lambda: agreement_report(votes, groups=GROUPS, families=None, seed=0), fewer),
            none,
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[5000, 100_000], help="numbers of items")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    print(f"{'':44}{'ours s':>10}{'package s':>12}{'ratio':>8}")
    for size in options.sizes:
        votes = make_votes(size)
        counts = votes.counts()
        expected = krippendorff.alpha(value_counts=counts, level_of_measurement="nominal")
        apart = abs(float(krippendorff_alpha(Sums.of_counts(counts))[0]) - expected)
        print(f"{size} items, {VOTES} votes each, 19 categories; alpha {expected:.4f}, differs by {apart:.0e}")
        for name, ours, package in measure(votes, options.runs):
            row = f"  {name:42}{ours:10.3f}"
            print(row + (f"{package:12.1f}{package / ours:8.0f}" if package == package else f"{'–':>12}{'–':>8}"))
    print(f"The package is timed over {LOOP_RESAMPLES} resamples or fewer and scaled to {RESAMPLES}.")


if __name__ == "__main__":
    main()
