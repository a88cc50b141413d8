"""When a campaign will be done, how much is left, and what the third-label rule saves. Core: no Django."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np

FEWEST_ACTIVE_DAYS = 3
LONGEST_HISTORY = 28
FARTHEST = 3_650  # days; beyond ten years a date means nothing
ENDS = (10, 50, 90)  # percentiles: an 80 % range and its middle

State = Literal["range", "done", "idle", "too-early", "far"]


@dataclass(frozen=True, slots=True)
class Forecast:
    """The day on which the last label comes, or why nobody can say.

    Attributes:
        state: `range`: there are dates; `done`: nothing is left; `idle`: nobody has labelled in the last days;
            `too-early`: fewer than three days with labels; `far`: more than ten years.
        first, middle, last: 10th, 50th and 90th percentile of the simulated days; None unless the state is `range`.
        active_days: days with labels among those looked at.
        per_active_day: labels on such a day, on average.
    """

    state: State
    first: date | None
    middle: date | None
    last: date | None
    active_days: int
    per_active_day: float


def forecast(days: Sequence[int], left: float, *, today: date, replicates: int = 1_000, seed: int = 0) -> Forecast:
    """Simulate the days to come from the days gone by: a bootstrap over days, weekends and pauses included.

    Each replicate first resamples the history, because a fortnight tells the pace only roughly, and then draws every
    day to come from that resample (two-level bootstrap; Davison & Hinkley, Bootstrap Methods, 1997, section 3.10). Its
    middle and 80 % range are dates from tomorrow on. That people or queries will change it cannot know.

    Args:
        days: labels of each whole day before today, oldest first; the last 28 count.
        left: labels still to come.
        today: the day after the last of `days`.
    """
    import numpy as np  # with a forecast, not with every page

    recent = np.asarray(days[-LONGEST_HISTORY:], dtype=np.int64)
    active = int(np.count_nonzero(recent))
    mean = float(recent.sum() / active) if active else 0.0

    def without_dates(state: State) -> Forecast:
        return Forecast(state, None, None, None, active, mean)

    if left <= 0:
        return without_dates("done")
    if not active:
        return without_dates("idle" if len(recent) == LONGEST_HISTORY else "too-early")
    if active < FEWEST_ACTIVE_DAYS:
        return without_dates("too-early")
    needed = _days_needed(recent, left, replicates, np.random.default_rng(seed))
    ends = np.percentile(needed, ENDS, method="higher")
    if ends[-1] > FARTHEST:
        return without_dates("far")
    first, middle, last = (today + timedelta(days=int(day)) for day in ends)
    return Forecast("range", first, middle, last, active, mean)


def _days_needed(recent: "np.ndarray", left: float, replicates: int, draws: "np.random.Generator") -> "np.ndarray":
    """Days until `left` labels are there, per replicate; `FARTHEST` + 1 where ten years are not enough."""
    import numpy as np

    horizon = min(FARTHEST, math.ceil(4 * left / recent.mean()) + 30)
    needed = np.empty(replicates, dtype=np.int64)
    for replicate in range(replicates):
        history = draws.choice(recent, size=len(recent))
        total = history[draws.integers(len(history), size=horizon)].cumsum()
        place = int(np.searchsorted(total, left))
        needed[replicate] = place + 1 if place < horizon else FARTHEST + 1
    return needed


def labels_left(*, missing: int, unsettled: int, settled: int, disagreed: int) -> float:
    """Labels still to come: those missing now, and the third ones that disagreement will ask for.

    Args:
        missing: labels wanted now and not there.
        unsettled: items under the third-label rule whose first labels are not all there.
        settled: such items that are finished.
        disagreed: those of them that wanted one more.
    """
    return missing + (unsettled * disagreed / settled if settled else 0.0)


@dataclass(frozen=True, slots=True)
class Saving:
    """What the third-label rule saved.

    Attributes:
        items: finished items under the rule.
        given: labels that they took.
        fixed: labels that as many for everybody would have taken.
    """

    items: int
    given: int
    fixed: int

    @property
    def share(self) -> float:
        return 1 - self.given / self.fixed


def saving(*, items: int, given: int, overlap: int) -> Saving | None:
    """Compare the labels of finished items with those of a fixed `overlap` + 1; None while there is nothing to compare.

    Nothing is lost by it: where `overlap` labels have a majority, one more could not give another one.
    """
    if not items or overlap < 2:
        return None
    return Saving(items=items, given=given, fixed=items * (overlap + 1))
