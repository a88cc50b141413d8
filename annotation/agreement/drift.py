"""Whether one annotator's agreement with the rest changes while they work."""

from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.stats import kendalltau

from annotation.agreement.sums import FloatArray

METHOD = "Mann-Kendall: Kendall's tau-b between own order and agreement with the rest, two-sided"
WINDOWS = 5
FEWEST_ITEMS = 20
"""Fewer votes show no trend that is not chance."""


@dataclass(frozen=True, slots=True)
class Window:
    """Consecutive votes of one annotator.

    Attributes:
        first: place of its first vote in the annotator's own order, from 1.
        last: place of its last one.
        agreement: mean share of the others' votes that say the same.
    """

    first: int
    last: int
    agreement: float


@dataclass(frozen=True, slots=True)
class Drift:
    """Agreement with the rest from window to window, and the test for a trend.

    Attributes:
        tau: above 0 if agreement rises; None where undefined, `reason` then says why.
        p: chance of a tau at least as far from 0 if order did not matter.
    """

    windows: tuple[Window, ...]
    tau: float | None
    p: float | None
    n_items: int
    method: str = METHOD
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def drift(agreement: FloatArray, *, windows: int = WINDOWS) -> Drift:
    """Cut one annotator's votes into windows of equal length and test for a trend over single votes.

    The test takes votes as independent of each other. Harder queries late in a campaign look the same as a tired
    annotator; only a comparison of annotators over the same time tells them apart.

    Args:
        agreement: share of the others' votes on the item that say the same, in the annotator's own order, (items,).
        windows: how many; fewer where there are fewer votes.

    References:
        H. B. Mann, "Nonparametric tests against trend", Econometrica 13(3), 1945; ties as in M. G. Kendall, "Rank
        Correlation Methods", 1970, chapters 3 and 4.
    """
    n = len(agreement)
    ends = np.linspace(0, n, min(windows, n) + 1).round().astype(int).tolist()
    parts = tuple(Window(start + 1, end, float(agreement[start:end].mean())) for start, end in pairwise(ends))
    if n < FEWEST_ITEMS:
        return Drift(parts, None, None, n, reason=f"{n} votes shared with others; a trend needs {FEWEST_ITEMS}.")
    if np.ptp(agreement) == 0:
        return Drift(parts, None, None, n, reason="Agreement with the rest never changed, so there is no trend.")
    tau, p = kendalltau(np.arange(n), agreement, method="asymptotic")
    return Drift(parts, float(tau), float(p), n)
