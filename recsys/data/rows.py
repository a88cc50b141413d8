"""One row of a data set file, read field by field; every refusal names file, line, field and mend."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn
from urllib.parse import urlsplit

from recsys.core.errors import DatasetError

ID_LIMIT = 200
TAG_LIMIT = 100
TEXT_LIMIT = 2_000
LYRICS_LIMIT = 200_000
LIST_LIMIT = 10_000
_SHOWN = 60


def shown(value: object) -> str:
    """The value as JSON, on one line and short enough for a message."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    # a lone half of a surrogate pair cannot be printed, so it is shown as the escape it was written as
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def check_text(text: str) -> str | None:
    """Why the text cannot be kept by a database or printed, or None."""
    if "\x00" in text:
        return "holds a NUL character"
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return "holds half of a surrogate pair"
    return None


class Row:
    """The fields of one row. A field that is absent or null is missing; keys not asked for are extensions."""

    __slots__ = ("place", "values")

    def __init__(self, place: str, values: Mapping[str, Any]) -> None:
        self.place = place
        self.values = values

    def refuse(self, field: str, problem: str, mend: str) -> NoReturn:
        raise DatasetError(f"{self.place}, field {field}: {problem}; {mend}.")

    def has(self, field: str) -> bool:
        return self.values.get(field) is not None

    def text(self, field: str, *, required: bool = False, limit: int = TEXT_LIMIT) -> str:
        """A string; a required one must hold more than blanks."""
        value = self.values.get(field)
        if value is None:
            if required:
                self.refuse(field, "it is missing", "add a string")
            return ""
        self._check_string(field, value, limit)
        if required and not value.strip():
            self.refuse(field, "it is empty", "write at least one character")
        return str(value)

    def id(self, field: str = "id") -> str:
        value = self.text(field, required=True, limit=ID_LIMIT)
        if value != value.strip():
            self.refuse(field, f"{shown(value)} begins or ends with a blank", "remove it")
        return value

    def texts(
        self, field: str, *, required: bool = False, at_least: int = 0, limit: int = TEXT_LIMIT
    ) -> tuple[str, ...]:
        """A list of strings, each of more than blanks."""
        value = self.values.get(field)
        if value is None:
            if required:
                self.refuse(
                    field, "it is missing", "add a list of strings" + ("" if at_least else ", empty if need be")
                )
            return ()
        items = self._list(field, value)
        if len(items) < at_least:
            self.refuse(field, "the list is empty", f"name at least {at_least}")
        for item in items:
            self._check_string(field, item, limit)
            if not item.strip():
                self.refuse(field, "one of its strings is empty", "remove it")
        return tuple(items)

    def ids(self, field: str, known: Mapping[str, int]) -> tuple[str, ...]:
        """A non-empty list of known track ids; one that stands twice counts once."""
        items = self.texts(field, required=True, at_least=1, limit=ID_LIMIT)
        for item in items:
            if item not in known:
                self.refuse(field, f"no track has the id {shown(item)}", "correct it or add the track")
        return tuple(dict.fromkeys(items))

    def rows(self, field: str) -> list["Row"]:
        """A list of objects; a missing one is empty."""
        value = self.values.get(field)
        items = [] if value is None else self._list(field, value)
        for item in items:
            if not isinstance(item, Mapping):
                self.refuse(field, f"{shown(item)} is not an object", "write a list of objects")
        return [Row(f"{self.place}, field {field}", item) for item in items]

    def integer(self, field: str, low: int, high: int) -> int | None:
        value = self.values.get(field)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.refuse(field, f"{shown(value)} is not an integer", f"write an integer from {low} to {high}")
        self._check_range(field, value, low, high)
        return value

    def number(self, field: str, low: float, high: float) -> float | None:
        value = self.values.get(field)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.refuse(field, f"{shown(value)} is not a number", f"write a number from {low:g} to {high:g}")
        self._check_range(field, value, low, high)
        return float(value)

    def choice(self, field: str, allowed: Sequence[str]) -> str:
        value = self.values.get(field)
        if value is None or value == "":
            return ""
        if value not in allowed:
            self.refuse(field, f"{shown(value)} is not known", f"use one of {', '.join(allowed)}")
        return str(value)

    def url(self, field: str) -> str:
        """An absolute http or https address: the only kind a page may put into a player."""
        value = self.text(field)
        if not value:
            return ""
        try:
            parts = urlsplit(value)
            good = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            good = False
        if not good or any(c.isspace() or not c.isprintable() or c in "\"'<>\\" for c in value):
            self.refuse(field, f"{shown(value)} is not an http or https address", "correct it or leave it out")
        return value

    def _check_string(self, field: str, value: object, limit: int) -> None:
        if not isinstance(value, str):
            self.refuse(field, f"{shown(value)} is not a string", "put it in quotes")
        if len(value) > limit:
            self.refuse(field, f"it has {len(value)} characters", f"shorten it to {limit}")
        problem = check_text(value)
        if problem:
            self.refuse(field, f"{shown(value)} {problem}", "remove it")

    def _list(self, field: str, value: object) -> list[Any]:
        if not isinstance(value, list):
            self.refuse(field, f"{shown(value)} is not a list", "put it in square brackets")
        if len(value) > LIST_LIMIT:
            self.refuse(field, f"it holds {len(value)} items", f"keep at most {LIST_LIMIT}")
        return value

    def _check_range(self, field: str, value: float, low: float, high: float) -> None:
        if not (math.isfinite(value) and low <= value <= high):
            self.refuse(field, f"{shown(value)} is not between {low:g} and {high:g}", "correct it or leave it out")
