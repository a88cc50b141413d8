"""One number of an agreement report, with how it was reached."""

import math
from dataclasses import dataclass
from typing import Any

EXACT = "exact bound, since nobody disagreed"
NO_SPREAD = "Every resample gives the same value, so there is no interval."


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its 95 % interval, or the reason why there is none.

    Attributes:
        value: None where it is undefined; `reason` then says why.
        low: lower end of the interval; None where there is none, `reason` saying why.
        high: upper end.
        n_items: items it was computed from.
        n_votes: votes on these items that took part.
        method: the estimator, and how the interval was made.
        reason: empty if there is a value and an interval.
    """

    value: float | None
    low: float | None
    high: float | None
    n_items: int
    n_votes: int
    method: str
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """The figure as the files and the API hold it; `ci` is null where there is no interval."""
        return {
            "value": self.value,
            "ci": None if self.low is None or self.high is None else [self.low, self.high],
            "items": self.n_items,
            "votes": self.n_votes,
            "method": self.method,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Basis:
    """What several figures have in common: the items, the votes and the words for the undefined case."""

    n_items: int
    n_votes: int
    undefined: str

    def figure(
        self, method: str, interval: str, value: float, low: float, high: float, *, perfect: float = math.nan
    ) -> Figure:
        """Put numbers into words; NaN means that there is no such number.

        Args:
            interval: how `low` and `high` were made.
            perfect: lower end to use where the value is 1 and drawing shows no spread.
        """
        if math.isnan(value):
            return Figure(None, None, None, self.n_items, self.n_votes, method, self.undefined)
        if not math.isnan(low):
            return Figure(value, low, high, self.n_items, self.n_votes, f"{method}; {interval}")
        if value == 1 and not math.isnan(perfect):
            return Figure(value, perfect, 1.0, self.n_items, self.n_votes, f"{method}; {EXACT}")
        return Figure(value, None, None, self.n_items, self.n_votes, method, NO_SPREAD)
