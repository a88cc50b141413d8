"""How the systems served: how long they took, and how often they failed. Facts for the researcher, no ranking."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluation.stats.intervals import cluster_rate
from evaluation.stats.results import Bounds

QUANTILES = "median and 90th percentile, linear between order statistics"
SHARE = "Wilson on the effective number of playlists, t; the participant is the unit"


@dataclass(frozen=True)
class Duration:
    """Of `n` durations in seconds; None where there is none."""

    n: int
    median: float | None
    p90: float | None


@dataclass(frozen=True)
class SystemWaiting:
    """One system.

    Attributes:
        model_seconds: the recommender alone, per playlist.
        shown_after_seconds: from the request to the moment both playlists appear, over the trials it took part in; the
            slower system and the whole tick both sides wait for are in it, so systems differ less here.
    """

    name: str
    model_seconds: Duration
    shown_after_seconds: Duration


@dataclass(frozen=True)
class Waiting:
    method: str
    systems: tuple[SystemWaiting, ...]


@dataclass(frozen=True)
class SystemFailures:
    """One system: playlists asked of it, those that failed, and those not finished.

    Attributes:
        sides: playlists that were made or failed.
        share: failures over sides; None where there are no sides.
    """

    name: str
    participants: int
    sides: int
    failures: int
    unfinished: int
    share: float | None
    share_ci: Bounds | None


@dataclass(frozen=True)
class Failures:
    method: str
    systems: tuple[SystemFailures, ...]


def duration(seconds: Sequence[float]) -> Duration:
    """Median and 90th percentile (Hyndman and Fan's type 7, numpy's default)."""
    if not seconds:
        return Duration(0, None, None)
    median, p90 = np.quantile(np.asarray(seconds, dtype=float), [0.5, 0.9]).tolist()
    return Duration(len(seconds), median, p90)


def failures_of(name: str, made: Sequence[int], failed: Sequence[int], unfinished: int) -> SystemFailures:
    """The share of playlists that failed, with an interval over participants.

    Args:
        name: of the system.
        made: playlists of the system for each participant.
        failed: of these, how many never came; the two are of one length.
        unfinished: playlists that are still waited for.
    """
    lost, asked = np.asarray(failed, dtype=float), np.asarray(failed, dtype=float) + np.asarray(made, dtype=float)
    rate = cluster_rate(lost, asked)
    return SystemFailures(
        name=name,
        participants=int((asked > 0).sum()),
        sides=int(asked.sum()),
        failures=int(lost.sum()),
        unfinished=unfinished,
        share=rate.value if rate else None,
        share_ci=rate.interval if rate else None,
    )
