"""Questions with an answer, written by a lead as CSV: `text,language,category[,why]`. Core: no Django."""

import csv
import io
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

MOST_ROWS = 1_000
LONGEST_TEXT = 2_000
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")

Fault = Literal["csv", "cells", "text", "language", "category", "twice", "rows", "none"]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A query, its language, the right category and, if given, why it is right."""

    text: str
    language: str
    category: str
    why: str


@dataclass(frozen=True, slots=True)
class AnswerError:
    """What is wrong with a line, and with which value; line 0 is the whole."""

    line: int
    fault: Fault
    value: str


def read_answers(source: str, *, categories: Collection[str]) -> tuple[list[AnswerRow], list[AnswerError]]:
    """Read rows of three or four cells; a first line that starts with `text` is a header and is passed over.

    Returns:
        The rows, and everything that is wrong; rows are to be used only where nothing is.
    """
    rows: list[AnswerRow] = []
    errors: list[AnswerError] = []
    seen: set[tuple[str, str]] = set()
    reader = csv.reader(io.StringIO(source.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")), strict=True)
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if not any(cells) or (not rows and not errors and cells[0].lower() == "text"):
                continue
            fault = _fault(cells, categories, seen)
            if fault is not None:
                errors.append(AnswerError(reader.line_num, *fault))
                continue
            text, language, category, *why = cells
            seen.add((text, language))
            rows.append(AnswerRow(text, language, category, why[0] if why else ""))
    except csv.Error:
        errors.append(AnswerError(reader.line_num, "csv", ""))
    if not rows and not errors:
        errors.append(AnswerError(0, "none", ""))
    if len(rows) > MOST_ROWS:
        errors.append(AnswerError(0, "rows", str(len(rows))))
    return rows, errors


def _fault(cells: list[str], categories: Collection[str], seen: set[tuple[str, str]]) -> tuple[Fault, str] | None:
    if len(cells) not in (3, 4):
        return "cells", str(len(cells))
    text, language, category = cells[:3]
    if not text or len(text) > LONGEST_TEXT or "\x00" in "".join(cells):
        return "text", text[:40]
    if not LANGUAGE.fullmatch(language):
        return "language", language
    if category not in categories:
        return "category", category
    if (text, language) in seen:
        return "twice", text[:40]
    return None
