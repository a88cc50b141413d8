import numpy as np
import pytest

from recsys.core.ranking import ListenerQuery, RankedTracks
from recsys.offline.timing import BATCH, MOST, WARM_UP, one_thread, time_system


class Counting:
    slug = "counting"

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def recommend(self, queries, *, k):
        self.sizes.append(len(queries))
        return [RankedTracks(("t",) * k, (0.0,) * k)] * len(queries)


@pytest.mark.parametrize("n", [3, 100, 1000])
def test_every_query_is_timed_alone_then_in_full_batches(n):
    system = Counting()
    timing = time_system(system, [ListenerQuery(str(number)) for number in range(n)], tracks=1)
    timed = min(n, MOST)
    assert system.sizes == [1] * (min(WARM_UP, timed) + timed) + [BATCH] * (timed // BATCH)
    assert timing.queries == timed
    assert (timing.batch_of_32 is None) == (n < BATCH)
    assert 0 <= timing.value == timing.p50 <= timing.p95


def test_one_thread_and_back():
    from threadpoolctl import threadpool_info

    np.ones((2, 2)) @ np.ones((2, 2))
    before = [pool["num_threads"] for pool in threadpool_info()]
    with one_thread():
        assert {pool["num_threads"] for pool in threadpool_info()} == {1}
    assert [pool["num_threads"] for pool in threadpool_info()] == before
