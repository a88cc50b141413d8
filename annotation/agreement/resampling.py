"""How the intervals of one report are drawn."""

from dataclasses import dataclass

import numpy as np

from annotation.agreement.bootstrap import Intervals, Statistic, Units, bootstrap, distinct
from annotation.agreement.sums import FloatArray, item_rows
from annotation.votes import IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Resampling:
    """What is drawn, how often, and from which seed.

    Attributes:
        families: the family of each item as a number, shape (items,); None if items are drawn one by one.
        seed: of all draws; each block of figures has a generator of its own, so one more block changes no other.
    """

    seed: int
    resamples: int
    families: IntArray | None = None

    @property
    def method(self) -> str:
        unit = "items" if self.families is None else "families of items"
        return f"BCa bootstrap over {unit}, {self.resamples} resamples"

    def item_units(self, counts: IntArray) -> Units:
        """What is drawn for figures over everybody; `counts` as `Votes.counts()` gives them."""
        if self.families is not None:
            return Units.of_rows(item_rows(counts), self.families)
        first, times = distinct(counts)  # items with the same votes add the same, so each row is made once
        return Units(item_rows(counts[first]), times)

    def units(self, rows: FloatArray, items: IntArray) -> Units:
        """What is drawn for figures over some items, one row each."""
        return Units.of_rows(rows, None if self.families is None else self.families[items])

    def intervals(self, units: Units, statistic: Statistic, *block: int) -> Intervals:
        """Intervals of one block of figures; `block` is its number."""
        return bootstrap(units, statistic, np.random.default_rng([self.seed, *block]), resamples=self.resamples)
