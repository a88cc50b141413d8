"""The rules for one query, and the words for each way to break them."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from annotation.intake.duplicates import family
from annotation.intake.fields import RawLabel, RawRow
from annotation.intake.languages import guess_language, language_code
from annotation.intake.pseudonyms import Pseudonyms

TEXT_LIMIT, NAME_LIMIT = 2_000, 200
"""Characters of a query, and of an id or an annotator's name."""
_NOBODY = frozenset({"", "-", "\\n", "none", "null", "nan", "undefined"})
# tabulators and line ends may stand in a query; other control characters and half surrogate pairs are damage
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_SHOWN = 40


class Label(NamedTuple):
    """One annotator's choice; `seconds` it took, None where the file does not say."""

    annotator: str
    category: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """A query that may be kept.

    Attributes:
        number: of the row in the file, from 1, blank lines and the header not counted.
        line: on which it starts.
        user: pseudonym of who typed it, 32 hexadecimal digits; None where the log does not say.
        answer: the category known to be right.
        guessed: the language was guessed from the script.
    """

    number: int
    line: int
    id: str
    text: str
    language: str
    user: str | None = None
    labels: tuple[Label, ...] = ()
    answer: str | None = None
    guessed: bool = False

    @property
    def family(self) -> str:
        """16 hexadecimal digits that near-duplicates share."""
        return family(self.text)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is not taken. `sentence` says what to mend and never holds a text or a user's name."""

    number: int
    line: int
    field: str
    kind: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What rows of one file are checked against.

    Attributes:
        categories: names that a label may have in the file, folded by `fold`, and the slug of each; None leaves the
            labels and answers of the file unread.
        default_language: of a text whose language the file does not say; None leaves it to a guess.
        by_line: a query without an id is named after its line, else after its row.
        quoting: a problem may quote a language or a category. Not where a comma in a text that nobody quoted can push
            a user's name into the next column.
    """

    pseudonyms: Pseudonyms
    categories: Mapping[str, str] | None
    default_annotator: str
    default_language: str | None = None
    by_line: bool = True
    quoting: bool = False


class _Wrong(Exception):  # noqa: N818 — it never leaves this module
    """(field, kind, sentence)"""


def fold(name: str) -> str:
    """Category names are compared without case and outer blanks."""
    return name.strip().casefold()


def check_row(number: int, line: int, raw: RawRow, rules: Rules) -> Row | Problem:
    """Return the query, or the first thing that is wrong with it."""
    try:
        text = _text(raw.text)
        language = _language(raw.language, rules) or rules.default_language
        return Row(
            number=number,
            line=line,
            id=_name("id", raw.id) or (f"line-{line}" if rules.by_line else f"row-{number}"),
            text=text,
            language=language or guess_language(text),
            user=_user(raw.user, rules),
            labels=_labels(raw, rules) if raw.labels else (),
            answer=_category("answer", raw.answer, rules) if raw.answer else None,
            guessed=language is None,
        )
    except _Wrong as wrong:
        return Problem(number, line, *wrong.args)


def _text(value: object) -> str:
    if value is None:
        raise _Wrong("text", "text-missing", "there is no text; add one")
    if not isinstance(value, str):
        raise _Wrong("text", "text-type", "the text is not a string; put it in quotes")
    text = value.strip()
    if not text.strip(_INVISIBLE):
        raise _Wrong("text", "text-empty", "the text is empty; write at least one character")
    if len(text) > TEXT_LIMIT:
        raise _Wrong("text", "text-long", f"the text has {len(text)} characters; shorten it to {TEXT_LIMIT}")
    if found := _CONTROL.search(text):
        place = f"character {found.start() + 1} is U+{ord(found.group()):04X}"
        raise _Wrong("text", "control-character", f"{place}, which no text holds; remove it")
    return text


def _language(value: object, rules: Rules) -> str | None:
    if value is None or value == "":
        return None
    code = language_code(value) if isinstance(value, str) else None
    if code is None:
        raise _Wrong(
            "language", "language", f"{_shown('language', value, rules)} is not a code such as ru or en-GB; correct it"
        )
    return code


def _user(value: object, rules: Rules) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _Wrong("user", "user-type", "the user is neither a string nor a number; write one of them")
    name = str(value).strip()
    return None if name.casefold() in _NOBODY else rules.pseudonyms.user(name)


def _name(field: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _Wrong(field, f"{field}-type", f"the {field} is neither a string nor a whole number; write one of them")
    name = str(value).strip()
    if len(name) > NAME_LIMIT:
        raise _Wrong(field, f"{field}-long", f"the {field} has {len(name)} characters; shorten it to {NAME_LIMIT}")
    if _CONTROL.search(name):
        raise _Wrong(field, f"{field}-control", f"the {field} holds a control character; remove it")
    return name


def _labels(raw: RawRow, rules: Rules) -> tuple[Label, ...]:
    """One label per annotator: the last one counts, as it does in `Votes`."""
    if rules.categories is None:
        return ()
    labels: dict[str, Label] = {}
    for one in raw.labels:
        category = _category("label", one.category, rules)
        if category is not None:
            annotator = rules.pseudonyms.annotator(_name("annotator", one.annotator) or rules.default_annotator)
            labels[annotator] = Label(annotator, category, _seconds(one, rules))
    return tuple(labels.values())


def _category(field: str, value: object, rules: Rules) -> str | None:
    if rules.categories is None:
        return None
    several = value if isinstance(value, list) else [value]
    if len(several) == 1 and isinstance(several[0], str):
        if not several[0].strip():
            return None
        if (slug := rules.categories.get(fold(several[0]))) is not None:
            return slug
        several = _joined(several[0], rules.categories)
    if len(several) > 1:
        raise _Wrong(field, "several-categories", "several categories stand where one belongs; keep one")
    if not several or several[0] is None:
        return None
    known = ", ".join(dict.fromkeys(rules.categories.values()))
    raise _Wrong(field, "unknown-category", f"{_shown('category', several[0], rules)} is not known; use one of {known}")


def _joined(name: str, categories: Mapping[str, str]) -> list[str]:
    """The categories in one cell: doccano joins several with a hash sign, Label Studio writes them as JSON."""
    parts = name.split("#")
    if all(fold(part) in categories for part in parts):
        return parts
    return ["", ""] if name.startswith('{"choices"') else [name]


def _seconds(label: RawLabel, rules: Rules) -> float | None:
    value = label.seconds
    if value is None or value == "":
        return None
    try:
        seconds = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise _Wrong(
            "seconds", "seconds", f"{_shown('time', value, rules)} is not a number of seconds; write 0 or more"
        )
    return seconds


def _shown(what: str, value: object, rules: Rules) -> str:
    """The value as JSON behind its name, on one line and short enough for a message, or the name alone."""
    if not rules.quoting:
        return f"the {what}"
    text = json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace").decode()
    return f"the {what} {text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}"
