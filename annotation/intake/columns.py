"""Which column of a file holds what: stated by the lead, or found by its usual names."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from annotation.intake.errors import IntakeError

ALIASES = {
    "text": ("text", "query", "q", "query_text", "search", "request", "prompt", "запрос", "текст", "data"),
    "user": (
        "user",
        "user_id",
        "uid",
        "userid",
        "listener",
        "listener_id",
        "пользователь",
        "client_id",
        "session",
        "session_id",
    ),
    "language": ("language", "lang", "locale", "язык"),
    "id": ("id", "query_id", "external_id"),
    "label": ("label", "labels", "category", "choice", "sentiment", "категория"),
    "annotator": ("annotator", "completed_by", "annotator_id", "labeller"),
    "seconds": ("seconds", "lead_time"),
    "answer": ("answer", "gold"),
}
"""Names that are taken for each field, compared without case; the first that is there wins."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of columns (or of keys, in JSON); None where the usual names are to be tried.

    Attributes:
        user: whose query it is; hashed before anything is stored.
        label: the category somebody chose, `annotator` who did, `seconds` how long it took.
        answer: the category that is known to be right.
        default_annotator: who gave the labels of a file that does not say.
        default_language: of texts whose language the file does not say; None leaves it to a guess from the script.
    """

    text: str | None = None
    user: str | None = None
    language: str | None = None
    id: str | None = None
    label: str | None = None
    annotator: str | None = None
    seconds: str | None = None
    answer: str | None = None
    default_annotator: str = "imported"
    default_language: str | None = None

    def found_in(self, names: Sequence[str]) -> "Columns":
        """Fill in what is not stated from the names that a row has."""
        folded = {name.strip().casefold(): name for name in reversed(names)}
        found: dict[str, Any] = {
            field: getattr(self, field) or next((folded[alias] for alias in aliases if alias in folded), None)
            for field, aliases in ALIASES.items()
        }
        return replace(self, **found)

    def known_in(self, names: Sequence[str]) -> int:
        """How many of the names hold a field."""
        found = self.found_in(names)
        return sum(getattr(found, field) in names for field in ALIASES)

    def check_against(self, names: Sequence[str]) -> None:
        """Refuse names that a table does not have, or has twice.

        Raises:
            IntakeError: A stated column is missing, one that is used stands twice, or there is no text.
        """
        shown = ", ".join(_shown(number, name) for number, name in enumerate(names[:20], start=1))
        for field in ALIASES:
            name = getattr(self, field)
            if name is not None and name not in names:
                raise IntakeError(
                    f"There is no column {name[:40]!r} for the {field}; the file has {shown}: name one of them."
                )
            if name is not None and names.count(name) > 1:
                raise IntakeError(f"The column {name[:40]!r} stands {names.count(name)} times; rename all but one.")
        if self.text is None:
            raise IntakeError(f"No column is named text or query; the file has {shown}: say which one holds the text.")


def _shown(number: int, name: str) -> str:
    """The name, unless it may be a value: a file without a header has a user's id here."""
    is_name = 0 < len(name) <= 30 and all(letter.isalpha() or letter in "_ -" for letter in name)
    return repr(name) if is_name else f"column {number}"
