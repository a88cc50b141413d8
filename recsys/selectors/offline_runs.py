"""Offline evaluations that were kept, and what they say of one system version. Each selector says its queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from recsys.models import OfflineRun

MOST_RUNS = 200


@dataclass(frozen=True, slots=True)
class OfflineFigure:
    """A mean over queries with its 95 % interval; None where too few queries allow none."""

    value: float
    ci: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class OfflineFigures:
    """What one run says of one system version.

    Attributes:
        run: the run's key.
        dataset: name and version.
        queries: how many the figures are means of.
        figures: name (`hits@10`, `ndcg@10`, `coverage` …) to figure, in the order of the table.
        ms_per_query: `p50`, `p95` and the rest; None where the run was not timed.
    """

    run: int
    created_at: datetime
    dataset: str
    split: str
    seed: int
    queries: int
    system: str
    fingerprint: str
    figures: Mapping[str, OfflineFigure]
    ms_per_query: Mapping[str, Any] | None


def offline_runs(*, limit: int = MOST_RUNS) -> list[OfflineRun]:
    """The latest runs, newest first. One query."""
    return list(OfflineRun.objects.all()[:limit])


def figures_of(fingerprint: str, *, limit: int = MOST_RUNS) -> list[OfflineFigures]:
    """What the latest runs say of the system version of this fingerprint, newest first. One query."""
    return [
        figures
        for run in offline_runs(limit=limit)
        for figures in figures_of_run(run)
        if figures.fingerprint == fingerprint
    ]


def figures_of_run(run: OfflineRun) -> list[OfflineFigures]:
    """The figures of every system of one run, in the order of its table. No query."""
    return [
        OfflineFigures(
            run=run.pk,
            created_at=run.created_at,
            dataset=f"{run.dataset_name} {run.dataset_version}",
            split=run.split,
            seed=run.seed,
            queries=run.result["queries"],
            system=system["system"],
            fingerprint=system["fingerprint"],
            figures={name: figure for name, value in system.items() if (figure := _figure(value)) is not None},
            ms_per_query=system.get("ms_per_query"),
        )
        for system in run.result["systems"]
    ]


def _figure(value: object) -> OfflineFigure | None:
    if not isinstance(value, dict) or not {"value", "ci"} <= value.keys():
        return None
    return OfflineFigure(value["value"], None if value["ci"] is None else tuple(value["ci"]))
