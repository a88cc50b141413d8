"""Everything that a report is exported as, by path within its folder."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluation.reporting.archive import manifest
from evaluation.reporting.codebook import codebook, codebook_markdown
from evaluation.reporting.csv_tables import csv_tables
from evaluation.reporting.latex import latex_document, latex_table
from evaluation.reporting.methods import methods_text
from evaluation.reporting.sections import report_sections
from evaluation.reporting.svg import svg_file
from evaluation.reporting.tables import Section
from evaluation.reporting.words import LANGUAGES, words

Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Front:
    """What stands above a report on paper: the title, lines below it, and what a reader must know first."""

    title: str
    lines: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()


def folder(
    report: dict[str, Any],
    *,
    front: Front,
    html: str,
    judgments: str,
    language: str,
    also: Mapping[str, Sequence[str]] | None = None,
) -> Files:
    """Every file of the report.

    Args:
        report: what `report.json` holds.
        front: of the PDF.
        html: the report as a page of its own.
        judgments: the anonymous judgments, as CSV.
        language: of PDF, tables and plots.
        also: columns of files that are downloaded elsewhere, for the codebook.
    """
    sections = report_sections(report, language)
    tables = {"judgments.csv": judgments, **csv_tables(report)}
    headers = {name: text.partition("\n")[0].strip().split(",") for name, text in tables.items()}
    entries = codebook({**headers, **(also or {})})
    files = {
        "report.html": html.encode(),
        "report.pdf": pdf(report, front=front, language=language),
        "report.json": _json(report),
        **{name: text.encode() for name, text in tables.items()},
        "codebook.md": codebook_markdown(entries).encode(),
        "codebook.json": _json(entries),
        **{f"tables/{name}": content for name, content in latex(sections).items()},
        **_plots(sections),
        **{f"methods.{code}.txt": methods_text(report, code).encode() for code in LANGUAGES},
    }
    return {**files, "MANIFEST": manifest(files).encode()}


def pdf(report: dict[str, Any], *, front: Front, language: str) -> bytes:
    """The report on paper."""
    from evaluation.reporting.paper import paper  # reportlab comes in here, for those who ask for paper

    say = words(language)
    paragraphs = methods_text(report, language).split("\n")
    methods = Section("methods", say("methods"), tuple(line for line in paragraphs if line))
    sections = (*report_sections(report, language), methods)
    lines = front.lines if report["judgments"] else (*front.lines, say("no_judgments"))
    return paper(title=front.title, lines=lines, cautions=front.cautions, sections=sections, language=language)


def latex(sections: Sequence[Section]) -> Files:
    """The tables for LaTeX, and a document that reads them all."""
    tables = [table for section in sections for table in section.tables]
    if not tables:
        return {}
    return {
        **{f"{table.name}.tex": latex_table(table).encode() for table in tables},
        "all.tex": latex_document(tables).encode(),
    }


def _plots(sections: Sequence[Section]) -> Files:
    from evaluation.reporting.pdf import pdf_file

    files: Files = {}
    for section in sections:
        if section.plot:
            files[f"plots/{section.key}.svg"] = svg_file(section.plot).encode()
            files[f"plots/{section.key}.pdf"] = pdf_file(section.plot)
    return files


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2) + "\n").encode()
