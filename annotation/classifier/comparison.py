"""Is one classifier better than another? The paired difference on the queries that tested both.

Both are measured on the very same queries, and each replicate of the bootstrap draws the same queries for both. So what
is hard for one and for the other cancels out, and the interval is that of the difference itself.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from annotation.classifier.errors import ClassifierError
from annotation.classifier.metrics import CONFIDENCE, REPLICATES, Metric, accuracy, macro_f1
from annotation.taxonomy import BY_SLUG, SLUGS

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

PREDICTIONS = "predictions.jsonl"
SPLIT = "split.json"
LEAST_QUERIES = 20
"""With fewer queries than this in common, no difference is called one: the bootstrap is too sure of so few."""
_AT_ONCE = 2_000_000


class NoComparisonError(ClassifierError):
    """Two classifiers cannot be compared."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a classifier said of one query of its test; `truth` and `category` are slugs."""

    truth: str
    category: str
    alpha: float


@dataclass(frozen=True, slots=True)
class Examined:
    """A classifier's answers on its test, by the id of the query, and the ids that it was trained on."""

    answers: Mapping[str, Answer]
    train: frozenset[str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of two classifiers on the same queries.

    Attributes:
        first, second: the figure of either.
        value: second minus first, with its 95 % percentile interval by drawing the queries with replacement.
        told: whether the data tell which is better: enough queries, and an interval without zero.
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
        queries: that tested both, and that neither was trained on.
        only_first, only_second: queries whose category one had right and the other had not.
        revised: queries whose true category is another in the second's data; that one counts for both.
    """

    queries: int
    only_first: int
    only_second: int
    revised: int
    replicates: int
    seed: int
    macro_f1: Difference
    binary_macro_f1: Difference
    accuracy: Difference


def read_examined(directory: Path) -> Examined:
    """Read a classifier's answers on its test from its folder.

    Raises:
        NoComparisonError: The folder holds none, because an earlier version trained it, or they are damaged.
    """
    try:
        lines = (directory / PREDICTIONS).read_text(encoding="utf-8").splitlines()
        train = json.loads((directory / SPLIT).read_text(encoding="utf-8"))["train"]
        answers = {}
        for line in lines:
            row = json.loads(line)
            answers[str(row["id"])] = Answer(_slug(row["truth"]), _slug(row["category"]), float(row["alpha"]))
        return Examined(answers, frozenset(map(str, train)))
    except FileNotFoundError as error:
        raise NoComparisonError(
            f"{directory}: there is no {Path(error.filename).name} here, so it cannot be compared; train it again."
        ) from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise NoComparisonError(
            f"{directory}: its answers on the test cannot be read, so it cannot be compared; train it again."
        ) from None


def compare(first: Examined, second: Examined, *, seed: int = 0, replicates: int = REPLICATES) -> Comparison:
    """Compare two classifiers on the queries that are in the test of both and in the train of neither.

    Raises:
        NoComparisonError: They have no such query in common.
    """
    shared = sorted((first.answers.keys() & second.answers.keys()) - first.train - second.train)
    if not shared:
        raise NoComparisonError("No query is in the test of both and in the training of neither.")
    truth = [second.answers[query].truth for query in shared]
    answers = [[one.answers[query] for query in shared] for one in (first, second)]
    categories = [_columns(answer.category for answer in given) for given in answers]
    sides = [np.array([answer.alpha >= 0.5 for answer in given], dtype=np.int64) for given in answers]
    true_category, true_side = _columns(truth), np.array([_side(slug) for slug in truth], dtype=np.int64)
    right = [given == true_category for given in categories]
    draws = _draws(len(shared), seed, replicates)
    enough = len(shared) >= LEAST_QUERIES

    def difference(metrics: Sequence[Metric]) -> Difference:
        return _difference(metrics, draws, enough=enough)

    return Comparison(
        queries=len(shared),
        only_first=int(np.sum(right[0] & ~right[1])),
        only_second=int(np.sum(right[1] & ~right[0])),
        revised=sum(first.answers[query].truth != second.answers[query].truth for query in shared),
        replicates=replicates,
        seed=seed,
        macro_f1=difference([_bound(macro_f1, true_category, given) for given in categories]),
        binary_macro_f1=difference([_bound(macro_f1, true_side, given) for given in sides]),
        accuracy=difference([_bound(accuracy, true_category, given) for given in categories]),
    )


def _bound(metric: Callable[[Integers, Integers, Floats], Floats], truth: Integers, given: Integers) -> Metric:
    return lambda weights: metric(truth, given, weights)


def _difference(metrics: Sequence[Metric], draws: Sequence[Floats], *, enough: bool) -> Difference:
    everything = np.ones((1, draws[0].shape[1]))
    first, second = (float(metric(everything)[0]) for metric in metrics)
    replicates = np.concatenate([metrics[1](part) - metrics[0](part) for part in draws])
    tail = (1 - CONFIDENCE) / 2
    low, high = (float(end) for end in np.quantile(replicates, [tail, 1 - tail]))
    return Difference(first, second, second - first, (low, high), told=enough and (low > 0 or high < 0))


def _draws(queries: int, seed: int, replicates: int) -> list[Floats]:
    """How often each replicate draws each query, in parts, so that a large test needs no large table at once."""
    generator = np.random.default_rng(seed)
    even = np.full(queries, 1 / queries)
    rows = max(1, _AT_ONCE // queries)
    return [
        generator.multinomial(queries, even, size=min(rows, replicates - start)).astype(np.float64)
        for start in range(0, replicates, rows)
    ]


def _columns(slugs: Iterable[str]) -> Integers:
    places = {slug: place for place, slug in enumerate(SLUGS)}
    return np.array([places[slug] for slug in slugs], dtype=np.int64)


def _slug(value: object) -> str:
    if value not in BY_SLUG:
        raise ValueError(value)
    return str(value)


def _side(slug: str) -> bool:
    return BY_SLUG[slug].personalised is True
