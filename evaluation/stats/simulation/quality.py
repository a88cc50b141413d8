"""Whom the flags find: participants who click at random, and those who do not."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from evaluation.stats.arrays import BoolArray
from evaluation.stats.quality.expectation import compare_with_others
from evaluation.stats.quality.flags import FLAGS, QualityRules, raise_flags
from evaluation.stats.quality.signals import read_signals
from evaluation.stats.simulation.results import Column, Estimate, Progress, Row, Simulation, chosen, silent
from evaluation.stats.simulation.studies import draw_table, elo, tie_parameter
from evaluation.stats.tables import JudgmentTable

RUNS = 300
PEOPLE, EACH, CLICKERS = 200, 20, 10
CARE = (0.97, 0.95, 0.85)  # how likely somebody who listens passes the gold pair, the twin pair, the repetition
TITLE = (
    "Flags of 200 participants with 20 judgments and 3 checks each; 5 systems over 200 Elo, sd of taste 52 Elo, "
    "15 % ties; no times"
)
COLUMNS = (
    Column("side_fdr", "false side flags among side flags", high=0.05),
    Column("side_clean", "listeners with a side flag", digits=4),
    Column("clean", "listeners with any flag"),
    Column("recall_checks", "clickers found by checks"),
    Column("recall", "clickers found", low=0.8),
    Column("precision", "clickers among the flagged"),
)


@dataclass(frozen=True)
class _Clicker:
    """Chances of the answers first, second and tie of somebody who does not listen, and what that is in words."""

    words: str
    answers: tuple[float, float, float]

    @property
    def passes(self) -> tuple[float, float, float]:
        """Chances to pass each check: the good side is drawn, and a repetition must give the same system or a tie."""
        first, second, tie = self.answers
        return ((first + second) / 2, tie, 2 * first * second + tie**2)


_KINDS = {
    "none": None,
    "thirds": _Clicker("5 % click one of three answers at random", (1 / 3, 1 / 3, 1 / 3)),
    "halves": _Clicker("5 % click one of two sides at random", (1 / 2, 1 / 2, 0.0)),
    "first": _Clicker("5 % click the first side nine times of ten", (0.9, 0.1, 0.0)),
    "ties": _Clicker("5 % always click equivalent", (0.0, 0.0, 1.0)),
}
CELLS = tuple(_KINDS)


def simulate_quality(
    *, runs: int = RUNS, seed: int = 0, cells: Iterable[str] | None = None, progress: Progress = silent
) -> Simulation:
    """Flag participants of so many studies, in which one in twenty clicks without listening, or nobody does.

    Those who listen pass the gold pair, the twin pair and the repetition with chances 0.97, 0.95 and 0.85. The share
    of false flags is over studies, 0 in one without a flag, as the false discovery rate is defined; where nobody
    clicks it is the share of studies with any side flag. Clicking the first side is a bias for it, so such a flag
    is no false one.

    Raises:
        CellError: A cell is unknown.
    """
    rows = []
    for name in chosen(CELLS, cells):
        kind = _KINDS[name]
        rng = np.random.default_rng([seed, CELLS.index(name)])
        found: dict[str, list[float]] = {column.key: [] for column in COLUMNS}
        for run in range(runs):
            clicks, raised = _study(rng, kind)
            for key, value in _shares(clicks, raised).items():
                found[key].append(value)
            progress(name, run + 1, runs)
        values = {key: Estimate.mean(shares) for key, shares in found.items() if shares}
        rows.append(Row(name, kind.words if kind else "everybody listens", runs, values))
    return Simulation("quality", TITLE, seed, COLUMNS, tuple(rows))


def _study(rng: np.random.Generator, kind: _Clicker | None) -> tuple[BoolArray, BoolArray]:
    """Who clicks, shape (participants,), and the flags, shape (participants, flags)."""
    strengths = np.linspace(elo(100), -elo(100), 5)
    table = draw_table(rng, PEOPLE * EACH, strengths, PEOPLE, nu=tie_parameter(0.15), taste=elo(52), skew=0.0)
    table = replace(table, participant=np.repeat(np.arange(PEOPLE), EACH))
    clicks = np.zeros(PEOPLE, dtype=np.bool_)
    passes = np.tile(CARE, (PEOPLE, 1))
    if kind is not None:
        clicks[:CLICKERS] = True
        table = _clicked(table, clicks, kind, rng)
        passes[clicks] = kind.passes
    failed = (rng.random(passes.shape) >= passes).sum(axis=1).astype(float)
    taken = np.full(PEOPLE, 3.0)
    return clicks, raise_flags(read_signals(table), compare_with_others(table), taken, failed, QualityRules())


def _clicked(table: JudgmentTable, clicks: BoolArray, kind: _Clicker, rng: np.random.Generator) -> JudgmentTable:
    answers = rng.choice(np.array([1.0, 0.0, 0.5]), len(table), p=kind.answers)
    return replace(table, score=np.where(clicks[table.participant], answers, table.score))


def _shares(clicks: BoolArray, raised: BoolArray) -> dict[str, float]:
    side, checks = raised[:, FLAGS.index("side")], raised[:, FLAGS.index("checks")]
    flagged: BoolArray = np.any(raised, axis=1)
    shares = {
        "side_fdr": _share(side & ~clicks, side),
        "side_clean": _share(side & ~clicks, ~clicks),
        "clean": _share(flagged & ~clicks, ~clicks),
    }
    if clicks.any():
        shares |= {
            "recall_checks": _share(checks & clicks, clicks),
            "recall": _share(flagged & clicks, clicks),
            "precision": _share(flagged & clicks, flagged),
        }
    return shares


def _share(part: BoolArray, whole: BoolArray) -> float:
    return float(part.sum() / max(int(whole.sum()), 1))
