"""What to know of the methods, whatever the judgments; each note stands beside the numbers it is about."""

from collections.abc import Iterator, Sequence

import numpy as np

from evaluation.stats.caution_texts import note
from evaluation.stats.rank_tests import Reading
from evaluation.stats.results import Note, SystemResult
from evaluation.stats.tables import JudgmentTable

FEW_REPLICATES = 100  # the error of an interval's end is then a tenth of a standard deviation


def notes(
    table: JudgmentTable, systems: Sequence[SystemResult], *, reading: Reading, replicates: int
) -> Iterator[Note]:
    """Yield a note for each number that readers are used to and that needs a word."""
    if not len(table):
        return
    spread = max((system.elo_order_sd for system in systems if system.elo_order_sd is not None), default=0.0)
    yield note("elo_order", about="elo", spread=spread)
    shared = 0 if table.microseconds is None else len(table) - len(np.unique(table.microseconds))
    if shared:
        yield note("equal_times", about="elo", count=shared)
    if replicates < FEW_REPLICATES:
        yield note("few_replicates", about="elo", replicates=replicates)
    yield note(f"mann_whitney_{reading}", about="mann_whitney")
    yield note("bh_explores", about="tests")
