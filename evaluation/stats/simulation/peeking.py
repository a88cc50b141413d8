"""What looking again and again does to tests of two equal systems."""

from collections.abc import Iterable

import numpy as np
from scipy.stats import norm
from scipy.stats import t as student

from evaluation.stats.anytime import STAKES, log_e_path
from evaluation.stats.arrays import BoolArray, FloatArray
from evaluation.stats.simulation.results import Column, Estimate, Progress, Row, Simulation, chosen, silent
from evaluation.stats.simulation.studies import draw_pair

RUNS = 2000
TITLE = "Null studies of up to 500 participants with 10 judgments each that are ever rejected at 5 %, 7.5 % ties"
LEVEL = 0.05
PEOPLE, EACH, EVERY = 500, 10, 10
COLUMNS = (
    Column("t_once", "t, one look", LEVEL),
    Column("t_peeking", "t, a look every 10", LEVEL),
    Column("z_peeking", "z on judgments, a look every 10", LEVEL),
    Column("e_judgments", "e-process on judgments, a look at each", LEVEL),
    Column("e_participants", "e-process by participant, a look at each", LEVEL, high=LEVEL),
)
_TASTES = {f"sd-{taste:g}": taste for taste in (0.0, 0.5, 1.0)}
CELLS = tuple(_TASTES)
_BLOCK = 100  # studies at once


def simulate_peeking(
    *, runs: int = RUNS, seed: int = 0, cells: Iterable[str] | None = None, progress: Progress = silent
) -> Simulation:
    """Look at so many null studies of each design: once, every ten participants, and after each.

    In `sd-0.5` the log-odds for the first system have standard deviation 0.5 between participants.

    Raises:
        CellError: A cell is unknown.
    """
    rows = []
    for name in chosen(CELLS, cells):
        rng = np.random.default_rng([seed, CELLS.index(name)])
        rejected = dict.fromkeys((column.key for column in COLUMNS), 0)
        for done in range(0, runs, _BLOCK):
            size = min(_BLOCK, runs - done)
            counts = draw_pair(rng, (size, PEOPLE), EACH, taste=_TASTES[name])
            for key, studies in _rejections(counts).items():
                rejected[key] += int(studies.sum())
            progress(name, done + size, runs)
        values = {key: Estimate.rate(count, runs) for key, count in rejected.items()}
        rows.append(Row(name, f"sd {_TASTES[name]:g}", runs, values))
    return Simulation("peeking", TITLE, seed, COLUMNS, tuple(rows))


def _rejections(counts: FloatArray) -> dict[str, BoolArray]:
    """Which studies each rule ever rejects, shape (studies,)."""
    looks = np.arange(EVERY, PEOPLE + 1, EVERY)
    wins, losses = counts[..., 0], counts[..., 1]
    share = (wins - losses) / counts.sum(axis=-1)
    t = np.abs(running_t(share)[:, looks - 1]) >= student.ppf(1 - LEVEL / 2, looks - 1)
    won, lost = wins.cumsum(axis=1)[:, looks - 1], losses.cumsum(axis=1)[:, looks - 1]
    z = np.abs(won - lost) / np.sqrt(np.maximum(won + lost, 1)) >= norm.ppf(1 - LEVEL / 2)
    threshold = -np.log(LEVEL)
    return {
        "t_once": t[:, -1],
        "t_peeking": t.any(axis=1),
        "z_peeking": z.any(axis=1),
        "e_judgments": (_judgment_log_e(wins.cumsum(axis=1), losses.cumsum(axis=1)) >= threshold).any(axis=1),
        "e_participants": (log_e_path(share) >= threshold).any(axis=1),
    }


def _judgment_log_e(won: FloatArray, lost: FloatArray) -> FloatArray:
    """log E after so many judgments won and lost, as if each were somebody else's; shape as `won`."""
    total = np.full(won.shape, -np.inf)
    for stake in STAKES:
        total = np.logaddexp(total, won * np.log1p(stake) + lost * np.log1p(-stake))
    return np.asarray(total - np.log(len(STAKES)))


def running_t(values: FloatArray) -> FloatArray:
    """Student's t of the first 1, 2, … values of each line against 0, shape as `values`; 0 where nothing varies."""
    n = np.arange(1, values.shape[1] + 1)
    mean = values.cumsum(axis=1) / n
    squares = (values**2).cumsum(axis=1) - n * mean**2
    error = np.sqrt(np.maximum(squares, 0.0) / np.maximum(n - 1, 1) / n)
    t: FloatArray = np.divide(mean, error, out=np.zeros_like(mean), where=error > 1e-9)
    return t
