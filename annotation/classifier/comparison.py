"""Is one classifier better than another? The paired difference on the queries that tested both.

Both are measured on the very same queries, and each replicate of the bootstrap draws the same families of queries for
both. So what is hard for one and for the other cancels out, and the interval is that of the difference itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from annotation.classifier.errors import ClassifierError
from annotation.classifier.evidence import Evidence
from annotation.classifier.metrics import REPLICATES, HeldOut, Metric, accuracy, interval, macro_f1
from annotation.taxonomy import SLUGS

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LEAST_FAMILIES = 20
"""With fewer families in common than this, no difference is called one: the bootstrap is too sure of so few."""


class NoComparisonError(ClassifierError):
    """Two classifiers cannot be compared."""


class NothingSharedError(NoComparisonError):
    """No query tested both."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of two classifiers on the same queries.

    Attributes:
        first, second: the figure of either.
        value: second minus first, with its 95 % percentile interval by drawing families with replacement.
        told: whether the data tell which is better: enough families, and an interval without zero.
    """

    first: float
    second: float
    value: float
    ci: tuple[float, float]
    told: bool

    @property
    def verdict(self) -> str:
        """`better`, `worse` or `unclear`, of the second."""
        if not self.told:
            return "unclear"
        return "better" if self.value > 0 else "worse"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The second classifier against the first.

    Attributes:
        queries: that tested both, and that neither was trained on; in so many `families`.
        only_first, only_second: queries whose category one had right and the other had not.
        revised: queries whose true category is another in the second's data; that one counts for both.
    """

    queries: int
    families: int
    only_first: int
    only_second: int
    revised: int
    replicates: int
    seed: int
    macro_f1: Difference
    binary_macro_f1: Difference
    accuracy: Difference


def read_evidence(directory: Path) -> Evidence:
    """Read a classifier's answers on its test from its folder.

    Raises:
        NoComparisonError: The folder holds none, or they are damaged.
    """
    try:
        evidence = Evidence.read(directory)
        if any(one.truth not in SLUGS or one.category not in SLUGS for one in evidence.predictions):
            raise ValueError("a category of another taxonomy")
    except (OSError, KeyError, TypeError, ValueError, AttributeError):
        raise NoComparisonError(
            f"{directory}: its answers on the test are missing or cannot be read, so it cannot be compared; "
            "train it again."
        ) from None
    return evidence


def compare(first: Evidence, second: Evidence, *, seed: int = 0, replicates: int = REPLICATES) -> Comparison:
    """Compare two classifiers on the queries that are in the test of both and in the train of neither.

    Raises:
        NothingSharedError: They have no such query in common.
    """
    seen = {query for evidence in (first, second) for query in evidence.parts.get("train", ())}
    olds = {one.id: one for one in first.predictions if one.id not in seen}
    pairs = sorted(((olds[one.id], one) for one in second.predictions if one.id in olds), key=lambda pair: pair[1].id)
    if not pairs:
        raise NothingSharedError("No query is in the test of both and in the training of neither.")
    held_out = HeldOut.of(
        [new.truth for _, new in pairs],
        languages=[new.language for _, new in pairs],
        families=[new.family for _, new in pairs],
        generator=np.random.default_rng(seed),
        replicates=replicates,
    )
    sides = held_out.personalised.astype(np.int64)
    named = [_columns(one.category for one in given) for given in zip(*pairs, strict=True)]
    told = [np.array([one.alpha >= 0.5 for one in given], dtype=np.int64) for given in zip(*pairs, strict=True)]
    right = [given == held_out.truth for given in named]

    def difference(metric: _Metric, truth: Integers, answers: list[Integers]) -> Difference:
        old, new = (_of(metric, truth, given) for given in answers)
        return _difference(old, new, held_out)

    return Comparison(
        queries=len(pairs),
        families=held_out.families,
        only_first=int(np.sum(right[0] & ~right[1])),
        only_second=int(np.sum(right[1] & ~right[0])),
        revised=sum(old.truth != new.truth for old, new in pairs),
        replicates=replicates,
        seed=seed,
        macro_f1=difference(macro_f1, held_out.truth, named),
        binary_macro_f1=difference(macro_f1, sides, told),
        accuracy=difference(accuracy, held_out.truth, named),
    )


_Metric = Callable[[Integers, Integers, Floats], Floats]


def _of(metric: _Metric, truth: Integers, answers: Integers) -> Metric:
    return lambda weights: metric(truth, answers, weights)


def _difference(first: Metric, second: Metric, held_out: HeldOut) -> Difference:
    everything = np.ones((1, len(held_out.truth)))
    old, new = float(first(everything)[0]), float(second(everything)[0])
    low, high = interval(second(held_out.draws) - first(held_out.draws), low=-1.0)
    told = held_out.families >= LEAST_FAMILIES and (low > 0 or high < 0)
    return Difference(old, new, new - old, (low, high), told)


def _columns(slugs: Iterable[str]) -> Integers:
    return np.array([SLUGS.index(slug) for slug in slugs], dtype=np.int64)
