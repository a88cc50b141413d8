"""Every pair of systems that was judged, with its tests corrected over all of them."""

from dataclasses import dataclass

import numpy as np

from evaluation.stats.arrays import FloatArray
from evaluation.stats.intervals import cluster_rate
from evaluation.stats.multiplicity import holm
from evaluation.stats.rank_tests import ClusterMannWhitney, MannWhitney, cluster_mann_whitney, mann_whitney
from evaluation.stats.results import (
    ClusterMannWhitneyResult,
    MannWhitneyResult,
    PairResult,
    ParticipantTestResult,
)
from evaluation.stats.sign_flip import SignFlip, sign_flip_test
from evaluation.stats.tables import Cells, JudgmentTable

READING = "mirrored judgments (D1): each system's scores against the other's in the same judgments"


@dataclass(frozen=True)
class _Tests:
    counts: FloatArray
    naive: MannWhitney
    clustered: ClusterMannWhitney
    flipped: SignFlip


def compare_pairs(table: JudgmentTable, *, seed: int) -> tuple[PairResult, ...]:
    """Compare all judged pairs, in the order of the systems.

    Holm's correction runs over all pairs returned (for the cluster-robust test, over those that have a p-value).
    """
    cells = table.cells(by_side=False)
    tests = [_test(cells, row, np.random.default_rng([seed, 3, row])) for row in range(cells.rows)]
    naive = holm([test.naive.p for test in tests])
    flipped = holm([test.flipped.p for test in tests])
    known = [test.clustered.p for test in tests if test.clustered.p is not None]
    clustered = iter(holm(known))
    return tuple(
        _result(
            (table.systems[int(cells.left[row])], table.systems[int(cells.right[row])]),
            test,
            naive[row],
            flipped[row],
            None if test.clustered.p is None else next(clustered),
        )
        for row, test in enumerate(tests)
    )


def _test(cells: Cells, row: int, rng: np.random.Generator) -> _Tests:
    counts = cells.by_participant(row)
    wins, losses, ties = (int(count) for count in counts.sum(axis=0))
    differences = (counts[:, 0] - counts[:, 1]) / 2 / counts.sum(axis=1)
    return _Tests(
        counts, mann_whitney(wins, losses, ties), cluster_mann_whitney(counts), sign_flip_test(differences, rng)
    )


def _result(
    names: tuple[str, str], test: _Tests, naive_holm: float, flipped_holm: float, clustered_holm: float | None
) -> PairResult:
    wins, losses, ties = (int(count) for count in test.counts.sum(axis=0))
    rate = cluster_rate(test.counts[:, 0] + test.counts[:, 2] / 2, test.counts.sum(axis=1))
    assert rate is not None  # a pair is only here because it was judged
    naive, clustered, flipped = test.naive, test.clustered, test.flipped
    return PairResult(
        a=names[0],
        b=names[1],
        judgments=wins + losses + ties,
        wins_a=wins,
        wins_b=losses,
        ties=ties,
        win_rate_a=rate.value,
        win_rate_a_ci=rate.interval,
        mann_whitney=MannWhitneyResult(naive.u, naive.p, naive_holm, naive.cliffs_delta, READING),
        by_participant=ParticipantTestResult(flipped.test, flipped.statistic, flipped.p, flipped_holm),
        cluster_mann_whitney=ClusterMannWhitneyResult(
            clustered.theta, clustered.t, clustered.df, clustered.p, clustered_holm
        ),
        participants=len(test.counts),
        effective_judgments=rate.effective,
    )
