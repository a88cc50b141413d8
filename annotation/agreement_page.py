"""What the agreement page shows of a kept report: rows in the order that a lead looks for, names, steps of shade.

`report` below is what `AgreementReport.to_json` gives, with its sentences in the reader's words.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotation.drift_plot import DriftPlot, drift_plot

STEPS = 5
"""Shades of a matrix, beside none."""
MOST_CONFUSED = 10
MOST_PEOPLE = 50
SHOWN_PAIRS = 20
SIGNIFICANT = 0.05
MEASURES = ("observed", "fleiss_kappa", "krippendorff_alpha", "gwet_ac1")

Figure = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Named:
    """An annotator as the lead sees them; `name` is empty for people without an account."""

    pseudonym: str
    name: str

    def __str__(self) -> str:
        return self.name or self.pseudonym


@dataclass(frozen=True, slots=True)
class CategoryRow:
    slug: str
    title: str
    alpha: Figure
    positive: Figure
    prevalence: Figure


@dataclass(frozen=True, slots=True)
class PairRow:
    first: Named
    second: Named
    kappa: Figure
    observed: Figure


@dataclass(frozen=True, slots=True)
class Leaning:
    """How much more often than the rest somebody chooses a category; `shown` if the interval leaves out 0."""

    slug: str
    title: str
    figure: Figure

    @property
    def shown(self) -> bool:
        ends = self.figure["ci"]
        return ends is not None and (ends[0] > 0 or ends[1] < 0)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One annotator against the rest.

    Attributes:
        more, fewer: categories with a leaning that is shown, strongest first.
        leanings: all of them, strongest first.
        trend: `rises`, `falls` or `none`; empty where it is undefined, `drift["reason"]` saying why.
        plot: of the windows of drift, None where there are fewer than two.
    """

    who: Named
    labels: int
    kappa: Figure
    agreement: Figure
    leanings: tuple[Leaning, ...]
    drift: Mapping[str, Any]
    trend: str
    plot: DriftPlot | None

    @property
    def more(self) -> list[Leaning]:
        return [leaning for leaning in self.leanings if leaning.shown and leaning.figure["value"] > 0]

    @property
    def fewer(self) -> list[Leaning]:
        return [leaning for leaning in self.leanings if leaning.shown and leaning.figure["value"] < 0]


@dataclass(frozen=True, slots=True)
class Cell:
    """Pairs of labels; `step` is the shade, 0 for none, and `same` whether row and column are one category."""

    row: str
    column: str
    row_title: str
    column_title: str
    count: int
    step: int
    same: bool


@dataclass(frozen=True, slots=True)
class MatrixRow:
    number: int
    slug: str
    title: str
    cells: tuple[Cell, ...]


def category_rows(section: Mapping[str, Any], titles: Mapping[str, str]) -> list[CategoryRow]:
    """Lowest alpha first, those without one last."""
    rows = [
        CategoryRow(
            slug=row["category"],
            title=titles.get(row["category"], row["category"]),
            alpha=row,
            positive=row["positive_agreement"],
            prevalence=row["prevalence"],
        )
        for row in section["categories"]
    ]
    return sorted(rows, key=lambda row: _rising(row.alpha))


def pair_rows(section: Mapping[str, Any], names: Mapping[str, str]) -> list[PairRow]:
    """Lowest kappa first, those without one last."""
    rows = [
        PairRow(_named(row["a"], names), _named(row["b"], names), row, row["observed"])
        for row in section["cohen_kappa"]
    ]
    return sorted(rows, key=lambda row: _rising(row.kappa))


def person_rows(section: Mapping[str, Any], names: Mapping[str, str], titles: Mapping[str, str]) -> list[PersonRow]:
    """Lowest agreement with the rest first, those without one last."""
    rows = [_person(row, names, titles) for row in section["annotators"]]
    return sorted(rows, key=lambda row: _rising(row.agreement))


def _person(row: Mapping[str, Any], names: Mapping[str, str], titles: Mapping[str, str]) -> PersonRow:
    leanings = [Leaning(one["category"], titles.get(one["category"], one["category"]), one) for one in row["bias"]]
    leanings.sort(key=lambda leaning: -abs(leaning.figure["value"] or 0))
    windows = [(window["first"], window["last"], window["agreement"]) for window in row["drift"]["windows"]]
    return PersonRow(
        who=_named(row["annotator"], names),
        labels=row["votes"],
        kappa=row["kappa"],
        agreement=row["agreement"],
        leanings=tuple(leanings),
        drift=row["drift"],
        trend=_trend(row["drift"]),
        plot=drift_plot(windows),
    )


def _trend(drift: Mapping[str, Any]) -> str:
    if drift["tau"] is None:
        return ""
    if drift["p"] >= SIGNIFICANT:
        return "none"
    return "rises" if drift["tau"] > 0 else "falls"


def matrix_rows(confusion: Mapping[str, Any], titles: Mapping[str, str]) -> list[MatrixRow]:
    """The confusion matrix with its shades: those on the diagonal and those beside it each on a scale of their own.

    A shade grows with the square root of the count, or one large cell would leave all others white.
    """
    slugs, counts = confusion["categories"], confusion["counts"]
    named = [titles.get(slug, slug) for slug in slugs]
    places = range(len(slugs))
    most_same = max((counts[at][at] for at in places), default=0)
    most_other = max((counts[i][j] for i in places for j in places if i != j), default=0)
    return [
        MatrixRow(
            i + 1,
            slugs[i],
            named[i],
            tuple(
                Cell(
                    row=slugs[i],
                    column=slugs[j],
                    row_title=named[i],
                    column_title=named[j],
                    count=counts[i][j],
                    step=_step(counts[i][j], most_same if i == j else most_other),
                    same=i == j,
                )
                for j in places
            ),
        )
        for i in places
    ]


def most_confused(rows: Sequence[MatrixRow], *, directed: bool) -> list[Cell]:
    """The largest cells beside the diagonal; of a matrix without direction, each pair of categories once."""
    cells = [
        cell
        for i, row in enumerate(rows)
        for j, cell in enumerate(row.cells)
        if cell.count and (i < j or (directed and i != j))
    ]
    return sorted(cells, key=lambda cell: -cell.count)[:MOST_CONFUSED]


def methods_of(section: Mapping[str, Any]) -> dict[str, list[str]]:
    """By what each kind of figure was reached: the methods that a section names, each once."""
    people, categories, pairs = section["annotators"], section["categories"], section["cohen_kappa"]
    kinds: dict[str, list[Figure]] = {
        **{name: [section[name]] for name in MEASURES},
        "alpha": categories,
        "positive_agreement": [row["positive_agreement"] for row in categories],
        "prevalence": [row["prevalence"] for row in categories],
        "cohen_kappa": pairs,
        "agreement": [row["agreement"] for row in people],
        "kappa": [row["kappa"] for row in people],
        "bias": [figure for row in people for figure in row["bias"]],
        "drift": [row["drift"] for row in people if row["drift"]["tau"] is not None],
    }
    return {kind: list(dict.fromkeys(figure["method"] for figure in figures)) for kind, figures in kinds.items()}


def _named(pseudonym: str, names: Mapping[str, str]) -> Named:
    return Named(pseudonym, names.get(pseudonym, ""))


def _rising(figure: Figure) -> float:
    return math.inf if figure["value"] is None else figure["value"]


def _step(count: int, most: int) -> int:
    return math.ceil(STEPS * math.sqrt(count / most)) if count else 0
