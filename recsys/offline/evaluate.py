"""One offline evaluation: every system asked every query, measured, compared and broken down."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from recsys.core.recommender import Progress
from recsys.data.dataset import Dataset
from recsys.metrics.diversity import coverage, exposure, gini
from recsys.offline.breakdown import Gain, Group, break_down, reranking_gains
from recsys.offline.compare import Chance, Comparison, Figure, PerQuery, compare, figures
from recsys.offline.metrics import LIST, metrics
from recsys.offline.queries import OfflineQuery
from recsys.offline.random_floor import RANDOM
from recsys.offline.rankings import DEPTH, Ranker, Rows, Scores, judged, listener_queries, main_artists, rank_all
from recsys.offline.timing import TRACKS, Timing, time_system

PERSONALISED, OTHER = "personalised", "other"


@dataclass(frozen=True, slots=True)
class Contestant:
    """One system of the table.

    Attributes:
        name: the column of figures; the system's name.
        load: brings it into memory, where it stays for its turn only.
        fingerprint: of its artifact, or of what decides its rankings.
        origin: `artifact`, `trained` for this run, or `chance`.
        floor: whether nobody asked for it: it is there to be beaten.
        facts: seed, encoder and the like, JSON values.
    """

    name: str
    load: Callable[[], Ranker]
    fingerprint: str
    origin: str
    floor: bool
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QueryKind:
    """What the classifier says of a query: its category, and whether that should depend on the listener."""

    category: str
    personalised: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A system in the table.

    Attributes:
        figures: metric to mean and interval.
        covered: tracks that are in anybody's first ten.
        coverage, gini: see `metrics.diversity`; of the first ten.
    """

    contestant: Contestant
    figures: Mapping[str, Figure]
    covered: int
    coverage: float
    gini: float
    timing: Timing | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All that was measured.

    Attributes:
        per_query: system to metric to one value for each of `queries`.
        breakdown: by what (`category`, `personalised`, `language`, `origin`) to groups.
        gains: of re-ranking; empty without types of queries or without two of the three retrievers.
    """

    queries: Sequence[OfflineQuery]
    depth: int
    standings: Sequence[Standing]
    per_query: PerQuery
    tests: Sequence[Comparison]
    breakdown: Mapping[str, Sequence[Group]]
    gains: Sequence[Gain]
    chance: Chance


def evaluate(
    contestants: Iterable[Contestant],
    queries: Sequence[OfflineQuery],
    dataset: Dataset,
    *,
    chance: Chance,
    cutoffs: Sequence[int] = (),
    kinds: Sequence[QueryKind] | None = None,
    kind_titles: Mapping[str, Mapping[str, str]] | None = None,
    timed: bool = True,
    keep: Callable[[str, Rows, Scores], None] | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Ask every system every query and compare what they answer.

    Args:
        contestants: the systems, in the order of the table.
        queries: with at least one relevant track each.
        cutoffs: besides 10 and 100.
        kinds: of each query; None leaves out what needs them.
        kind_titles: category to its titles by language, in the order to be shown.
        timed: whether to measure times too.
        keep: called with name, rows and scores of each system's rankings.
    """
    measured = metrics(cutoffs)
    depth = min(max(DEPTH, *cutoffs) if cutoffs else DEPTH, len(dataset.tracks))
    artists = main_artists(dataset)
    per_query: dict[str, dict[str, NDArray[np.float64]]] = {}
    shown: list[tuple[Contestant, NDArray[np.int64], Timing | None]] = []
    for contestant in contestants:
        recommender = contestant.load()
        rows, scores = rank_all(recommender, queries, dataset, depth=depth, progress=progress)
        rankings = judged(rows, queries, artists)
        per_query[contestant.name] = {name: metric.of(rankings) for name, metric in measured.items()}
        timing = None
        if timed:
            tracks = min(TRACKS, len(dataset.tracks))
            timing = time_system(recommender, listener_queries(queries), tracks=tracks)
        if keep is not None:
            keep(contestant.name, rows, scores)
        shown.append((contestant, exposure(rows[:, :LIST], len(dataset.tracks)), timing))
    clusters = [query.cluster for query in queries]
    tested = [name for name, metric in measured.items() if metric.tested]
    means = figures(per_query, clusters, chance, label="table")
    return Evaluation(
        queries=queries,
        depth=depth,
        standings=[
            Standing(
                contestant=one,
                figures=means[one.name],
                covered=int((exposed > 0).sum()),
                coverage=coverage(exposed),
                gini=gini(exposed),
                timing=timing,
            )
            for one, exposed, timing in shown
        ],
        per_query=per_query,
        tests=compare(per_query, clusters, tested, chance, label="table"),
        breakdown=_breakdown(per_query, queries, chance, kinds, kind_titles or {}, _untested(one for one, *_ in shown)),
        gains=_gains(per_query, clusters, chance, kinds),
        chance=chance,
    )


def _breakdown(
    per_query: PerQuery,
    queries: Sequence[OfflineQuery],
    chance: Chance,
    kinds: Sequence[QueryKind] | None,
    titles: Mapping[str, Mapping[str, str]],
    untested: Sequence[str],
) -> dict[str, Sequence[Group]]:
    clusters = [query.cluster for query in queries]
    groupings: dict[str, list[str]] = {}
    if kinds is not None:
        groupings["category"] = [kind.category for kind in kinds]
        groupings["personalised"] = [PERSONALISED if kind.personalised else OTHER for kind in kinds]
    groupings["language"] = [query.language or "?" for query in queries]
    origins = [query.id.partition(":")[0] for query in queries]
    if len(set(origins)) > 1:
        groupings["origin"] = origins
    order = (*titles, PERSONALISED, OTHER)
    return {
        label: break_down(
            per_query, clusters, groups, chance, label=label, without=untested, order=order, titles=titles
        )
        for label, groups in groupings.items()
    }


def _untested(contestants: Iterable[Contestant]) -> list[str]:
    """Floors stay out of the tests within groups: each pair costs all others some power."""
    return [one.name for one in contestants if one.floor or one.name == RANDOM]


def _gains(
    per_query: PerQuery, clusters: Sequence[str], chance: Chance, kinds: Sequence[QueryKind] | None
) -> list[Gain]:
    if kinds is None:
        return []
    return reranking_gains(per_query, clusters, np.array([kind.personalised for kind in kinds]), chance)
