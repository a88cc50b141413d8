"""The tables of a report as CSV, with every digit: for programs, where `tables.py` is for readers."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from evaluation.breakdown_table import breakdown_rows
from evaluation.stats.judgments import defuse

BREAKDOWNS = {
    "breakdown.csv": "breakdown",
    "breakdown_language.csv": "by_language",
    "breakdown_tenure.csv": "by_tenure",
}
"""File to the key of its breakdown in the report."""


def csv_tables(report: dict[str, Any]) -> dict[str, str]:
    """Every table of the report that has rows, by the name of its file; those of systems and pairs always."""
    found = {"systems.csv": csv_table(report["systems"]), "pairs.csv": csv_table(report["pairs"])}
    for name, key in BREAKDOWNS.items():
        if report.get(key):
            found[name] = csv_table(list(breakdown_rows(report[key])))
    for name, rows in (
        ("over_time.csv", list(_over_time(report.get("over_time")))),
        ("by_side.csv", _systems(report.get("by_side"))),
        ("waiting.csv", _systems(report.get("waiting"))),
        ("failures.csv", _systems(report.get("failures"))),
        ("anytime.csv", (report.get("anytime") or {}).get("pairs", [])),
    ):
        if rows:
            found[name] = csv_table(rows)
    return found


def csv_table(rows: Sequence[dict[str, Any]]) -> str:
    """Rows of an analysis: an interval takes two columns, a nested result one per figure.

    A text that a spreadsheet would run as a formula gets an apostrophe before it, as in the judgments file.
    """
    spread: set[str] = set()
    flat = [dict(_flattened(row, spread)) for row in rows]
    # an interval that some rows lack is not a column of its own
    columns = [name for name in dict.fromkeys(name for row in flat for name in row) if name not in spread]
    flat = [{name: cell for name, cell in row.items() if name not in spread} for row in flat]
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, fieldnames=columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(flat)
    return stream.getvalue()


def _flattened(row: dict[str, Any], spread: set[str], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Columns and cells; names of what takes several columns are added to `spread`."""
    for name, value in row.items():
        column = f"{prefix}{name}"
        if isinstance(value, dict):
            spread.add(column)
            yield from _flattened(value, spread, f"{column}_")
        elif isinstance(value, list) and len(value) == 2 and not isinstance(value[0], (dict, list)):
            spread.add(column)
            yield f"{column}_low", value[0]
            yield f"{column}_high", value[1]
        elif isinstance(value, list):
            yield column, json.dumps(value, ensure_ascii=False)
        else:
            yield column, defuse(value) if isinstance(value, str) else value


def _systems(part: dict[str, Any] | None) -> list[dict[str, Any]]:
    return [] if part is None else part["systems"]


def _over_time(course: dict[str, Any] | None) -> Iterable[dict[str, Any]]:
    for point in course["points"] if course else ():
        shared = {name: point[name] for name in ("judgments", "participants", "until")}
        for system in point["systems"]:
            yield {**shared, **system, "interval": point["interval"], "note": point["note"]}
