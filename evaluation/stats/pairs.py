"""Every pair of systems that was judged, with its effect sizes and its tests, corrected over all pairs."""

from dataclasses import dataclass, replace

import numpy as np

from evaluation.stats import sign_flip, sign_test, signed_rank
from evaluation.stats.arrays import FloatArray
from evaluation.stats.caution_texts import sentence
from evaluation.stats.cells import Cells
from evaluation.stats.effect_sizes import EffectSizes, effect_sizes
from evaluation.stats.multiplicity import Adjusted, adjust
from evaluation.stats.rank_tests import (
    CLUSTERED,
    READINGS,
    ClusterMannWhitney,
    MannWhitney,
    Reading,
    cluster_mann_whitney,
    mann_whitney,
    mann_whitney_of_rates,
    mann_whitney_of_scores,
)
from evaluation.stats.results import (
    ClusterMannWhitneyResult,
    MannWhitneyResult,
    PairResult,
    ParticipantTestResult,
)
from evaluation.stats.sign_flip import sign_flip_test
from evaluation.stats.tables import JudgmentTable
from evaluation.stats.units import NOBODY_KNOWN

_ALIKE = "The participants do not differ from each other, so there is no spread to test against."
_ALONE = "One participant judged this pair; the test needs two."


@dataclass(frozen=True)
class _Pair:
    """Everything of one pair before the correction over all of them."""

    names: tuple[str, str]
    counts: FloatArray
    sizes: EffectSizes
    naive: MannWhitney
    clustered: ClusterMannWhitneyResult
    flipped: ParticipantTestResult
    ranked: ParticipantTestResult
    signed: ParticipantTestResult


def compare_pairs(table: JudgmentTable, *, seed: int, reading: Reading = "mirrored") -> tuple[PairResult, ...]:
    """Compare all judged pairs, in the order of the systems.

    Each test is corrected over all pairs for which it was made.

    Args:
        table: the judgments.
        seed: of the sign flips of many participants.
        reading: of Mann–Whitney.
    """
    cells = table.cells(by_side=False)
    naive = _MannWhitneys(table, cells, reading)
    pairs = [_pair(table, cells, row, naive.of(row), seed) for row in range(cells.rows)]
    corrected = [
        adjust([pair.naive.p for pair in pairs]),
        adjust([pair.clustered.p for pair in pairs]),
        adjust([pair.flipped.p for pair in pairs]),
        adjust([pair.ranked.p for pair in pairs]),
        adjust([pair.signed.p for pair in pairs]),
    ]
    return tuple(_result(table, pair, reading, *adjusted) for pair, *adjusted in zip(pairs, *corrected, strict=True))


class _MannWhitneys:
    """The naive test in one reading, pair by pair."""

    def __init__(self, table: JudgmentTable, cells: Cells, reading: Reading) -> None:
        self._cells, self._reading = cells, reading
        self._by_participant = table.scores_by_participant() if reading == "rates" else None
        self._of_system = np.zeros((len(table.systems), 3), dtype=np.intp)  # wins, losses, ties
        totals = cells.totals.T.astype(np.intp)
        np.add.at(self._of_system, cells.left, totals)
        np.add.at(self._of_system, cells.right, totals[:, [1, 0, 2]])

    def of(self, row: int) -> MannWhitney:
        left, right = int(self._cells.left[row]), int(self._cells.right[row])
        if self._reading == "mirrored":
            wins, losses, ties = (int(count) for count in self._cells.totals[:, row])
            return mann_whitney(wins, losses, ties)
        if self._reading == "all":
            return mann_whitney_of_scores(self._of_system[left].tolist(), self._of_system[right].tolist())
        return mann_whitney_of_rates(self._rates(left), self._rates(right))

    def _rates(self, system: int) -> FloatArray:
        assert self._by_participant is not None
        scores, judged = (part[:, system] for part in self._by_participant)
        asked = judged > 0
        rates: FloatArray = scores[asked] / judged[asked]
        return rates


