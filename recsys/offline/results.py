"""An evaluation as JSON: what `evaluate --json` writes, `OfflineRun` keeps and the page shows. Nothing is rounded."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from recsys.data.dataset import Dataset
from recsys.offline import resampling
from recsys.offline.cautions import Caution
from recsys.offline.compare import ALPHA, Figure
from recsys.offline.evaluate import Evaluation, QueryKind, Standing
from recsys.offline.queries import LeftOut
from recsys.offline.words import WORDS


def as_json(
    evaluation: Evaluation,
    dataset: Dataset,
    *,
    split: str,
    left_out: LeftOut,
    cautions: Sequence[Caution],
    kinds: Sequence[QueryKind] | None,
    classifier: Mapping[str, object],
    code_version: str,
    settings: Mapping[str, object],
) -> dict[str, Any]:
    """Return the result. All of it but `ms_per_query` repeats for the same data, artifacts, settings and seed."""
    queries = evaluation.queries
    return {
        "dataset": {
            "name": dataset.name,
            "version": dataset.version,
            "fingerprint": dataset.fingerprint,
            "tracks": len(dataset.tracks),
        },
        "split": split,
        "seed": evaluation.chance.seed,
        "queries": len(queries),
        "clusters": len({query.cluster for query in queries}),
        "with_listener": sum(query.listener is not None for query in queries),
        "relevant_per_query": sum(len(query.relevant) for query in queries) / len(queries),
        "depth": evaluation.depth,
        "settings": dict(settings),
        "left_out": asdict(left_out),
        "warnings": [{"code": one.code, "values": dict(one.values), "text": one.text()} for one in cautions],
        "systems": [_system(standing) for standing in evaluation.standings],
        "tests": [asdict(test) for test in evaluation.tests],
        "breakdown": {by: [asdict(group) for group in groups] for by, groups in evaluation.breakdown.items()},
        "reranking": [asdict(gain) for gain in evaluation.gains],
        "classifier": dict(classifier),
        "methods": _methods(evaluation),
        "code_version": code_version,
        "per_query": {
            "queries": _queries(evaluation, kinds),
            "values": {
                system: {name: values.tolist() for name, values in own.items()}
                for system, own in evaluation.per_query.items()
            },
        },
    }


def per_query_lines(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The per-query part of a result as rows: one for each query and system."""
    part = result["per_query"]
    return [
        {"query": query["id"], "system": system, **{name: values[number] for name, values in own.items()}}
        for number, query in enumerate(part["queries"])
        for system, own in part["values"].items()
    ]


def _system(standing: Standing) -> dict[str, Any]:
    contestant = standing.contestant
    return {
        "system": contestant.name,
        "fingerprint": contestant.fingerprint,
        "origin": contestant.origin,
        "floor": contestant.floor,
        **contestant.facts,
        **{name: _figure(figure) for name, figure in standing.figures.items()},
        "coverage": {"value": standing.coverage, "ci": None, "tracks": standing.covered, "gini": standing.gini},
        "ms_per_query": None if standing.timing is None else asdict(standing.timing),
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {"value": figure.value, "ci": None if figure.ci is None else list(figure.ci)}


def _queries(evaluation: Evaluation, kinds: Sequence[QueryKind] | None) -> list[dict[str, Any]]:
    rows = []
    for number, query in enumerate(evaluation.queries):
        row: dict[str, Any] = {
            "id": query.id,
            "text": query.text,
            "listener": query.listener,
            "language": query.language,
            "cluster": query.cluster,
            "relevant": len(query.relevant),
        }
        if kinds is not None:
            row |= {"category": kinds[number].category, "personalised": kinds[number].personalised}
        rows.append(row)
    return rows


def _methods(evaluation: Evaluation) -> dict[str, Any]:
    chance = evaluation.chance
    clustered = len({query.cluster for query in evaluation.queries}) < len(evaluation.queries)
    return {
        "level": resampling.LEVEL,
        "interval": resampling.METHOD,
        "replicates": chance.replicates,
        "test": "paired t-test, robust to clusters (CR1)" if clustered else "Student's paired t-test",
        "permutation": "sign flips of whole clusters, two-sided",
        "flips": chance.flips,
        "correction": "Bonferroni over all pairs and tested metrics",
        "comparisons": len(evaluation.tests),
        "alpha": ALPHA,
        "fewest_clusters": resampling.FEWEST,
        "definitions": {name: WORDS[f"define_{name}"]["en"] for name in DEFINED},
    }


DEFINED = ("hits", "success", "precision", "recall", "ndcg", "mrr", "artist_entropy", "coverage", "ms_per_query")
