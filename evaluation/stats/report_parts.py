"""What a report shows beside the analysis: the course of the ratings, and results by language, tenure and side."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from evaluation.stats.breakdown import break_down
from evaluation.stats.breakdown_results import Breakdown
from evaluation.stats.by_side import RatesBySide, rates_by_side
from evaluation.stats.likelihoods import ModelName
from evaluation.stats.over_time import RatingsOverTime, ratings_over_time
from evaluation.stats.results import plain
from evaluation.stats.tables import JudgmentTable
from evaluation.stats.tenure import HALVES, with_tenure


@dataclass(frozen=True)
class ReportParts:
    """Parts that need the judgments themselves; each is None where there is nothing to tell."""

    over_time: RatingsOverTime | None
    by_language: Breakdown | None
    by_tenure: Breakdown | None
    by_side: RatesBySide | None

    def as_json(self) -> dict[str, Any]:
        """Plain lists, dictionaries, strings and finite numbers, as `Analysis.as_json`."""
        told: dict[str, Any] = plain(self)
        return told


def report_parts(
    table: JudgmentTable, *, seed: int, replicates: int, elo_k: float, model: ModelName = "davidson"
) -> ReportParts:
    """Compute them. Where queries are in exactly two languages, preferences in the two are compared as well."""
    counted = _languages(table)
    known = table.unit == "participant"  # else nobody knows whose sequence a judgment belongs to
    halves = {name: name for name in counted} if len(counted) == 2 else {}
    return ReportParts(
        over_time=ratings_over_time(table, elo_k=elo_k, model=model),
        by_language=break_down(table, by="language", halves=halves, seed=seed, replicates=replicates),
        by_tenure=break_down(with_tenure(table), by="tenure", halves=HALVES, seed=seed, replicates=replicates)
        if known
        else None,
        by_side=rates_by_side(table),
    )


def _languages(table: JudgmentTable) -> list[str]:
    """The languages that occur, the most frequent first, equal ones by name."""
    labels = table.labels.get("language")
    if labels is None:
        return []
    counts = np.bincount(labels.of, minlength=len(labels.names))
    found = [(-int(count), name) for name, count in zip(labels.names, counts.tolist(), strict=True) if name and count]
    return [name for _, name in sorted(found)]
