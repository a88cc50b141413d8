"""All simulations by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from evaluation.stats.simulation import coverage, level, peeking, quality, ranks, sides
from evaluation.stats.simulation.results import Progress, Simulation


class Simulate(Protocol):
    """Simulates some cells of a table."""

    def __call__(self, *, runs: int, seed: int, cells: Iterable[str] | None, progress: Progress) -> Simulation: ...


@dataclass(frozen=True)
class Table:
    """One simulation.

    Attributes:
        about: what it shows, in a few words.
        simulate: makes it.
        cells: its rows.
        runs: studies per cell unless others are asked for.
    """

    about: str
    simulate: Simulate
    cells: tuple[str, ...]
    runs: int


TABLES = {
    "level": Table("false alarms of the tests of a pair", level.simulate_level, level.CELLS, level.RUNS),
    "coverage": Table("how often intervals hold the truth", coverage.simulate_coverage, coverage.CELLS, coverage.RUNS),
    "ranks": Table("how often ranks hold the truth", ranks.simulate_ranks, ranks.CELLS, ranks.RUNS),
    "peeking": Table("what looking again and again does", peeking.simulate_peeking, peeking.CELLS, peeking.RUNS),
    "sides": Table("what a side effect does to ratings", sides.simulate_sides, sides.CELLS, sides.RUNS),
    "quality": Table("whom the flags find", quality.simulate_quality, quality.CELLS, quality.RUNS),
}
