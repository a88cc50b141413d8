"""An agreement report as tables for a spreadsheet or a script. Annotators by pseudonym, categories by code."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from annotation.export.formula_cells import defuse

MEASURES = ("observed", "fleiss_kappa", "krippendorff_alpha", "gwet_ac1")
_FIGURE = ("value", "low", "high", "items", "votes", "method", "reason")
Row = tuple[Any, ...]
Kept = Mapping[str, Any]


def table(name: str, kept: Kept) -> str:
    """One of `TABLES` as CSV, comma-separated, with a header; texts cannot start a formula.

    Args:
        kept: what `annotation.services.agreement.compute` returns.
    """
    lines = io.StringIO()
    writer = csv.writer(lines)
    header, rows = TABLES[name]
    writer.writerow(header)
    for row in rows(kept):
        writer.writerow(defuse(cell) if isinstance(cell, str) else cell for cell in row)
    return lines.getvalue()


def _sections(kept: Kept) -> Iterator[tuple[str, Any]]:
    yield "categories", kept["report"]
    if kept["report"]["binary"] is not None:
        yield "halves", kept["report"]["binary"]


def _cells(figure: Mapping[str, Any]) -> Row:
    low, high = figure["ci"] or (None, None)
    return figure["value"], low, high, figure["items"], figure["votes"], figure["method"], figure["reason"]


def _figures(kept: Kept) -> Iterator[Row]:
    for name, section in _sections(kept):
        for measure in MEASURES:
            yield name, measure, *_cells(section[measure])


def _categories(kept: Kept) -> Iterator[Row]:
    for name, section in _sections(kept):
        for row in section["categories"]:
            kinds = {"alpha": row, "positive_agreement": row["positive_agreement"], "prevalence": row["prevalence"]}
            for kind, figure in kinds.items():
                yield name, row["category"], kind, *_cells(figure)


def _pairs(kept: Kept) -> Iterator[Row]:
    for name, section in _sections(kept):
        for row in section["cohen_kappa"]:
            for kind, figure in {"cohen_kappa": row, "observed": row["observed"]}.items():
                yield name, row["a"], row["b"], kind, *_cells(figure)


def _annotators(kept: Kept) -> Iterator[Row]:
    for name, section in _sections(kept):
        for row in section["annotators"]:
            for kind in ("agreement", "kappa"):
                yield name, row["annotator"], kind, *_cells(row[kind])


def _bias(kept: Kept) -> Iterator[Row]:
    for name, section in _sections(kept):
        for row in section["annotators"]:
            for figure in row["bias"]:
                yield name, row["annotator"], figure["category"], *_cells(figure)


def _drift(kept: Kept) -> Iterator[Row]:
    for name, section in _sections(kept):
        for row in section["annotators"]:
            drift = row["drift"]
            test = drift["tau"], drift["p"], drift["n_items"], drift["method"], drift["reason"]
            for window in drift["windows"]:
                yield name, row["annotator"], window["first"], window["last"], window["agreement"], *test


def _confusion(kept: Kept) -> Iterator[Row]:
    found = kept["counted"]["confusion"]
    for row, counts in zip(found["categories"], found["counts"], strict=True):
        for column, count in zip(found["categories"], counts, strict=True):
            yield row, column, count


TABLES: dict[str, tuple[Row, Callable[[Kept], Iterator[Row]]]] = {
    "figures": (("of", "measure", *_FIGURE), _figures),
    "categories": (("of", "category", "measure", *_FIGURE), _categories),
    "pairs": (("of", "a", "b", "measure", *_FIGURE), _pairs),
    "annotators": (("of", "annotator", "measure", *_FIGURE), _annotators),
    "bias": (("of", "annotator", "category", *_FIGURE), _bias),
    "drift": (
        ("of", "annotator", "first", "last", "agreement", "tau", "p", "items", "method", "reason"),
        _drift,
    ),
    "confusion": (("row", "column", "pairs"), _confusion),
}
