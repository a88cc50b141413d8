"""What the statistics core says in English, in the reader's language: the template of a code, its values their way."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext

from evaluation.stats.caution_texts import TEXTS, listed
from playoff.common.templatetags.playoff_format import decimal, p_value, percent


def in_words(remark: Mapping[str, Any]) -> str:
    """A caution or a note, as JSON, as a sentence; one of a code that is not known stays English."""
    template = TEXTS.get(remark["code"])
    if template is None:
        return str(remark["text"])
    values = {name: _written(name, value) for name, value in remark["values"].items()}
    return gettext(template) % values


def words_about(notes: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The notes in words, by what they are about."""
    found: dict[str, list[str]] = {}
    for note in notes:
        found.setdefault(note["about"], []).append(in_words(note))
    return found


def _written(name: str, value: Any) -> str:
    if name in ("share", "alarms"):
        return percent(value, 0)
    if name == "p":
        return p_value(value)
    if name == "spread":
        return decimal(value, 1)
    if name == "layers":
        return " > ".join("{" + listed("", layer) + "}" for layer in value)
    return listed(name, value)
