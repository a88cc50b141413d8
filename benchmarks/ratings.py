"""Time the ratings against evalica and plain Python loops, in the same run and on the same judgments.

    python benchmarks/ratings.py [--sizes 10000 100000] [--runs 5]

Processor seconds, the median of the runs; compare the columns of one run, not runs of two machines.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import evalica
import numpy as np
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from evaluation.stats.bootstrap import bootstrap_elo, bootstrap_strengths
from evaluation.stats.clusters import cluster_covariance
from evaluation.stats.davidson import ELO_PER_LOGIT, DavidsonModel
from evaluation.stats.elo import elo_over_orders, elo_ratings
from evaluation.stats.tables import JudgmentTable

SYSTEMS, REPLICATES, EVALICA_REPLICATES, LOOP_REPLICATES = 20, 200, 10, 10


def make_table(judgments: int, seed: int = 1) -> JudgmentTable:
    """Davidson judgments of 20 systems over 300 Elo, about 20 by each participant, unevenly."""
    rng = np.random.default_rng(seed)
    people = judgments // 20
    strengths = np.linspace(0.5, -0.5, SYSTEMS) * 300 / ELO_PER_LOGIT
    share = rng.lognormal(0.0, 1.0, people)
    person = rng.choice(people, judgments, p=share / share.sum())
    first = rng.integers(0, SYSTEMS, judgments)
    second = (first + rng.integers(1, SYSTEMS, judgments)) % SYSTEMS
    taste = rng.normal(0.0, 0.3, (people, SYSTEMS))
    d = strengths[first] - strengths[second] + taste[person, first] - taste[person, second]
    up = np.exp(d / 2)
    draw = rng.random(judgments) * (up + 1 / up + 0.36)
    score = np.where(draw < up, 1.0, np.where(draw < up + 1 / up, 0.0, 0.5))
    names = tuple(f"p{number}" for number in range(people))
    return JudgmentTable(names, tuple(f"system-{i:02d}" for i in range(SYSTEMS)), person, first, second, score)


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


def python_bootstrap(table: JudgmentTable) -> None:
    """A hand loop that draws participants, collects their judgments and refits."""
    rng, people = np.random.default_rng(0), len(table.participants)
    order = np.argsort(table.participant, kind="stable")
    own = np.split(order, np.searchsorted(table.participant[order], np.arange(1, people)))
    for _ in range(LOOP_REPLICATES):
        python_davidson(table, np.concatenate([own[person] for person in rng.integers(0, people, people)]))


def seconds(work: Callable[[], object], runs: int) -> float:
    work()
    spent = []
    for _ in range(runs):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return statistics.median(spent)


def measure(judgments: int, runs: int) -> list[tuple[str, float, float, float]]:
    """Name, ours, evalica's and the loop's seconds."""
    table = make_table(judgments)
    first, second = table.first.tolist(), table.second.tolist()
    winner = {1.0: evalica.Winner.X, 0.0: evalica.Winner.Y, 0.5: evalica.Winner.Draw}
    winners = [winner[score] for score in table.score.tolist()]

    def fit() -> DavidsonModel:
        model = DavidsonModel(table.cells(by_side=False), SYSTEMS)
        assert not model.best.penalised
        return model

    def evalica_bootstrap() -> object:
        return evalica.bootstrap(
            evalica.newman,
            first,
            second,
            winners,
            n_resamples=EVALICA_REPLICATES,
            bootstrap_method="percentile",
            random_state=0,
        )

    fewer = max(1, runs // 3)
    per_evalica, per_loop = REPLICATES / EVALICA_REPLICATES, REPLICATES / LOOP_REPLICATES
    none = float("nan")
    return [
        (
            "Elo",
            seconds(lambda: elo_ratings(table, k=32), runs),
            seconds(lambda: evalica.elo(first, second, winners, initial=1500.0, k=32.0), runs),
            seconds(lambda: python_elo(table), runs),
        ),
        (
            "Davidson: count and fit",
            seconds(fit, runs),
            seconds(lambda: evalica.newman(first, second, winners), runs),
            seconds(lambda: python_davidson(table), runs),
        ),
        (
            f"Davidson: {REPLICATES} refits of resampled participants *",
            seconds(lambda: bootstrap_strengths(fit(), np.random.default_rng(0), replicates=REPLICATES), runs),
            seconds(evalica_bootstrap, fewer) * per_evalica,
            seconds(lambda: python_bootstrap(table), fewer) * per_loop,
        ),
        ("Davidson: covariance over participants", seconds(lambda: cluster_covariance(fit()), runs), none, none),
        (
            f"Elo: {REPLICATES} replays of resampled participants",
            seconds(lambda: bootstrap_elo(table, np.random.default_rng(0), replicates=REPLICATES, k=32), fewer),
            none,
            seconds(lambda: python_elo(table), fewer) * REPLICATES,
        ),
        (
            f"Elo: {REPLICATES} random orders",
            seconds(lambda: elo_over_orders(table, np.random.default_rng(0), orders=REPLICATES), fewer),
            none,
            seconds(lambda: python_elo(table), fewer) * REPLICATES,
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000], help="numbers of judgments")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    print(f"{'':52}{'ours s':>10}{'evalica s':>11}{'ratio':>8}{'loop s':>10}{'ratio':>8}")
    for size in options.sizes:
        print(f"{size} judgments, {SYSTEMS} systems, {size // 20} participants")
        for name, ours, theirs, loop in measure(size, options.runs):
            row = f"  {name:50}{ours:10.4f}"
            row += f"{theirs:11.4f}{theirs / ours:8.1f}" if theirs == theirs else f"{'–':>11}{'–':>8}"
            row += f"{loop:10.4f}{loop / ours:8.1f}" if loop == loop else f"{'–':>10}{'–':>8}"
            print(row)
    print(
        f"* evalica resamples judgments, not participants. It is timed over {EVALICA_REPLICATES} replicates, the loop "
        f"over {LOOP_REPLICATES}, both scaled to {REPLICATES}; the loop's Elo replays are one run multiplied."
    )


if __name__ == "__main__":
    main()
