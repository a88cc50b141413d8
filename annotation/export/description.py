"""What a data set's records do not tell by themselves, for its card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from annotation.export.errors import ExportError


class AgreementFigure(Protocol):
    """A measure of agreement with its interval; `value` is None where it is undefined, and `reason` says why."""

    @property
    def value(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def n_items(self) -> int: ...
    @property
    def n_votes(self) -> int: ...
    @property
    def reason(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Description:
    """What the records themselves do not tell.

    Attributes:
        title: the data set's name for people.
        version: the name of this version of the gold labels.
        state_at: the moment whose labels these are, as `records.utc_seconds` writes it.
        licence: an identifier such as `cc-by-4.0`, or `unknown`.
        taxonomy: its JSON document: `slug`, `version`, `categories` with `slug` and `title`.
        made: how it was made, paragraphs in Markdown: where the queries come from, who labelled, how labels became one.
        limits: what to mind, one sentence each.
        agreement: figures by the name they are shown under.
    """

    title: str
    version: str
    state_at: str
    licence: str
    taxonomy: Mapping[str, Any]
    made: Sequence[str] = ()
    limits: Sequence[str] = ()
    agreement: Mapping[str, AgreementFigure] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("title", "version", "state_at", "licence"):
            if not getattr(self, name).strip():
                raise ExportError(f"The data set's `{name}` is empty; give it one (a licence may be `unknown`).")
