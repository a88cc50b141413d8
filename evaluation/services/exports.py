"""Judgments as a file: pseudonymous, in the order they were made, the same bytes from the same database."""

import io
import json
from collections.abc import Callable
from typing import Any

from evaluation.models import Judgment, Study
from evaluation.selectors.studies import judgments_of
from evaluation.stats.judgments import Judgment as Record
from evaluation.stats.judgments import write_judgments

OUTCOMES = {Judgment.Choice.A: "a", Judgment.Choice.B: "b", Judgment.Choice.EQUIVALENT: "tie"}
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}


def judgment_records(study: Study) -> list[Record]:
    """The study's judgments as the statistics core takes them; participants by their random public id."""
    return [
        Record(
            participant=row["participant"],
            query=row["query"],
            system_a=row["system_a"],
            system_b=row["system_b"],
            outcome=row["outcome"],
            created_at=judgment.created_at,
            category=row["category"],
            language=row["language"],
        )
        for judgment in judgments_of(study)
        for row in [_row(judgment)]
    ]


def export_judgments(*, study: Study, format_: str) -> bytes:
    """The judgments file of the study; csv is what `analyze` reads, the others also tell how each trial was drawn.

    `category` and `alpha` are by the study's classifier, whose fingerprint is `classifier`; a query whose type is not
    told has none of the three.
    """
    writers: dict[str, Callable[[Study], bytes]] = {"csv": _csv, "jsonl": _jsonl, "parquet": _parquet}
    return writers[format_](study)


def _csv(study: Study) -> bytes:
    stream = io.StringIO(newline="")
    write_judgments(judgment_records(study), stream)
    return stream.getvalue().encode()


def _jsonl(study: Study) -> bytes:
    lines = [json.dumps(_row(judgment), ensure_ascii=False) for judgment in judgments_of(study)]
    return "".join(f"{line}\n" for line in lines).encode()


def _parquet(study: Study) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {"number": pa.int64(), "shared_tracks": pa.int64(), "replaces_failed": pa.bool_()}
    numbers = ("alpha", "pair_probability", "side_probability", "model_seconds_a", "model_seconds_b")
    types.update({name: pa.float64() for name in numbers})
    schema = pa.schema([(name, types.get(name, pa.string())) for name in COLUMNS])
    rows = [_row(judgment) for judgment in judgments_of(study)]
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), stream)
    return stream.getvalue()


COLUMNS = (
    "participant",
    "query",
    "system_a",
    "system_b",
    "outcome",
    "created_at",
    "category",
    "alpha",
    "classifier",
    "language",
    "reason",
    "trial",
    "number",
    "sampler",
    "pair_probability",
    "side_probability",
    "replaces_failed",
    "version_a",
    "version_b",
    "model_seconds_a",
    "model_seconds_b",
    "shared_tracks",
)


def _row(judgment: Judgment) -> dict[str, Any]:
    trial = judgment.trial
    sides = {side.name: side for side in trial.sides.all()}
    a, b = sides["a"], sides["b"]
    return {
        "participant": trial.participant.public_id.hex,
        "query": trial.query,
        "system_a": a.system.name,
        "system_b": b.system.name,
        "outcome": OUTCOMES[Judgment.Choice(judgment.choice)],
        "created_at": judgment.created_at.isoformat(),
        "category": trial.category,
        "alpha": trial.alpha,
        "classifier": trial.study.classifier.fingerprint if trial.category and trial.study.classifier else "",
        "language": trial.query_language,
        "reason": judgment.reason,
        "trial": trial.public_id.hex,
        "number": trial.number,
        "sampler": trial.sampler,
        "pair_probability": trial.pair_probability,
        "side_probability": trial.side_probability,
        "replaces_failed": trial.replaces_id is not None,
        "version_a": a.system.version.fingerprint,
        "version_b": b.system.version.fingerprint,
        "model_seconds_a": a.model_seconds,
        "model_seconds_b": b.model_seconds,
        "shared_tracks": len(set(a.tracks or ()) & set(b.tracks or ())),
    }