def _pair(table: JudgmentTable, cells: Cells, row: int, naive: MannWhitney, seed: int) -> _Pair:
    counts = cells.by_participant(row)
    clustered = cluster_mann_whitney(counts)
    names = table.systems[int(cells.left[row])], table.systems[int(cells.right[row])]
    sizes = effect_sizes(counts, clustered)
    if table.unit == "judgment":
        return _Pair(names, counts, sizes, naive, _untested(clustered), *_no_tests())
    differences = (counts[:, 0] - counts[:, 1]) / 2 / counts.sum(axis=1)
    flipped = sign_flip_test(differences, np.random.default_rng([seed, 3, row]))
    ranked, signed = signed_rank.signed_rank_test(differences), sign_test.sign_test(counts)
    people = len(counts)
    return _Pair(
        names,
        counts,
        sizes,
        naive,
        _clustered(clustered, people),
        ParticipantTestResult(flipped.test, flipped.statistic, flipped.p, None, people),
        ParticipantTestResult(ranked.test, ranked.statistic, ranked.p, None, people),
        ParticipantTestResult(sign_test.EXACT, signed.statistic, signed.p, None, signed.n, reason=signed.reason),
    )


def _clustered(found: ClusterMannWhitney, people: int) -> ClusterMannWhitneyResult:
    reason = "" if found.p is not None else _ALONE if people < 2 else _ALIKE
    return ClusterMannWhitneyResult(
        found.theta, found.t, found.df, found.p, None, CLUSTERED, people, None, None, reason
    )


def _untested(found: ClusterMannWhitney) -> ClusterMannWhitneyResult:
    return ClusterMannWhitneyResult(found.theta, None, 0, None, None, CLUSTERED, 0, None, None, NOBODY_KNOWN)


def _no_tests() -> tuple[ParticipantTestResult, ParticipantTestResult, ParticipantTestResult]:
    names = (sign_flip.EXACT, signed_rank.EXACT, sign_test.EXACT)
    flipped, ranked, signed = (ParticipantTestResult(name, None, None, None, 0, reason=NOBODY_KNOWN) for name in names)
    return flipped, ranked, signed


def _result(
    table: JudgmentTable,
    pair: _Pair,
    reading: Reading,
    naive: Adjusted,
    clustered: Adjusted,
    flipped: Adjusted,
    ranked: Adjusted,
    signed: Adjusted,
) -> PairResult:
    wins, losses, ties = (int(count) for count in pair.counts.sum(axis=0))
    sizes, test = pair.sizes, pair.naive
    assert naive.holm is not None and naive.bonferroni is not None and naive.bh is not None  # it always has a p
    return PairResult(
        a=pair.names[0],
        b=pair.names[1],
        judgments=wins + losses + ties,
        wins_a=wins,
        wins_b=losses,
        ties=ties,
        win_rate_a=sizes.win_rate.value,
        win_rate_a_ci=sizes.win_rate.interval,
        mann_whitney=MannWhitneyResult(
            u=test.u,
            p=test.p,
            p_holm=naive.holm,
            cliffs_delta=test.cliffs_delta,
            reading=READINGS[reading],
            n_a=test.n_a,
            n_b=test.n_b,
            p_bonferroni=naive.bonferroni,
            p_bh=naive.bh,
            warning=sentence(f"mann_whitney_{reading}", {}),
        ),
        by_participant=_corrected(pair.flipped, flipped),
        cluster_mann_whitney=replace(
            pair.clustered, p_holm=clustered.holm, p_bonferroni=clustered.bonferroni, p_bh=clustered.bh
        ),
        participants=table.people(len(pair.counts)),
        effective_judgments=sizes.win_rate.effective,
        win_rate_decisive_a=sizes.decisive.value if sizes.decisive else None,
        win_rate_decisive_a_ci=sizes.decisive.interval if sizes.decisive else None,
        tie_share=sizes.ties.value,
        tie_share_ci=sizes.ties.interval,
        cles=sizes.cles,
        cles_ci=sizes.cles_interval,
        cliffs_delta=sizes.cliffs_delta,
        cliffs_delta_ci=sizes.cliffs_delta_interval,
        wilcoxon=_corrected(pair.ranked, ranked),
        sign_test=_corrected(pair.signed, signed),
    )


def _corrected(test: ParticipantTestResult, found: Adjusted) -> ParticipantTestResult:
    return replace(test, p_holm=found.holm, p_bonferroni=found.bonferroni, p_bh=found.bh)
