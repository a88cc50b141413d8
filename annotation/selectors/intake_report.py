"""The report on a file, in the reader's words."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from annotation.models import Campaign

LINES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """One row that is not taken: its line, what is wrong in the reader's language, and the details as they were found.

    Attributes:
        detail: in English, what was found and where; empty where the sentence says it all.
    """

    line: int
    sentence: str
    detail: str


def fault_words(kind: str) -> str:
    """What is wrong with a row, and how to mend it."""
    return {
        "text-missing": _("There is no text; add one."),
        "text-empty": _("The text is empty; write at least one character."),
        "text-type": _("The text is not a string; put it in quotes."),
        "text-long": _("The text is longer than 2,000 characters; shorten it."),
        "control-character": _("The text holds a control character; remove it."),
        "language": _("The language is not a code such as ru or en-GB; correct it."),
        "user-type": _("The user is neither a string nor a number; write one of them."),
        "unknown-category": _("The category is not one of this campaign’s; correct it, or leave the labels out."),
        "several-categories": _("Several categories stand where one belongs; keep one."),
        "seconds": _("The time is not a number of seconds; write 0 or more."),
        "not-json": _("The line is not JSON as it is expected here; correct it."),
        "not-utf-8": _("The line is not UTF-8; save the file as UTF-8 or choose its encoding."),
        "long-line": _("The line is too long to be a query; split or shorten it."),
        "cells": _("The line has another number of cells than the header; quote texts with commas in them."),
        "quote": _("A quotation mark is not closed or not doubled; mend it."),
        "line-end": _("The line holds a bare carriage return; end lines with a line feed."),
    }.get(kind, _("The row cannot be read."))


_SAY_IT_ALL = frozenset({"text-missing", "text-empty", "text-type", "user-type", "several-categories", "line-end"})
_SAY_IT_WITH_THE_VALUE = frozenset({"language", "unknown-category", "seconds"})


def dropped_words(reason: str) -> str:
    """Why a row without a fault is not kept."""
    return {
        "id-twice": _("the id stands twice, with another text"),
        "repeat": _("the same query of the same user again"),
        "user-cap": _("beyond the most queries of one user"),
        "exact-duplicate": _("the same text by somebody else"),
        "near-duplicate": _("nearly the same text"),
    }.get(reason, reason)


def report_words(campaign: Campaign, report: dict[str, Any], language: str) -> dict[str, Any]:
    """A stored report as its page shows it; empty where there is none."""
    if not report:
        return {}
    titles = {one.slug: one.title(language) for one in campaign.taxonomy.taxonomy.categories}
    longest = max((rows for _end, rows in report["lengths"]), default=0)
    return report | {
        "faulty": sum(report["problem_kinds"].values()),
        "fault_kinds": [(fault_words(kind), rows) for kind, rows in report["problem_kinds"].items()],
        "faults": [
            Fault(one["line"], fault_words(one["kind"]), _detail(one["kind"], one["sentence"]))
            for one in report["problems"]
        ],
        "dropped_kinds": [(dropped_words(reason), rows) for reason, rows in report["dropped"].items()],
        "dropped_rows": sum(report["dropped"].values()),
        "language_rows": list(report["languages"].items())[:LINES_SHOWN],
        "length_bars": [
            {"end": end, "rows": rows, "width": round(100 * rows / longest, 2) if longest else 0}
            for end, rows in report["lengths"]
        ],
        "label_rows": sum(report["categories"].values()),
        "category_rows": [(titles.get(slug, slug), rows) for slug, rows in report["categories"].items()],
    }


def _detail(kind: str, sentence: str) -> str:
    """What was found, without the advice behind the last semicolon, which is in the reader's language already."""
    found = sentence.rpartition(";")[0]
    says_nothing_new = kind in _SAY_IT_ALL or (kind in _SAY_IT_WITH_THE_VALUE and '"' not in found)
    return "" if says_nothing_new else found
