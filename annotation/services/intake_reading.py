"""A log is read once, into a file without names, and its rows are chosen; nothing is written to the database's queries.

Both doors, the page and the command, come through here.
"""

import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _

from annotation.intake.columns import Columns
from annotation.intake.errors import IntakeError
from annotation.intake.reading import StagingState
from annotation.intake.staging import Staging
from annotation.models import Campaign, Intake
from annotation.services.intake_files import discard_rows, listener_secret, staging_path
from annotation.taxonomy import Taxonomy
from playoff.accounts.models import User
from playoff.common.errors import InvalidInputError
from playoff.common.turns import writing_turn

logger = logging.getLogger(__name__)
NAME_LIMIT = 150
_CHUNK = 1 << 20

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class IntakeOptions:
    """How a file is read and which of its rows are kept.

    Attributes:
        per_user: queries kept of one user, drawn by the seed; None keeps all.
        drop_near: keep one of the texts that differ in case, ё, blanks or punctuation only.
        seed: of the draw; None is the campaign's.
        labels: take the labels that came with the file.
        gold: make a gold question of each query whose right category the file knows.
    """

    per_user: int | None = 2
    drop_near: bool = False
    seed: int | None = None
    labels: bool = True
    gold: bool = False
    encoding: str = "utf-8"
    columns: Columns = field(default_factory=Columns)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a page takes on; a command has no bounds. `seconds` are for reading."""

    rows: int
    seconds: float


def begin_intake(
    *, campaign: Campaign, by: User | None, name: str, size: int, options: IntakeOptions, door: str
) -> Intake:
    """Make the line of a file that is about to be read; `door` is `page` or `command`."""
    shown = "".join(letter for letter in name if letter.isprintable()).strip()[-NAME_LIMIT:]
    return Intake.objects.create(
        campaign=campaign,
        name=shown or "file",
        size=size,
        created_by=by,
        options={**asdict(options), "seed": options.seed if options.seed is not None else campaign.seed, "door": door},
    )


def read_intake(
    *, intake: Intake, stream: BinaryIO, progress: Progress | None = None, bounds: Bounds | None = None
) -> Intake:
    """Read the file, or go on reading it, and choose its rows. Afterwards the intake waits for the lead.

    Raises:
        InvalidInputError: The file cannot be used or is out of bounds; the intake is gone, as if it had never been.
    """
    try:
        report = _staged(intake, stream, progress, bounds)
    except IntakeError as error:
        forget(intake)
        raise InvalidInputError(str(error)) from error
    except InvalidInputError:
        forget(intake)
        raise
    intake.options["version"] = _content_version(stream, intake.options)
    intake.read, intake.kept, intake.report = report["rows"], report["kept"], report
    intake.state = Intake.State.CHECKED
    with writing_turn():
        intake.save()
    logger.info("intake.checked campaign=%s rows=%s kept=%s", intake.campaign_id, intake.read, intake.kept)
    return intake


def forget(intake: Intake) -> None:
    """Undo a reading that came to nothing."""
    with writing_turn():
        intake.delete()
    discard_rows(intake)


def known_categories(taxonomy: Taxonomy) -> dict[str, str]:
    """The slug of every name a label may have in a file: the titles in all languages, and the slug itself."""
    titles = {
        title: category.slug for category in reversed(taxonomy.categories) for _, title in category.titles.entries
    }
    return titles | {slug: slug for slug in taxonomy.slugs}


def _staged(intake: Intake, stream: BinaryIO, progress: Progress | None, bounds: Bounds | None) -> dict[str, Any]:
    options = intake.options
    labels = options["labels"] or options["gold"]
    with Staging(staging_path(intake)) as staging:
        state = staging.stage(
            stream,
            secret=listener_secret(),
            seed=options["seed"],
            known_categories=known_categories(intake.campaign.taxonomy.taxonomy) if labels else None,
            columns=Columns(**options["columns"]),
            encoding=options["encoding"],
            progress=_watched(intake, progress, bounds),
            limit_seconds=None if bounds is None else bounds.seconds,
        )
        if not state.finished:
            raise _too_much()
        staging.decide(
            per_user=options["per_user"],
            drop_near=options["drop_near"],
            progress=None if progress is None else lambda step: progress("choosing rows", step.steps, step.steps_total),
        )
        return staging.report().as_json()


def _watched(intake: Intake, progress: Progress | None, bounds: Bounds | None) -> Callable[[StagingState], None]:
    def watch(state: StagingState) -> None:
        if bounds is not None and state.rows > bounds.rows:
            raise _too_much()
        if progress is not None:
            with writing_turn():  # whoever cleans up sees that somebody is at it
                Intake.objects.filter(pk=intake.pk).update(read=state.rows, moved_at=timezone.now())
            progress("reading", state.bytes_read, state.bytes_total)

    return watch


def _too_much() -> InvalidInputError:
    return InvalidInputError(
        _(
            "This file is too large for the page; let the one who runs the server import it: "
            "python manage.py import_queries CAMPAIGN FILE."
        )
    )


def _content_version(stream: BinaryIO, options: dict[str, Any]) -> str:
    """The version under which the file's queries are kept: the same bytes read in the same way give the same one."""
    read_as = {name: options[name] for name in ("columns", "encoding")}
    digest = hashlib.sha256(json.dumps(read_as, sort_keys=True).encode())
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()[:16]
