"""A report as sections, in the order of reading; what a report lacks has no section."""

from typing import Any

from evaluation.reporting.fit import fit_section
from evaluation.reporting.groups import group_section
from evaluation.reporting.participants import participants_section
from evaluation.reporting.results import matrix_section, over_time_section, pairs_section, ratings_section
from evaluation.reporting.service import failures_section, position_section, trials_section, waiting_section
from evaluation.reporting.tables import Section


def report_sections(report: dict[str, Any], language: str = "en") -> tuple[Section, ...]:
    """The sections of a report.

    Args:
        report: the JSON of `analyze`, with or without the parts that a study adds; keys may be missing.
        language: `en` or `ru`.
    """
    found = (
        ratings_section(report, language),
        pairs_section(report, language),
        matrix_section(report, language),
        fit_section(report, language),
        over_time_section(report, language),
        group_section(report, "kinds", language),
        group_section(report, "language", language),
        group_section(report, "tenure", language),
        position_section(report, language),
        participants_section(report, language),
        waiting_section(report, language),
        failures_section(report, language),
        trials_section(report, language),
    )
    return tuple(section for section in found if section is not None)
