"""Time one label from many against crowd-kit (or, without it, plain Python), in the same run and on the same votes.

    python benchmarks/aggregation.py [--sizes 15000 300000]

Simulated: 19 categories, 100 annotators of unlike care, habits and diligence, three votes per item. Processor seconds
and the memory that each fit adds to the process, every fit in a process of its own. crowd-kit's MACE is run once: its
ten restarts all begin at the same place. Where it would take minutes it is left out.
"""

import argparse
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from annotation.aggregation.consensus import AGGREGATORS, Consensus, aggregate
from annotation.aggregation.dawid_skene import dawid_skene
from annotation.votes import Votes

try:
    import crowdkit.aggregation as peer
    import pandas as pd
except ImportError:
    peer = None

CATEGORIES, ANNOTATORS, PER_ITEM, MORE = 19, 100, 3, 1_000
SLOW = 100_000  # votes beyond which crowd-kit's MACE is left out
MIB = 2**20 if sys.platform == "darwin" else 2**10


def simulate(n_votes: int, seed: int = 1) -> tuple[Votes, np.ndarray]:
    """Votes and the truth; one annotator in ten guesses most of the time."""
    rng = np.random.default_rng(seed)
    n_items = -(-n_votes // PER_ITEM)
    truth = rng.choice(CATEGORIES, n_items, p=rng.dirichlet(np.full(CATEGORIES, 2.0)))
    care = np.where(rng.random(ANNOTATORS) < 0.1, 0.1, rng.beta(6.0, 2.5, ANNOTATORS))[:, None, None]
    habit = rng.dirichlet(np.full(CATEGORIES, 0.3), CATEGORIES)
    rows = (1 - care) * habit + care * np.eye(CATEGORIES)
    tables = np.array([[rng.dirichlet(8 * row + 1e-3) for row in person] for person in rows]).cumsum(axis=2)
    diligence = rng.lognormal(0.0, 1.0, ANNOTATORS)
    waiting = rng.exponential(size=(n_items, ANNOTATORS)) / diligence
    people = np.sort(np.argpartition(waiting, PER_ITEM, axis=1)[:, :PER_ITEM], axis=1).ravel()
    items = np.repeat(np.arange(n_items), PER_ITEM)
    draw = rng.random(len(items))[:, None]
    labels = np.minimum((tables[people, truth[items]] < draw).sum(axis=1), CATEGORIES - 1)
    names = tuple(f"q{item:07d}" for item in range(n_items))
    votes = Votes(items, people, labels, names, tuple(f"p{j:03d}" for j in range(ANNOTATORS)), categories())
    return first(votes, n_votes), truth


def categories() -> tuple[str, ...]:
    return tuple(f"c{k:02d}" for k in range(CATEGORIES))


def first(votes: Votes, n: int) -> Votes:
    """The first n votes."""
    items = votes.item_ids[: int(votes.items[n - 1]) + 1]
    return Votes(votes.items[:n], votes.annotators[:n], votes.labels[:n], items, votes.annotator_ids, votes.categories)


def peer_fit(votes: Votes, method: str) -> np.ndarray:
    """crowd-kit's labels, as category indices."""
    order = np.argsort(votes.labels, kind="stable")
    people, seen = votes.annotators[order], {}
    # Its MACE reads guesses in another order than it adds them up, unless names appear in sorted order.
    names = [seen.setdefault(person, len(seen)) for person in people.tolist()]
    frame = pd.DataFrame({"task": votes.items[order], "worker": names, "label": votes.labels[order]})
    fits = {
        "majority": lambda: peer.MajorityVote(),
        "dawid-skene": lambda: peer.DawidSkene(n_iter=100),
        "mace": lambda: peer.MACE(n_restarts=1),
    }
    return fits[method]().fit_predict(frame).sort_index().to_numpy()


def plain_fit(votes: Votes, steps: int = 20) -> np.ndarray:
    """What people write by hand: Dawid and Skene's EM with loops."""
    seen = list(zip(votes.items.tolist(), votes.annotators.tolist(), votes.labels.tolist(), strict=True))
    labels = (votes.counts() / votes.counts().sum(axis=1, keepdims=True)).tolist()
    every = range(CATEGORIES)
    for _ in range(steps):
        tables = [[[1e-10] * CATEGORIES for _ in every] for _ in votes.annotator_ids]
        for item, person, label in seen:
            for k in every:
                tables[person][k][label] += labels[item][k]
        tables = [[[cell / sum(row) for cell in row] for row in table] for table in tables]
        labels = [[sum(row[k] for row in labels) / len(labels) for k in every] for _ in labels]
        for item, person, label in seen:
            for k in every:
                labels[item][k] *= tables[person][k][label]
        labels = [[cell / sum(row) for cell in row] for row in labels]
    return np.argmax(np.array(labels), axis=1)


def measured(work: Callable[[], object]) -> tuple[object, float, float]:
    """The result, processor seconds and added MiB, in a process of its own."""
    context = multiprocessing.get_context("fork")
    receive, send = context.Pipe(duplex=False)

    def child() -> None:
        before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        result = work()
        spent = time.process_time() - began
        send.send((result, spent, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / MIB))

    process = context.Process(target=child)
    process.start()
    answer = receive.recv()
    process.join()
    return answer


def peer_of(method: str, votes: Votes) -> tuple[str, Callable[[], np.ndarray]] | None:
    if peer is not None and not (method == "mace" and len(votes) > SLOW):
        return "crowd-kit", lambda: peer_fit(votes, method)
    if peer is None and method == "dawid-skene" and len(votes) <= SLOW:
        return "loops", lambda: plain_fit(votes)
    return None


def report(name: str, best: np.ndarray, truth: np.ndarray, spent: float, memory: float, beside: str = "") -> None:
    right = float(np.mean(best == truth[: len(best)]))
    print(f"  {name:42}{spent:9.2f}{memory:9.0f}{right:10.4f}{beside}")


def compare(n_votes: int) -> None:
    more, truth = simulate(n_votes + MORE)
    votes = first(more, n_votes)
    for method in AGGREGATORS:
        result, spent, memory = measured(lambda method=method: aggregate(votes, method))
        assert isinstance(result, Consensus)
        report(method, result.best, truth, spent, memory)
        if method == "dawid-skene":
            free, spent_free, memory_free = measured(lambda: dawid_skene(votes, pooling=0.0))
            report("dawid-skene, pooling=0", free.best, truth, spent_free, memory_free)
            against = free.best
        else:
            against = result.best
        if (other := peer_of(method, votes)) is not None:
            theirs, spent_peer, memory_peer = measured(other[1])
            same = float(np.mean(theirs == against))
            beside = f"{spent_peer / spent:9.1f}{same:9.4f}"
            report(f"{method}, {other[0]}", theirs, truth, spent_peer, memory_peer, beside)
        if method != "majority":
            again, spent_warm, memory_warm = measured(
                lambda method=method, start=result: aggregate(more, method, start=start)
            )
            report(f"{method}, {MORE:,} votes more, warm", again.best, truth, spent_warm, memory_warm)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[15_000, 300_000], help="numbers of votes")
    options = parser.parse_args()
    print(f"{'':44}{'CPU s':>9}{'+ MiB':>9}{'right':>10}{'ratio':>9}{'same':>9}")
    for size in options.sizes:
        print(f"{size:,} votes, {CATEGORIES} categories, {ANNOTATORS} annotators")
        compare(size)
    print("ratio: the other's seconds by ours; same: share of items with the same label (Dawid–Skene with pooling=0).")


if __name__ == "__main__":
    main()
