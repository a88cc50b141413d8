"""The figures within groups of queries: by type, by language, by whether a listener should matter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from recsys.offline.compare import Chance, Comparison, Figure, PerQuery, compare, contrast, figures, ordered_pairs
from recsys.offline.resampling import FEWEST

METRICS = ("hits@10", "recall@100", "ndcg@10", "mrr")
TESTED = "ndcg@10"
SMALL = 30
"""Queries below which a group is marked: its interval is wide and its lengths are rough."""
RERANKING = ("retriever", "retriever-cr", "retriever-cr-dp")


@dataclass(frozen=True, slots=True)
class Group:
    """One group of queries.

    Attributes:
        titles: what people read, by language code; empty where the slug is all.
        small: whether it has fewer than 30 queries.
        systems: system to metric to figure.
        tests: pairs of systems on nDCG@10, corrected over all groups of the breakdown; none in a group too small.
    """

    group: str
    n: int
    clusters: int
    small: bool
    systems: Mapping[str, Mapping[str, Figure]]
    tests: Sequence[Comparison]
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gain:
    """What one system gains over another where listeners should matter, and where they should not.

    Attributes:
        personalised, other: the comparison in each half; None in a half without queries.
        contrast: gain in the first half less gain in the second.
    """

    system: str
    over: str
    metric: str
    personalised: Comparison | None
    other: Comparison | None
    contrast: Figure | None


def break_down(
    per_query: PerQuery,
    clusters: Sequence[str],
    groups: Sequence[str],
    chance: Chance,
    *,
    label: str,
    without: Sequence[str] = (),
    order: Sequence[str] = (),
    titles: Mapping[str, Mapping[str, str]] | None = None,
) -> list[Group]:
    """Return the figures of each group and the paired tests between systems within it.

    Args:
        groups: of each query.
        label: names this breakdown, and its use of chance.
        without: systems that are shown and not tested.
        order: of the groups; those not named follow by name.
    """
    members = {group: np.array([one == group for one in groups]) for group in sorted(set(groups), key=_Rank(order))}
    pairs = ordered_pairs([system for system in per_query if system not in without])
    kept = {
        name: [cluster for cluster, is_in in zip(clusters, mask, strict=True) if is_in]
        for name, mask in members.items()
    }
    testable = [name for name, inside in kept.items() if len(set(inside)) >= FEWEST]
    made = len(pairs) * len(testable)
    found = []
    for name, mask in members.items():
        values = within(per_query, mask)
        shown = {system: {metric: own[metric] for metric in METRICS if metric in own} for system, own in values.items()}
        use = f"{label} {name}"
        tests = (
            compare(values, kept[name], [TESTED], chance, label=use, pairs=pairs, comparisons=made)
            if name in testable
            else []
        )
        found.append(
            Group(
                group=name,
                n=int(mask.sum()),
                clusters=len(set(kept[name])),
                small=int(mask.sum()) < SMALL,
                systems=figures(shown, kept[name], chance, label=use),
                tests=tests,
                titles=(titles or {}).get(name, {}),
            )
        )
    return found


def reranking_gains(
    per_query: PerQuery, clusters: Sequence[str], personal: NDArray[np.bool_], chance: Chance
) -> list[Gain]:
    """Compare the retriever with its re-rankings in both halves of the queries, on nDCG@10 and hits@10.

    Args:
        personal: whether the query's type is one that should depend on the listener, shape (queries,).
    """
    there = [system for system in RERANKING if system in per_query]
    pairs = ordered_pairs(there)
    metrics = [TESTED, "hits@10"]
    halves = [half for half in (personal, ~personal) if half.any()]
    made = len(pairs) * len(metrics) * len(halves)
    gains = []
    for metric in metrics:
        for later, earlier in pairs:
            parts = [
                _half(per_query, clusters, half, (later, earlier), metric, chance, made) if half.any() else None
                for half in (personal, ~personal)
            ]
            differences = per_query[later][metric] - per_query[earlier][metric]
            both = None not in parts
            gains.append(
                Gain(
                    system=later,
                    over=earlier,
                    metric=metric,
                    personalised=parts[0],
                    other=parts[1],
                    contrast=contrast(differences, personal, clusters, chance) if both else None,
                )
            )
    return gains


def within(per_query: PerQuery, mask: NDArray[np.bool_]) -> dict[str, dict[str, NDArray[np.float64]]]:
    """The values of some of the queries."""
    return {system: {name: one[mask] for name, one in values.items()} for system, values in per_query.items()}


def _half(
    per_query: PerQuery,
    clusters: Sequence[str],
    half: NDArray[np.bool_],
    pair: tuple[str, str],
    metric: str,
    chance: Chance,
    made: int,
) -> Comparison:
    kept = [cluster for cluster, is_in in zip(clusters, half, strict=True) if is_in]
    [found] = compare(
        within(per_query, half), kept, [metric], chance, label="re-ranking", pairs=[pair], comparisons=made
    )
    return found


class _Rank:
    """Sorts by place in an order; what has none comes last, by name."""

    def __init__(self, order: Sequence[str]) -> None:
        self._places = {name: place for place, name in enumerate(order)}

    def __call__(self, name: str) -> tuple[int, str]:
        return self._places.get(name, len(self._places)), name
