"""The report of any file of judgments, without a database."""

import io
from collections.abc import Sequence
from typing import Any, cast

from django.utils import translation

from evaluation.breakdown_page import breakdown_page
from evaluation.caution_words import in_words, words_about
from evaluation.query_halves import category_titles
from evaluation.report_page import report_html, report_page
from evaluation.reporting.figures import count
from evaluation.reporting.folder import Front, folder
from evaluation.reporting.software import software
from evaluation.reporting.words import words
from evaluation.stats.judgments import Judgment, write_judgments
from evaluation.stats.likelihoods import ModelName
from evaluation.stats.report_parts import report_parts
from evaluation.stats.results import Analysis
from evaluation.stats.tables import JudgmentTable


def file_report(
    *, name: str, judgments: Sequence[Judgment], table: JudgmentTable, analysis: Analysis, language: str = "en"
) -> dict[str, bytes]:
    """Every file of the report by its path: what a study's has, less what only a study knows (times, failures, trials).

    Args:
        name: of the file, which becomes the title.
        judgments: the participants already numbered anew, by `renumbered`.
        table: of the same judgments.
        analysis: of the same table.
        language: `en` or `ru`.
    """
    model = cast(ModelName, analysis.model.slug)
    parts = report_parts(table, seed=analysis.seed, replicates=analysis.replicates, elo_k=analysis.elo_k, model=model)
    report: dict[str, Any] = {"software": software(), **parts.as_json(), **analysis.as_json()}
    report["category_titles"] = category_titles(report["breakdown"])
    say = words(language)
    counts = (
        f"{say('judgments')}: {analysis.judgments} · {say('participants')}: {count(analysis.participants)} · "
        f"{say('ties')}: {analysis.ties}"
    )
    stream = io.StringIO(newline="")
    write_judgments(judgments, stream)
    with translation.override(language):
        cautions = tuple(in_words(caution) for caution in report["cautions"])
        return folder(
            report,
            front=Front(name, (counts,), cautions),
            html=report_html(_context(report, name)),
            judgments=stream.getvalue(),
            language=language,
        )


def _context(report: dict[str, Any], name: str) -> dict[str, Any]:
    page = report_page(report)
    names = [row["name"] for row in page["ranked"]]
    return {
        **page,
        "study": {"title": name, "slug": "", "status": ""},
        "report": report,
        "cautions": [in_words(caution) for caution in report["cautions"]],
        "notes": words_about(report["notes"]),
        "breakdown": breakdown_page(report["breakdown"], names),
    }
