"""A what-if in an address: what its query string asks for, and how it is written, so that it can be shared."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import get_args
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from evaluation.models import Study
from evaluation.stats.likelihoods import ModelName
from evaluation.stats.tables import JudgmentTable
from evaluation.stats.what_if import Selection
from playoff.common.errors import InvalidInputError

MODELS: tuple[ModelName, ...] = get_args(ModelName)
LEAST_K, MOST_K = 0.1, 400.0  # as in a study's own setting
NO_LABEL = "-"  # stands for an empty category or language
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


@dataclass(frozen=True)
class WhatIf:
    """What is asked: everything as in the study, unless named.

    Attributes:
        participants: numbers left out, from 1.
        systems: names left out; so `categories` and `languages`, where the empty one stands for none.
        least: judgments that a participant must have.
        elo_k: None for the study's own.
        since: first day that counts.
        until: last day that counts.
    """

    participants: tuple[int, ...] = ()
    systems: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    least: int = 1
    elo_k: float | None = None
    model: ModelName = "davidson"
    since: date | None = None
    until: date | None = None

    def selection(self, zone: tzinfo) -> Selection:
        """The judgments that stay; days are of the given time zone."""
        return Selection(
            without_participants=frozenset(number - 1 for number in self.participants),
            without_systems=frozenset(self.systems),
            without_categories=frozenset(self.categories),
            without_languages=frozenset(self.languages),
            least=self.least,
            since=None if self.since is None else _microseconds(self.since, zone),
            until=None if self.until is None else _microseconds(self.until + timedelta(days=1), zone),
        )

    def query_string(self) -> str:
        """The shortest one that asks for the same."""
        pairs: list[tuple[str, str]] = [("participant", str(number)) for number in self.participants]
        pairs += [("system", name) for name in self.systems]
        pairs += [("category", name or NO_LABEL) for name in self.categories]
        pairs += [("language", name or NO_LABEL) for name in self.languages]
        if self.least > 1:
            pairs.append(("least", str(self.least)))
        if self.elo_k is not None:
            pairs.append(("k", f"{self.elo_k:g}"))
        if self.model != MODELS[0]:
            pairs.append(("model", self.model))
        pairs += [(name, day.isoformat()) for name, day in (("since", self.since), ("until", self.until)) if day]
        return urlencode(pairs)


def _microseconds(day: date, zone: tzinfo) -> int:
    return (datetime.combine(day, time(), tzinfo=zone) - _EPOCH) // _MICROSECOND


def read_what_if(query: QueryDict, *, study: Study, table: JudgmentTable) -> WhatIf:
    """What the query string asks for; empty fields ask for nothing.

    Raises:
        InvalidInputError: A value that the study does not have, or that is out of bounds.
    """
    asked = WhatIf(
        participants=tuple(
            sorted({_participant(text, len(table.participants)) for text in _several(query, "participant")})
        ),
        systems=_known(_given(query, "system"), table.systems, _("There is no system {!r} in this study; it has {}.")),
        categories=_labels(query, "category", table, _("No judged query has the category {!r}; there are {}.")),
        languages=_labels(query, "language", table, _("No judged query has the language {!r}; there are {}.")),
        least=_whole(query, "least"),
        elo_k=_k(query, study.elo_k),
        model=_model(query),
        since=_day(query, "since"),
        until=_day(query, "until"),
    )
    if asked.since and asked.until and asked.since > asked.until:
        raise InvalidInputError(
            _("The first day {} is after the last day {}; swap them.").format(asked.since, asked.until)
        )
    return asked


def _given(query: QueryDict, name: str) -> list[str]:
    return [text.strip() for text in query.getlist(name) if text.strip()]


def _several(query: QueryDict, name: str) -> list[str]:
    """The values, of which one field may have several with commas or spaces between them."""
    return " ".join(query.getlist(name)).replace(",", " ").split()


def _participant(text: str, people: int) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if not 1 <= number <= people:
        raise InvalidInputError(
            _("There is no participant {!r} in this study; they are numbered from 1 to {}.").format(text, people)
        )
    return number


def _known(given: Iterable[str], known: Iterable[str], refusal: str) -> tuple[str, ...]:
    names = list(known)
    for name in given:
        if name not in names:
            raise InvalidInputError(refusal.format(name, ", ".join(each or NO_LABEL for each in names) or NO_LABEL))
    wanted = set(given)
    return tuple(name for name in names if name in wanted)


def _labels(query: QueryDict, label: str, table: JudgmentTable, refusal: str) -> tuple[str, ...]:
    given = ["" if name == NO_LABEL else name for name in _given(query, label)]
    return _known(given, table.labels[label].names, refusal)


def _whole(query: QueryDict, name: str) -> int:
    given = _given(query, name)
    if not given:
        return 1
    text = given[-1]
    if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 6 and int(text) >= 1):
        raise InvalidInputError(
            _("The fewest judgments of a participant must be a whole number from 1 to 999999, got {!r}.").format(text)
        )
    return int(text)


def _k(query: QueryDict, own: float) -> float | None:
    given = _given(query, "k")
    if not given:
        return None
    try:
        k = float(given[-1].replace(",", "."))
    except ValueError:
        k = float("nan")
    if not LEAST_K <= k <= MOST_K:
        raise InvalidInputError(
            _("K must be a number between {:g} and {:g}, got {!r}.").format(LEAST_K, MOST_K, given[-1])
        )
    return None if k == own else k


def _model(query: QueryDict) -> ModelName:
    given = _given(query, "model")
    if not given:
        return MODELS[0]
    found = next((name for name in MODELS if name == given[-1]), None)
    if found is None:
        raise InvalidInputError(
            _("The model of ties must be one of {}, got {!r}.").format(", ".join(MODELS), given[-1])
        )
    return found


def _day(query: QueryDict, name: str) -> date | None:
    given = _given(query, name)
    if not given:
        return None
    try:
        day = date.fromisoformat(given[-1])
    except ValueError:
        day = None
    if day is None or not 1971 <= day.year <= 2200:
        raise InvalidInputError(_("A day is written like 2026-01-31, got {!r}.").format(given[-1]))
    return day
