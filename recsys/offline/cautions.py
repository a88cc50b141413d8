"""What a reader must know before the figures: sentences for what the data and the setting cannot carry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recsys.offline.evaluate import Evaluation
from recsys.offline.queries import LeftOut
from recsys.offline.rankings import DEPTH
from recsys.offline.resampling import FEWEST
from recsys.offline.words import WORDS

FEW = 30
"""Clusters below which a t-test and an interval lean on assumptions that cannot be looked into."""


@dataclass(frozen=True, slots=True)
class Caution:
    """One sentence, by its code in `words.WORDS`, and what stands in it."""

    code: str
    values: Mapping[str, object]

    def text(self, language: str = "en") -> str:
        return WORDS[self.code][language].format(**self.values)


def cautions(evaluation: Evaluation, left_out: LeftOut, *, split: str, listeners_known: bool) -> list[Caution]:
    """Return the sentences that apply, most serious first.

    Args:
        listeners_known: whether the data set holds interactions at all.
    """
    queries = evaluation.queries
    clusters = len({query.cluster for query in queries})
    with_listener = sum(query.listener is not None for query in queries)
    found: list[tuple[bool, str, dict[str, object]]] = [
        (split == "train", "caution_train", {}),
        (clusters < FEWEST, "caution_none", {"clusters": clusters, "fewest": FEWEST}),
        (FEWEST <= clusters < FEW, "caution_few", {"clusters": clusters}),
        (
            left_out.heard > 0,
            "caution_heard",
            {"heard": left_out.heard, "pairs": left_out.pairs},
        ),
        (
            listeners_known and with_listener == 0 and bool(evaluation.gains),
            "caution_no_listener",
            {"queries": len(queries)},
        ),
        (left_out.cold > 0, "caution_cold", {"cold": left_out.cold, "queries": with_listener}),
        (bool(left_out.seen_titles), "caution_seen", {"titles": len(left_out.seen_titles)}),
        (left_out.seen_requests > 0, "caution_seen_requests", {"requests": left_out.seen_requests}),
        (clusters < len(queries), "caution_clusters", {"clusters": clusters, "queries": len(queries)}),
        (evaluation.depth > DEPTH, "caution_depth", {"depth": evaluation.depth}),
        *((True, "caution_constant", values) for values in _constant(evaluation)),
    ]
    return [Caution(code, values) for applies, code, values in found if applies]


def _constant(evaluation: Evaluation) -> Sequence[dict[str, object]]:
    """Systems with no hit at all, or one for every query: an interval without width would say too much."""
    return [
        {"system": system, "value": int(values["success@10"][0]), "queries": len(evaluation.queries)}
        for system, values in evaluation.per_query.items()
        if len(evaluation.queries) >= FEWEST and (values["success@10"] == values["success@10"][0]).all()
    ]
