"""What more labels would bring: the figures of classifiers that learned from parts of the data."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from annotation.classifier.dataset import Example
from annotation.classifier.metrics import Figure, HeldOut, figure_from_json, interval, macro_f1

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Outlook = Literal["help", "hardly", "unclear"]

SHARES = (0.1, 0.2, 0.4, 0.7, 1.0)
LEAST = 40
"""Queries below which a part teaches nothing worth a point."""
STRETCH = 3
"""Points, from the right, that the forecast looks at."""
MORE = 200
"""Labels the forecast is made for."""
WORTH_IT = 0.005
"""Macro-F1 below which nobody would label 200 queries."""
OUTLOOKS = {
    "help": "more labels still help",
    "hardly": "more labels of this kind hardly help",
    "unclear": "the test is too small to tell",
}


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Figures after learning from `labels` queries."""

    labels: int
    binary_macro_f1: Figure
    category_macro_f1: Figure


@dataclass(frozen=True, slots=True)
class Gain:
    """By how much macro-F1 of the 19 categories grows, with its interval over the families of the test.

    Attributes:
        before, after: labels.
    """

    before: int
    after: int
    gain: Figure

    @property
    def told(self) -> bool:
        """Whether the data can tell that there is a change at all."""
        return self.gain.ci[0] > 0 or self.gain.ci[1] < 0


@dataclass(frozen=True, slots=True)
class Curve:
    """Points by the number of labels, what the last step brought, and what `MORE` labels would.

    Attributes:
        last: the gain of the last step.
        forecast: of a straight line over the logarithm of the labels through the last points; wrong where the curve
            bends, so it is said as a guess.
    """

    points: tuple[CurvePoint, ...]
    last: Gain
    forecast: Gain

    @property
    def outlook(self) -> Outlook:
        """What the forecast's interval says of more labels."""
        low, high = self.forecast.gain.ci
        if low > 0:
            return "help"
        return "hardly" if high < WORTH_IT else "unclear"

    @property
    def verdict(self) -> str:
        """One sentence for whoever decides about more labels."""
        low, high = self.forecast.gain.ci
        more, value = self.forecast.after - self.forecast.before, self.forecast.gain.value
        words = f"{more} more labels would change macro-F1 by about {value:+.3f} ({low:+.3f} to {high:+.3f})"
        return f"{words}: {OUTLOOKS[self.outlook]}."

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """Read back `dataclasses.asdict` after a trip through JSON."""
        return cls(
            points=tuple(
                CurvePoint(
                    point["labels"],
                    figure_from_json(point["binary_macro_f1"]),
                    figure_from_json(point["category_macro_f1"]),
                )
                for point in value["points"]
            ),
            last=_gain_from_json(value["last"]),
            forecast=_gain_from_json(value["forecast"]),
        )


def parts_of(train: Sequence[Example], generator: np.random.Generator) -> list[list[Example]]:
    """Nested parts of the training queries, each a random sample with the categories in their proportions.

    Every part holds the smaller ones, so that two points differ by what was added and by nothing else. The last is all.
    """
    by_category: dict[str, list[int]] = {}
    for row, example in enumerate(train):
        by_category.setdefault(example.category, []).append(row)
    # a query's place in its category, as a share: cutting at a share takes as much of each category
    place = np.empty(len(train))
    for category in sorted(by_category):
        rows = by_category[category]
        place[generator.permutation(rows)] = (np.arange(len(rows)) + generator.random()) / len(rows)
    order = np.argsort(place, kind="stable")
    sizes = sorted({max(round(share * len(train)), min(LEAST, len(train))) for share in SHARES})
    return [[train[row] for row in sorted(order[:size].tolist())] for size in sizes]


def curve(held_out: HeldOut, sizes: Sequence[int], answers: Sequence[tuple[Integers, Floats]]) -> Curve | None:
    """Measure what the classifiers of the parts answered; None below two parts.

    Args:
        sizes: labels each learned from, ascending.
        answers: for each, columns of the categories named, shape (queries,), and alpha, shape (queries,).
    """
    if len(sizes) < 2:
        return None
    ones = np.ones((1, held_out.draws.shape[1]))
    personalised = held_out.personalised.astype(np.int64)
    values, replicates, points = [], [], []
    for size, (named, alpha) in zip(sizes, answers, strict=True):
        told = (alpha >= 0.5).astype(np.int64)
        binary = float(macro_f1(personalised, told, ones)[0])
        values.append(float(macro_f1(held_out.truth, named, ones)[0]))
        replicates.append(macro_f1(held_out.truth, named, held_out.draws))
        points.append(
            CurvePoint(
                size,
                Figure(binary, interval(macro_f1(personalised, told, held_out.draws))),
                Figure(values[-1], interval(replicates[-1])),
            )
        )
    drawn = np.array(replicates)
    last = Figure(values[-1] - values[-2], interval(drawn[-1] - drawn[-2], low=-1.0))
    more = Figure(float(_forecast(sizes, np.array(values)[:, None])[0]), interval(_forecast(sizes, drawn), low=-1.0))
    return Curve(tuple(points), Gain(sizes[-2], sizes[-1], last), Gain(sizes[-1], sizes[-1] + MORE, more))


def _forecast(sizes: Sequence[int], scores: Floats) -> Floats:
    """The rise over the next `MORE` labels of a least-squares line over ln(labels), for each column of scores."""
    x = np.log(np.array(sizes[-STRETCH:], dtype=np.float64))
    centred = x - x.mean()
    slopes: Floats = centred @ scores[-STRETCH:] / (centred @ centred)
    return slopes * math.log1p(MORE / sizes[-1])


def _gain_from_json(value: dict[str, Any]) -> Gain:
    return Gain(value["before"], value["after"], figure_from_json(value["gain"]))
