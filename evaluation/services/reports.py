"""A study's report: the analysis of its judgments, with what a reader needs to trust it."""

import io
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.utils import translation

from annotation import public as annotation
from evaluation.breakdown_page import breakdown_page
from evaluation.caution_words import in_words, words_about
from evaluation.models import Study
from evaluation.query_halves import HALVES, category_titles
from evaluation.report_page import page_language, report_html, report_page
from evaluation.reporting.archive import zipped
from evaluation.reporting.csv_tables import BREAKDOWNS, csv_tables
from evaluation.reporting.folder import Front, folder, latex, pdf
from evaluation.reporting.sections import report_sections
from evaluation.reporting.software import software
from evaluation.reporting.words import words
from evaluation.selectors.finished import finished_participants
from evaluation.selectors.judgments import judgment_table
from evaluation.selectors.service_record import service_record
from evaluation.selectors.studies import look_count, shown_trials, study_face, trial_states
from evaluation.services.exports import COLUMNS, judgment_records
from evaluation.services.looks import record_look
from evaluation.stats.judgments import write_judgments


@dataclass(frozen=True, slots=True)
class StudyReport:
    """Everything that the page, the files and the interface show.

    Attributes:
        analysis: what `analyze` says of the study's judgments file, as JSON.
        progress: how many trials are in each state; `trials` is their sum.
        as_of: time of the last judgment, so that the same database gives the same bytes.
        classifier: which tells the types of the queries, None where the study has none; `quality` is its own.
        parts: what the report shows beside the analysis, by its key in the JSON: the course of the ratings, results by
            language, tenure and side, waiting times and failures.
    """

    study: Study
    analysis: dict[str, Any]
    progress: dict[str, int]
    as_of: datetime | None
    classifier: annotation.ClassifierVersion | None = None
    quality: annotation.ClassifierQuality | None = None
    parts: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "study": {
                "slug": self.study.slug,
                "title": self.study.title,
                "status": self.study.status,
                "rehearsal": self.study.rehearsal,
            },
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "trial_states": self.progress,
            "classifier": self._classifier(),
            "software": software(),
            **self.parts,
            **self.analysis,
            "category_titles": category_titles(self.analysis["breakdown"]),
        }

    def _classifier(self) -> dict[str, Any] | None:
        if self.classifier is None or self.quality is None:
            return None
        told = {"name": self.classifier.name, "fingerprint": self.classifier.fingerprint}
        return {**told, "test": asdict(self.quality)}

    def context(self) -> dict[str, Any]:
        """What the report's templates take."""
        page = report_page(self.as_json())
        return {
            **page,
            "study": self.study,
            "face": study_face(self.study),
            "generated_at": self.as_of,
            "report": self.analysis,
            "cautions": [in_words(caution) for caution in self.analysis["cautions"]],
            "notes": words_about(self.analysis["notes"]),
            "progress": self.progress,
            "classifier": self.classifier,
            "quality": self.quality,
            "breakdown": breakdown_page(self.analysis["breakdown"], [row["name"] for row in page["ranked"]]),
        }


def study_report(*, study: Study, seed: int = 0, replicates: int = 1000) -> StudyReport:
    """Analyse the study as it stands. The same judgments and seed give the same report.

    Whoever has the report of an open study has looked at its results, and that is recorded.
    """
    from evaluation.stats.analysis import analyze  # scipy comes in here: a second and 60 MiB that most pages do without
    from evaluation.stats.report_parts import report_parts

    table = judgment_table(study)
    record_look(study=study, judgments=len(table))
    analysis = analyze(
        table,
        seed=seed,
        replicates=replicates,
        elo_k=study.elo_k,
        halves=HALVES,
        trials=shown_trials(study),
        looks=look_count(study, len(table)),
        complete=finished_participants(study),
    )
    parts = report_parts(table, seed=seed, replicates=replicates, elo_k=study.elo_k)
    run = study.classifier_id
    states = trial_states(study)
    return StudyReport(
        study=study,
        analysis=analysis.as_json(),
        progress={"trials": sum(states.values()), **states},
        as_of=table.latest,
        classifier=None if run is None else annotation.classifier_version(run=run),
        quality=None if run is None else annotation.classifier_quality(run=run),
        parts={**parts.as_json(), **service_record(study)},
    )


def standalone_html(report: StudyReport) -> str:
    """The report as one file that needs nothing beside it, in the language that is active."""
    return report_html(report.context())


def report_files(report: StudyReport, language: str = "en") -> dict[str, bytes]:
    """Every file of the report by its path, `MANIFEST` with the checksums of the others."""
    with translation.override(language):
        return folder(
            report.as_json(),
            front=_front(report, language),
            html=standalone_html(report),
            judgments=_judgments(report),
            language=language,
            also={"judgments.jsonl, judgments.parquet": COLUMNS},
        )


def report_pdf(report: StudyReport) -> bytes:
    """The report on paper, in the language that is active."""
    language = page_language()
    return pdf(report.as_json(), front=_front(report, language), language=language)


def report_latex(report: StudyReport) -> bytes:
    """The tables for LaTeX as one archive, in the language that is active."""
    return zipped(latex(report_sections(report.as_json(), page_language())), f"{report.study.slug}-tables")


def report_archive(report: StudyReport) -> bytes:
    """Every file of the report as one archive, in the language that is active."""
    return zipped(report_files(report, page_language()), f"{report.study.slug}-report")


def breakdown_csv(report: StudyReport) -> str:
    """The breakdown by kind of query as one table; empty where no judged query has a type."""
    (name,) = (name for name, key in BREAKDOWNS.items() if key == "breakdown")
    return csv_tables(report.analysis).get(name, "")


def _front(report: StudyReport, language: str) -> Front:
    face = study_face(report.study)
    say, analysis = words(language), report.analysis
    counts = (
        f"{say('judgments')}: {analysis['judgments']} · {say('participants')}: {analysis['participants']} · "
        f"{say('ties')}: {analysis['ties']}"
    )
    when = [say("as_of", when=f"{report.as_of.astimezone(UTC):%Y-%m-%d %H:%M} UTC")] if report.as_of else []
    with translation.override(language):
        cautions = tuple(in_words(caution) for caution in analysis["cautions"])
    if report.study.rehearsal:
        cautions = (say("rehearsal"), *cautions)
    return Front(face.title, (" · ".join([report.study.slug, *when]), counts), cautions)


def _judgments(report: StudyReport) -> str:
    """The judgments of the report, also where more have come meanwhile."""
    records = [row for row in judgment_records(report.study) if report.as_of and row.created_at <= report.as_of]
    stream = io.StringIO(newline="")
    write_judgments(records, stream)
    return stream.getvalue()
