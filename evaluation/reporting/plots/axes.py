"""Where a value stands on an axis, and which round values are marked."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Axis:
    """Values `low` to `high` on the stretch `start` to `end` of the drawing."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self, most: int = 8) -> list[float]:
        """Up to `most` round values within the range, at least two unless it is tiny."""
        raw = (self.high - self.low) / max(most - 1, 1)
        magnitude = 10.0 ** math.floor(math.log10(raw))
        step = next(magnitude * factor for factor in (1, 2, 5, 10) if magnitude * factor >= raw)
        first = math.ceil(self.low / step - 1e-9) * step
        return [first + step * number for number in range(math.floor((self.high - first) / step + 1e-9) + 1)]


def padded(values: Sequence[float], start: float, end: float, *, least: float = 10.0) -> Axis:
    """An axis that holds all values with a margin of 6 %, or of `least`."""
    low, high = min(values), max(values)
    margin = max((high - low) * 0.06, least)
    return Axis(low - margin, high + margin, start, end)
