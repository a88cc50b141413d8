"""A report as a page shows it: plots as SVG, sections in the reader's language, whether of a study or of a file."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from evaluation.reporting.drawing import Drawing
from evaluation.reporting.methods import methods_text
from evaluation.reporting.plots.ratings import ranked
from evaluation.reporting.sections import report_sections
from evaluation.reporting.svg import svg_page
from evaluation.reporting.tables import Section, Table
from evaluation.reporting.words import LANGUAGES

STYLES = (
    "css/tokens.css",
    "css/base.css",
    "css/components.css",
    "evaluation/report.css",
    "evaluation/plots.css",
)
OWN_TEMPLATE = frozenset({"ratings", "pairs", "matrix", "kinds", "position", "trials"})
"""Sections that the page has a template of its own for; of these it takes the plot, and of `position` the table."""


def report_page(report: dict[str, Any]) -> dict[str, Any]:
    """What the templates take beside the study or file itself.

    Args:
        report: what `report.json` holds; keys may be missing.
    """
    language = page_language()
    sections = {section.key: section for section in report_sections(report, language)}
    return {
        "ranked": ranked(report["systems"]),
        "plots": {key: page_plot(section.plot, key) for key, section in sections.items()},
        "pairs_section": _more_of_pairs(sections.get("pairs")),
        "position_section": _section(sections["position"]) if "position" in sections else None,
        "sections": [_section(section) for key, section in sections.items() if key not in OWN_TEMPLATE],
        "methods": methods_text(report, language).strip().split("\n\n") if report["judgments"] else [],
    }


def report_html(context: dict[str, Any]) -> str:
    """The report as one file that needs nothing beside it."""
    styles = "\n".join(Path(found).read_text() for name in STYLES if (found := finders.find(name)))
    return render_to_string("evaluation/report_standalone.html", {**context, "css": styles, "downloads": []})


def page_language() -> str:
    """The active language if reports speak it, else English."""
    code = (get_language() or "en").partition("-")[0]
    return code if code in LANGUAGES else "en"


def page_plot(drawing: Drawing | None, name: str) -> str:
    """The drawing as inline SVG; empty where there is none.

    Args:
        drawing: of `evaluation.reporting.plots`.
        name: unique on the page.
    """
    return mark_safe(svg_page(drawing, f"plot-{name}")) if drawing else ""  # svg.py escapes every text


def _more_of_pairs(section: Section | None) -> dict[str, Any] | None:
    """The tables of pairs that the page has no template of its own for."""
    if section is None:
        return None
    tables = tuple(table for table in section.tables if table.name not in ("pairs", "mann_whitney"))
    return _section(replace(section, tables=tables))


def _section(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        "title": section.title,
        "paragraphs": section.paragraphs,
        "plot": page_plot(section.plot, section.key),
        "plot_name": f"plot-{section.key}-title",
        "tables": [_table(table, section) for table in section.tables],
    }


def _table(table: Table, section: Section) -> dict[str, Any]:
    return {
        "name": table.name,
        "caption": "" if table.caption == section.title else table.caption,
        "columns": table.columns,
        "rows": [list(zip(row, table.columns, strict=True)) for row in table.rows],
        "note": table.note,
        "long": len(table.rows) > 12,
    }
