"""What the answers of two finished runs say about which is better, and what more labels have brought a campaign."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from annotation.models import Campaign, ClassifierRun, GoldVersion
from annotation.selectors.classifiers import all_runs
from annotation.selectors.ordering import labels_counted
from annotation.taxonomy import DEFAULT_TAXONOMY

if TYPE_CHECKING:
    from annotation.classifier.comparison import Comparison

MOST_STEPS = 6
SAME_KIND = ("model", "target", "frozen", "recipe", "overrides")
"""Runs that agree in these differ by what they learned from, and by chance."""

State = ClassifierRun.State


@dataclass(frozen=True, slots=True)
class Compared:
    """The second run against the first: a comparison, or why there is none (`foreign`, `nothing`, `unreadable`)."""

    first: ClassifierRun
    second: ClassifierRun
    comparison: "Comparison | None"
    why: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """The newest finished run on a gold version, of `labels` labels; `more` of them than in the step before."""

    run: ClassifierRun
    labels: int
    more: int | None = None
    compared: Compared | None = None


@dataclass(frozen=True, slots=True)
class Loop:
    """From labels to a classifier and back.

    Attributes:
        labels: that count, now; `since` of them came after the newest run's gold version.
        newest: the latest finished run on this campaign.
        steps: runs of the newest one's kind on successive gold versions, the latest first.
        active: runs that wait or are on.
        known: whether classifiers know the campaign's taxonomy.
    """

    labels: int
    since: int
    newest: ClassifierRun | None
    steps: tuple[Step, ...]
    active: tuple[ClassifierRun, ...]
    known: bool


def compared(first: ClassifierRun, second: ClassifierRun) -> Compared:
    """Compare two finished runs; computed once per process, because neither ever changes."""
    from annotation.classifier.comparison import NoComparisonError, NothingSharedError

    # ids of queries are the database's own, or those of one file: beyond that equal ids are different queries
    if (first.gold_id is None) != (second.gold_id is None) or first.data_name != second.data_name:
        return Compared(first, second, None, "foreign")
    try:
        found = _compared(first.directory, first.fingerprint, second.directory, second.fingerprint)
    except NothingSharedError:
        return Compared(first, second, None, "nothing")
    except NoComparisonError:
        return Compared(first, second, None, "unreadable")
    return Compared(first, second, found)


@lru_cache(maxsize=256)
def _compared(first: Path, _first_print: str, second: Path, _second_print: str) -> "Comparison":
    from annotation.classifier.comparison import compare, read_evidence  # numpy comes in here, not with every page

    return compare(read_evidence(first), read_evidence(second))


def loop_of(campaign: Campaign) -> Loop:
    """Where a campaign and its classifiers are; four queries, and the answers of up to `MOST_STEPS` runs."""
    labels = labels_counted(campaign)
    runs = list(all_runs().filter(campaign=campaign).exclude(state__in=[State.STOPPED, State.FAILED]))
    votes = dict(GoldVersion.objects.filter(campaign=campaign).values_list("pk", "summary__votes"))
    finished = [run for run in runs if run.state == State.FINISHED]
    newest = finished[0] if finished else None
    steps: tuple[Step, ...] = ()
    since = labels
    if newest is not None:
        steps = _steps([run for run in finished if _kind(run) == _kind(newest)], votes)
        since = max(0, labels - (votes.get(newest.gold_id or 0) or 0))
    return Loop(
        labels=labels,
        since=since,
        newest=newest,
        steps=steps,
        active=tuple(run for run in runs if run.state != State.FINISHED),
        known=campaign.taxonomy.digest == DEFAULT_TAXONOMY.digest,
    )


def _kind(run: ClassifierRun) -> tuple[object, ...]:
    return tuple(str(getattr(run, field)) for field in SAME_KIND)


def _steps(runs: list[ClassifierRun], votes: dict[int, int | None]) -> tuple[Step, ...]:
    """`runs` are latest first; of each gold version the latest counts."""
    by_gold: dict[int, ClassifierRun] = {}
    for run in runs:
        if run.gold_id is not None:
            by_gold.setdefault(run.gold_id, run)
    steps: list[Step] = []
    for gold in sorted(by_gold)[-MOST_STEPS:]:
        run, labels = by_gold[gold], votes.get(gold) or 0
        before = steps[-1] if steps else None
        steps.append(
            Step(run, labels)
            if before is None
            else Step(run, labels, more=labels - before.labels, compared=compared(before.run, run))
        )
    return tuple(reversed(steps))
