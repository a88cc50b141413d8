"""Labels and gold as files: streamed, pseudonymous, the same bytes from the same state."""

import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db.models import Count, Max
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from annotation.export.difference import CHANGES, difference
from annotation.export.records import GOLD, VOTES
from annotation.export.writing import FORMATS, write
from annotation.models import Campaign, GoldVersion, LabelEvent
from annotation.selectors.gold import gold_records, state_of
from annotation.selectors.votes import vote_records
from playoff.common.errors import InvalidInputError

KINDS = ("labels", "gold")
REVISION = 1
"""Raised when the same state makes other bytes than before."""


@dataclass(frozen=True, slots=True)
class Export:
    """What is to be written.

    Attributes:
        kind: `labels` (one row per label) or `gold` (one per query of a version).
        format: `csv`, `jsonl` or `parquet`.
        version: of gold.
        at: the moment whose labels are wanted; None for now.
    """

    campaign: Campaign
    kind: str
    format: str
    version: GoldVersion | None = None
    at: datetime | None = None

    @property
    def media_type(self) -> str:
        return FORMATS[self.format].media_type

    @property
    def name(self) -> str:
        parts = [self.campaign.slug, self.version.name if self.version else "labels"]
        if self.at is not None:
            parts.append(self.at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ"))
        return get_valid_filename("-".join(parts) + FORMATS[self.format].suffix)

    @property
    def etag(self) -> str:
        """Quoted; another one whenever the bytes may differ. Two queries, whatever the number of labels."""
        if self.version is not None:
            state: Any = self.version.digest
        else:
            events = LabelEvent.objects.filter(campaign=self.campaign)
            if self.at is not None:
                events = events.filter(at__lte=self.at)
            state = [events.aggregate(last=Max("pk"), number=Count("pk")), self.campaign.taxonomy.digest]
        told = json.dumps([REVISION, self.campaign.slug, self.kind, self.format, str(self.at), state], default=str)
        return f'"{hashlib.sha256(told.encode()).hexdigest()}"'

    def chunks(self) -> Iterator[bytes]:
        """The file's bytes; memory holds one batch of rows."""
        if self.version is not None:
            found = write(gold_records(self.version), self.format, schema=GOLD)
        else:
            found = write(vote_records(self.campaign, at=self.at), self.format, schema=VOTES)
        return found


def export_of(
    campaign: Campaign, *, kind: str = "labels", format_: str = "csv", version: str = "", at: str = ""
) -> Export:
    """What an address or a command asks for.

    Args:
        version: the name of a gold version; needed for `gold`, and only for it.
        at: a date (its end, by the server's clock in UTC) or a time such as 2026-01-31T12:00:00Z; for `labels` only.

    Raises:
        InvalidInputError: Something asked for does not exist.
    """
    if kind not in KINDS:
        raise _unknown("kind", kind, KINDS)
    if format_ not in FORMATS:
        raise _unknown("format", format_, tuple(FORMATS))
    if kind == "gold":
        if at:
            raise InvalidInputError(_("A gold version never changes, so `at` is for labels only; leave it out."))
        return Export(campaign, kind, format_, version=ready_version(campaign, version))
    if version:
        raise InvalidInputError(_("`version` names a gold version; add `kind=gold`, or leave it out."))
    return Export(campaign, kind, format_, at=moment(at) if at else None)


def ready_version(campaign: Campaign, name: str) -> GoldVersion:
    """The finished gold version of a name.

    Raises:
        InvalidInputError: There is none.
    """
    versions = GoldVersion.objects.select_related("taxonomy", "campaign").filter(campaign=campaign)
    found = versions.filter(name=name).first() if name else None
    if found is None:
        names = [there.name for there in versions if state_of(there) == "ready"]
        raise (
            _unknown("version", name, names)
            if names
            else InvalidInputError(_("This campaign has no gold version yet; make one first."))
        )
    if state_of(found) != "ready":
        raise InvalidInputError(_("The version “%(name)s” is not ready yet; ask again later.") % {"name": name})
    return found


def moment(text: str) -> datetime:
    """The moment that a date or a time with its zone names; of a date, its last microsecond in UTC.

    Raises:
        InvalidInputError: It names none.
    """
    try:
        time = parse_datetime(text.replace(" ", "+")) if "T" in text else None
        day = parse_date(text) if time is None else None
    except ValueError:
        time = day = None
    if day is not None:
        return datetime(day.year, day.month, day.day, 23, 59, 59, 999_999, tzinfo=UTC)
    if time is None or time.tzinfo is None:
        raise InvalidInputError(
            _("`at` must be a date such as 2026-01-31, or a time with its zone such as 2026-01-31T12:00:00Z, "
              "got “%(text)s”.") % {"text": text}
        )  # fmt: skip
    return time


def change_chunks(old: GoldVersion, new: GoldVersion, format_: str) -> Iterator[bytes]:
    """What changed from one gold version to another, as a file."""
    if format_ not in FORMATS:
        raise _unknown("format", format_, tuple(FORMATS))
    return write(difference(gold_records(old), gold_records(new)), format_, schema=CHANGES)


def write_file(path: Path, chunks: Iterable[bytes]) -> str:
    """Stream a file into its place, whole or not at all; returns the sha256 of its bytes."""
    digest = hashlib.sha256()
    draft = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with draft.open("xb") as stream:
            for chunk in chunks:
                digest.update(chunk)
                stream.write(chunk)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return digest.hexdigest()


def _unknown(what: str, given: str, known: Iterable[str]) -> InvalidInputError:
    return InvalidInputError(
        _("`%(what)s` must be one of %(known)s, got “%(given)s”.")
        % {"what": what, "known": ", ".join(known), "given": given}
    )
