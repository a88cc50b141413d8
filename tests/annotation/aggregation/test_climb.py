import pytest

from annotation.aggregation.climb import Limit, climb
from annotation.aggregation.errors import AggregationError


def halve(state):
    return state / 2, -state / 2


def test_it_stops_when_a_step_gains_too_little():
    state, went = climb(halve, 8.0, Limit(0.1, 100), n_votes=5)
    assert went.trace == (-4.0, -2.0, -1.0, -0.5)
    assert went.converged
    assert state == 0.5


def test_the_last_step_is_said_to_be_no_end():
    _, went = climb(halve, 8.0, Limit(1e-9, 3), n_votes=1)
    assert (len(went.trace), went.converged) == (3, False)


def test_what_could_never_converge_is_refused():
    with pytest.raises(AggregationError, match="`tolerance` must be above 0, got 0"):
        Limit(0.0, 10)
    with pytest.raises(AggregationError, match="`max_iterations` must be at least 1, got 0"):
        Limit(1e-6, 0)
