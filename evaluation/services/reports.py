"""A study's report: the analysis of its judgments, with what a reader needs to trust it."""

import csv
import io
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from annotation import public as annotation
from evaluation.breakdown_page import breakdown_page
from evaluation.breakdown_table import breakdown_rows
from evaluation.models import Study
from evaluation.query_halves import HALVES
from evaluation.rating_plot import rating_plot
from evaluation.selectors.studies import study_face, trial_states
from evaluation.services.exports import export_judgments, judgment_records

STYLES = ("css/tokens.css", "css/base.css", "css/components.css", "evaluation/report.css")


@dataclass(frozen=True, slots=True)
class StudyReport:
    """Everything that the page, the files and the interface show.

    Attributes:
        analysis: what `analyze` says of the study's judgments file, as JSON.
        progress: how many trials are in each state; `trials` is their sum.
        as_of: time of the last judgment, so that the same database gives the same bytes.
        classifier: which tells the types of the queries, None where the study has none; `quality` is its own.
    """

    study: Study
    analysis: dict[str, Any]
    progress: dict[str, int]
    as_of: datetime | None
    classifier: annotation.ClassifierVersion | None = None
    quality: annotation.ClassifierQuality | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "study": {"slug": self.study.slug, "title": self.study.title, "status": self.study.status},
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "trials": self.progress,
            "classifier": self._classifier(),
            **self.analysis,
        }

    def _classifier(self) -> dict[str, Any] | None:
        if self.classifier is None or self.quality is None:
            return None
        told = {"name": self.classifier.name, "fingerprint": self.classifier.fingerprint}
        return {**told, "test": asdict(self.quality)}

    def context(self) -> dict[str, Any]:
        """What the report's templates take."""
        ranked = sorted(self.analysis["systems"], key=lambda row: (row["bt"] is None, -(row["bt"] or 0), row["name"]))
        return {
            "study": self.study,
            "face": study_face(self.study),
            "generated_at": self.as_of,
            "report": self.analysis,
            "ranked": ranked,
            "rating_plot": rating_plot(self.analysis["systems"]),
            "progress": self.progress,
            "classifier": self.classifier,
            "quality": self.quality,
            "breakdown": breakdown_page(self.analysis["breakdown"], [row["name"] for row in ranked]),
        }


def study_report(*, study: Study, seed: int = 0, replicates: int = 1000) -> StudyReport:
    """Analyse the study as it stands. The same judgments and seed give the same report."""
    from evaluation.stats.analysis import analyze  # scipy comes in here: a second and 60 MiB that most pages do without

    records = judgment_records(study)
    names = list(study.systems.order_by("name").values_list("name", flat=True))
    analysis = analyze(records, seed=seed, replicates=replicates, elo_k=study.elo_k, systems=names, halves=HALVES)
    run = study.classifier_id
    states = trial_states(study)
    return StudyReport(
        study=study,
        analysis=analysis.as_json(),
        progress={"trials": sum(states.values()), **states},
        as_of=records[-1].created_at if records else None,
        classifier=None if run is None else annotation.classifier_version(run=run),
        quality=None if run is None else annotation.classifier_quality(run=run),
    )


def standalone_html(report: StudyReport) -> str:
    """The report as one file that needs nothing beside it."""
    styles = "\n".join(Path(found).read_text() for name in STYLES if (found := finders.find(name)))
    return render_to_string("evaluation/report_standalone.html", {**report.context(), "css": styles, "downloads": []})


def report_files(report: StudyReport) -> dict[str, str | bytes]:
    """Every file of the report but the JSON, by name; `breakdown.csv` only where queries have types."""
    files: dict[str, str | bytes] = {
        "report.html": standalone_html(report),
        "judgments.csv": export_judgments(study=report.study, format_="csv"),
        "systems.csv": _table(report.analysis["systems"]),
        "pairs.csv": _table(report.analysis["pairs"]),
    }
    if report.analysis["breakdown"]:
        files["breakdown.csv"] = breakdown_csv(report)
    return files


def breakdown_csv(report: StudyReport) -> str:
    """The breakdown by kind of query as one table; empty where no judged query has a type."""
    return _table(list(breakdown_rows(report.analysis["breakdown"]))) if report.analysis["breakdown"] else ""


def _table(rows: list[dict[str, Any]]) -> str:
    """Rows of the analysis as CSV: an interval takes two columns, a nested result one per figure."""
    flat = [_flattened(row) for row in rows]
    columns = list(dict.fromkeys(name for row in flat for name in row))
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, fieldnames=columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(flat)
    return stream.getvalue()


def _flattened(row: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            flat.update(_flattened(value, f"{prefix}{name}_"))
        elif isinstance(value, list) and len(value) == 2:
            flat[f"{prefix}{name}_low"], flat[f"{prefix}{name}_high"] = value
        else:
            flat[f"{prefix}{name}"] = value
    return flat
