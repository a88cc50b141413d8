"""How long a system takes for a query: alone, as a listener waits for it, and in batches.

Times are the machine's and the moment's: nothing that must repeat byte for byte may hold them.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from recsys.core.ranking import ListenerQuery
from recsys.offline.rankings import Ranker

TRACKS = 20
BATCH = 32
MOST = 200
WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of wall time for a query.

    Attributes:
        value: the median, `p50`; `p95` is the time that one query in twenty exceeds.
        batch_of_32: for one query of a full batch, the median over batches; None with fewer than 32 queries.
        queries: how many were timed alone, after `warm_up` that were not.
        tracks: how many were asked for.
    """

    value: float
    p50: float
    p95: float
    mean: float
    batch_of_32: float | None
    queries: int
    warm_up: int
    tracks: int
    threads: int = 1


def time_system(system: Ranker, queries: Sequence[ListenerQuery], *, tracks: int = TRACKS) -> Timing:
    """Time up to 200 queries one by one, then in batches of 32, on one thread."""
    timed = list(queries[:MOST])
    with one_thread():
        for query in timed[:WARM_UP]:
            system.recommend([query], k=tracks)
        alone = np.array([_milliseconds(system, [query], tracks) for query in timed])
        full = [timed[start : start + BATCH] for start in range(0, len(timed) - BATCH + 1, BATCH)]
        batches = [_milliseconds(system, batch, tracks) / BATCH for batch in full]
    return Timing(
        value=float(np.median(alone)),
        p50=float(np.median(alone)),
        p95=float(np.percentile(alone, 95)),
        mean=float(alone.mean()),
        batch_of_32=float(np.median(batches)) if batches else None,
        queries=len(timed),
        warm_up=min(WARM_UP, len(timed)),
        tracks=tracks,
    )


@contextmanager
def one_thread() -> Iterator[None]:
    """Hold every arithmetic library that is loaded to one thread, and let go afterwards."""
    from threadpoolctl import threadpool_limits  # comes with the `ml` extra; only who times needs it

    torch = sys.modules.get("torch")  # not imported for this: a system that needs it has done so
    before = torch.get_num_threads() if torch is not None else 0
    with threadpool_limits(limits=1):
        if torch is not None:
            torch.set_num_threads(1)
        try:
            yield
        finally:
            if torch is not None:
                torch.set_num_threads(before)


def _milliseconds(system: Ranker, queries: Sequence[ListenerQuery], tracks: int) -> float:
    started = time.perf_counter()
    system.recommend(queries, k=tracks)
    return (time.perf_counter() - started) * 1000
