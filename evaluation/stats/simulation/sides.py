"""What a side effect does to ratings where one system is shown first more often than the other."""

from collections.abc import Iterable

import numpy as np

from evaluation.stats.davidson import ELO_PER_LOGIT, DavidsonModel
from evaluation.stats.simulation.results import Column, Estimate, Progress, Row, Simulation, chosen, silent
from evaluation.stats.simulation.studies import draw_table, elo, tie_parameter

RUNS = 40
DELTA, FIRST_SHARE, JUDGMENTS, PEOPLE = 0.3, 0.6, 100_000, 5_000
TITLE = (
    "Bias of the gap between the first and the last system, Elo: side effect of 0.3, the better system of each pair "
    "shown first in 60 % of 100,000 judgments"
)
COLUMNS = (
    Column("without", "without the term", 0.0, digits=2),
    Column("with", "with the term", 0.0, -2.0, 2.0, digits=2),
    Column("delta", "side effect found", DELTA),
)
_DESIGNS = {"two": (2, 100.0), "two-equal": (2, 0.0), "five": (5, 200.0)}
CELLS = tuple(_DESIGNS)


def simulate_sides(
    *, runs: int = RUNS, seed: int = 0, cells: Iterable[str] | None = None, progress: Progress = silent
) -> Simulation:
    """Rate so many studies with a planted side effect, with and without a term for it.

    `two` has two systems 100 Elo apart, `five` has five over 200 Elo.

    Raises:
        CellError: A cell is unknown.
    """
    rows = []
    for name in chosen(CELLS, cells):
        size, span = _DESIGNS[name]
        rng = np.random.default_rng([seed, CELLS.index(name)])
        strengths = np.linspace(elo(span / 2), -elo(span / 2), size)
        found: dict[str, list[float]] = {column.key: [] for column in COLUMNS}
        for run in range(runs):
            table = draw_table(
                rng, JUDGMENTS, strengths, PEOPLE, nu=tie_parameter(0.15), delta=DELTA, first_share=FIRST_SHARE
            )
            plain = DavidsonModel(table.cells(by_side=False), size).best
            sided = DavidsonModel(table.cells(by_side=True), size, position=True).best
            assert sided.position is not None  # the model has the term
            for key, fit in (("without", plain), ("with", sided)):
                found[key].append(float(ELO_PER_LOGIT * (fit.strengths[0] - fit.strengths[-1])) - span)
            found["delta"].append(sided.position)
            progress(name, run + 1, runs)
        words = f"{size} systems over {span:g} Elo"
        rows.append(Row(name, words, runs, {key: Estimate.mean(values) for key, values in found.items()}))
    return Simulation("sides", TITLE, seed, COLUMNS, tuple(rows))
