"""Time the ratings against evalica, choix, arena-rank and plain Python loops, in one run and on the same judgments.

    python benchmarks/ratings.py [--sizes 10000 1000000] [--runs 5] [--arena-rank-python PATH] [--ours-alone]

Processor seconds on one thread, the median of the runs; compare the columns of one run, not runs of two machines.
arena-rank wants an older numpy, so it has an interpreter of its own (python -m venv X; X/bin/pip install arena-rank).
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
os.environ.update(dict.fromkeys(THREADS, "1"))  # threads that wait would count as work

import choix
import evalica
import numpy as np
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from evaluation.stats.bootstrap import bootstrap_elo, bootstrap_strengths
from evaluation.stats.clusters import cluster_covariance
from evaluation.stats.davidson import ELO_PER_LOGIT, DavidsonModel
from evaluation.stats.elo import elo_over_orders, elo_ratings
from evaluation.stats.models import RatingModel
from evaluation.stats.tables import JudgmentTable

SYSTEMS, REPLICATES, NEW, MOST_PEOPLE = 20, 200, 1_000, 100_000
PEERS = ("evalica", "choix", "arena-rank", "loop")
_BLOCK = 1_000_000


def make_table(judgments: int, seed: int = 1) -> JudgmentTable:
    """Davidson judgments of 20 systems over 300 Elo, about 20 by each participant (100,000 at most), unevenly."""
    rng = np.random.default_rng(seed)
    people = min(judgments // 20, MOST_PEOPLE)
    strengths = np.linspace(0.5, -0.5, SYSTEMS) * 300 / ELO_PER_LOGIT
    share = rng.lognormal(0.0, 1.0, people)
    taste = strengths + rng.normal(0.0, 0.3, (people, SYSTEMS))
    parts = []
    for at in range(0, judgments, _BLOCK):
        size = min(_BLOCK, judgments - at)
        person = rng.choice(people, size, p=share / share.sum()).astype(np.int32)
        first = rng.integers(0, SYSTEMS, size, dtype=np.int32)
        second = (first + rng.integers(1, SYSTEMS, size, dtype=np.int32)) % SYSTEMS
        up = np.exp((taste[person, first] - taste[person, second]) / 2)
        draw = rng.random(size) * (up + 1 / up + 0.36)
        score = np.where(draw < up, 1.0, np.where(draw < up + 1 / up, 0.0, 0.5))
        parts.append((person, first, second.astype(np.int32), score))
    person, first, second, score = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    names = tuple(f"p{number}" for number in range(people))
    return JudgmentTable(names, tuple(f"system-{i:02d}" for i in range(SYSTEMS)), person, first, second, score)


def some(table: JudgmentTable, chosen: slice) -> JudgmentTable:
    """A stretch of the judgments, naming only those who made them."""
    people, person = np.unique(table.participant[chosen], return_inverse=True)
    names = tuple(table.participants[each] for each in people)
    return JudgmentTable(names, table.systems, person, table.first[chosen], table.second[chosen], table.score[chosen])


def python_elo(table: JudgmentTable) -> list[float]:
    """What people write by hand."""
    ratings = [1500.0] * SYSTEMS
    for a, b, score in zip(table.first.tolist(), table.second.tolist(), table.score.tolist(), strict=True):
        change = 32 * (score - 1 / (1 + 10 ** ((ratings[b] - ratings[a]) / 400)))
        ratings[a] += change
        ratings[b] -= change
    return ratings


def python_davidson(table: JudgmentTable, chosen: np.ndarray | None = None) -> np.ndarray:
    """What people write by hand: count the pairs, minimise with scipy."""
    at = np.arange(len(table)) if chosen is None else chosen
    first, second, score = table.first[at], table.second[at], table.score[at]
    shape = (SYSTEMS, SYSTEMS)
    wins, ties = np.zeros(shape), np.zeros(shape)
    for mask, i, j, into in (
        (score == 1.0, first, second, wins),
        (score == 0.0, second, first, wins),
        (score == 0.5, first, second, ties),
    ):
        into += np.bincount(i[mask] * SYSTEMS + j[mask], minlength=SYSTEMS**2).reshape(shape)

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        d = values[:-1, None] - values[None, :-1]
        total = np.logaddexp(np.logaddexp(d / 2, -d / 2), values[-1])
        n = wins + ties
        win, lose, tie = np.exp(d / 2 - total), np.exp(-d / 2 - total), np.exp(values[-1] - total)
        slope = wins / 2 - n * (win - lose) / 2
        gradient = np.append(slope.sum(axis=1) - slope.sum(axis=0), (ties - n * tie).sum())
        return -float((wins * d / 2 + ties * values[-1] - n * total).sum()), -gradient

    return np.asarray(
        minimize(loss, np.zeros(SYSTEMS + 1), jac=True, method="L-BFGS-B", options={"ftol": 1e-14, "gtol": 1e-8}).x
    )


def python_bootstrap(table: JudgmentTable, replicates: int) -> None:
    """A hand loop that draws participants, collects their judgments and refits."""
    rng, people = np.random.default_rng(0), len(table.participants)
    order = np.argsort(table.participant, kind="stable")
    own = np.split(order, np.searchsorted(table.participant[order], np.arange(1, people)))
    for _ in range(replicates):
        python_davidson(table, np.concatenate([own[person] for person in rng.integers(0, people, people)]))


def choix_fit(table: JudgmentTable, chosen: np.ndarray | slice = slice(None)) -> np.ndarray:
    """Bradley-Terry with ties as half, from a matrix of wins, which is all that choix takes of many judgments."""
    first, second, score = table.first[chosen], table.second[chosen], table.score[chosen]
    wins = np.bincount(first * SYSTEMS + second, score, SYSTEMS**2)
    losses = np.bincount(second * SYSTEMS + first, 1.0 - score, SYSTEMS**2)
    return choix.ilsr_pairwise_dense((wins + losses).reshape(SYSTEMS, SYSTEMS))


def choix_bootstrap(table: JudgmentTable, replicates: int) -> None:
    rng = np.random.default_rng(0)
    for _ in range(replicates):
        choix_fit(table, rng.integers(0, len(table), len(table)))


def seconds(work: Callable[[], object], runs: int, *, warm: bool = True) -> float:
    if warm:
        work()
    spent = []
    for _ in range(runs):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return statistics.median(spent)


def fit(table: JudgmentTable) -> DavidsonModel:
    fresh = JudgmentTable(
        table.participants, table.systems, table.participant, table.first, table.second, table.score
    )  # nothing kept from an earlier run
    model = DavidsonModel(fresh.cells(by_side=False), SYSTEMS)
    assert not model.best.penalised
    return model


def measure_ours(table: JudgmentTable, runs: int) -> dict[str, float]:
    fewer = max(1, runs // 3)
    old = fit(some(table, slice(0, -NEW)))
    cluster_covariance(old)

    def refresh() -> RatingModel:
        more = old.plus(some(table, slice(-NEW, None)).cells(by_side=False))
        cluster_covariance(more)
        return more

    found = {
        "Elo": seconds(lambda: elo_ratings(table, k=32), runs),
        "count and fit": seconds(lambda: fit(table), runs),
        "the same with 95 % intervals over participants": seconds(lambda: cluster_covariance(fit(table)), runs),
        f"the same with {REPLICATES} refits": seconds(
            lambda: bootstrap_strengths(fit(table), seed=0, replicates=REPLICATES), runs
        ),
        f"{NEW} new judgments: ratings and intervals": seconds(refresh, runs),
    }
    print(f"  peak memory so far {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB", flush=True)
    if len(table) <= _BLOCK:
        found |= {
            f"Elo: {REPLICATES} replays of resampled participants": seconds(
                lambda: bootstrap_elo(table, seed=0, replicates=REPLICATES, k=32), fewer
            ),
            f"Elo: {REPLICATES} random orders": seconds(
                lambda: elo_over_orders(table, np.random.default_rng(0), orders=REPLICATES), fewer
            ),
        }
    return found


def measure_peers(table: JudgmentTable, runs: int, arena: str | None) -> dict[str, dict[str, float]]:
    """Seconds by row and peer; refits are timed over few replicates and scaled."""
    first, second = table.first.tolist(), table.second.tolist()
    winner = {1.0: evalica.Winner.X, 0.0: evalica.Winner.Y, 0.5: evalica.Winner.Draw}
    winners = [winner[score] for score in table.score.tolist()]
    big = len(table) >= _BLOCK
    few = 2 if big else 10
    scale = REPLICATES / few
    runs = 1 if big else runs

    def evalica_bootstrap() -> object:
        return evalica.bootstrap(
            evalica.newman, first, second, winners, n_resamples=few, bootstrap_method="percentile", random_state=0
        )

    once = {"runs": 1, "warm": False}
    rows = {
        "Elo": {
            "evalica": seconds(lambda: evalica.elo(first, second, winners, initial=1500.0, k=32.0), runs, warm=not big),
            "loop": seconds(lambda: python_elo(table), runs, warm=not big),
        },
        "count and fit": {
            "evalica": seconds(lambda: evalica.newman(first, second, winners), runs, warm=not big),
            "choix": seconds(lambda: choix_fit(table), runs),
            "loop": seconds(lambda: python_davidson(table), runs),
        },
        "the same with 95 % intervals over participants": {},
        f"the same with {REPLICATES} refits": {
            "evalica": seconds(evalica_bootstrap, **once) * scale,
            "choix": seconds(lambda: choix_bootstrap(table, few), **once) * scale,
            "loop": seconds(lambda: python_bootstrap(table, few), **once) * scale,
        },
    }
    if arena:
        times = arena_rank(table, arena)
        rows["the same with 95 % intervals over participants"]["arena-rank"] = times["fit"]
        rows[f"the same with {REPLICATES} refits"]["arena-rank"] = times["bootstrap"] * REPLICATES / 2
    return rows


def arena_rank(table: JudgmentTable, python: str) -> dict[str, float]:
    """Its seconds in its own interpreter: a fit with its judgment-level interval, and two replicates."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "judgments.npz"
        np.savez(file, first=table.first, second=table.second, score=table.score, systems=SYSTEMS)
        script = Path(__file__).with_name("_arena_rank.py")
        done = subprocess.run([python, script, file, "2"], check=True, capture_output=True, text=True)
    times: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000], help="numbers of judgments")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--arena-rank-python", metavar="PATH", help="an interpreter that has arena-rank")
    parser.add_argument("--ours-alone", action="store_true", help="leave out the peers")
    options = parser.parse_args()
    print(f"{'':50}{'ours s':>9}" + "".join(f"{peer + ' s':>14}{'ratio':>8}" for peer in PEERS))
    for size in options.sizes:
        table = make_table(size)
        print(f"{size} judgments, {SYSTEMS} systems, {len(table.participants)} participants")
        ours = measure_ours(table, options.runs)
        peers = {} if options.ours_alone else measure_peers(table, options.runs, options.arena_rank_python)
        for name, spent in ours.items():
            row = f"  {name:48}{spent:9.4f}"
            for peer in PEERS:
                theirs = peers.get(name, {}).get(peer)
                row += f"{'–':>14}{'':8}" if theirs is None else f"{theirs:14.3f}{theirs / spent:8.1f}"
            print(row, flush=True)
    print(
        "evalica, choix and arena-rank resample judgments, the loop and ours participants. "
        f"The peers' {REPLICATES} refits are scaled from 10 (from a million judgments on, and for arena-rank, from 2)."
    )


if __name__ == "__main__":
    main()
