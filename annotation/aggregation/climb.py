"""Expectation-maximisation as a climb: steps until what they maximise stops rising."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from annotation.aggregation.errors import AggregationError

State = TypeVar("State")


@dataclass(frozen=True, slots=True)
class Climb:
    """How an iteration went.

    Attributes:
        trace: the objective after each step.
        converged: the last step raised it by less than the tolerance.
    """

    trace: tuple[float, ...]
    converged: bool


@dataclass(frozen=True, slots=True)
class Limit:
    """When to stop.

    Attributes:
        tolerance: the change of the objective per vote, in nats, that counts as still.
        max_iterations: the most steps; ending there is no error, `Climb.converged` says it.

    Raises:
        AggregationError: Nothing could converge: `tolerance` is not positive, or there is not one step.
    """

    tolerance: float
    max_iterations: int

    def __post_init__(self) -> None:
        if not self.tolerance > 0:
            raise AggregationError(f"`tolerance` must be above 0, got {self.tolerance}.")
        if self.max_iterations < 1:
            raise AggregationError(f"`max_iterations` must be at least 1, got {self.max_iterations}.")


def climb(
    step: Callable[[State], tuple[State, float]], state: State, limit: Limit, n_votes: int
) -> tuple[State, Climb]:
    """Take steps until one changes the objective by no more than the limit's tolerance.

    Args:
        step: from a state to the next one and its objective, a natural-log probability.
        state: where to begin.
        limit: when to stop.
        n_votes: how many votes the objective adds up.
    """
    trace: list[float] = []
    while len(trace) < limit.max_iterations:
        state, objective = step(state)
        trace.append(objective)
        if len(trace) > 1 and abs(objective - trace[-2]) <= limit.tolerance * n_votes:
            return state, Climb(tuple(trace), True)
    return state, Climb(tuple(trace), False)
