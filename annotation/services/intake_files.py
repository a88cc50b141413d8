"""Where the rows of an intake wait for the lead, and the secret under which their users are hashed.

One file per intake under HOME/intakes, readable by this account only. It holds texts and pseudonyms, never a user's
name, and is deleted once its rows are written or the lead said no.
"""

from pathlib import Path

from django.conf import settings
from django.utils.crypto import salted_hmac

from annotation.intake.store import discard
from annotation.models import Intake

FOLDER = "intakes"


def staging_path(intake: Intake) -> Path:
    """The file of an intake, whether it is there or not."""
    folder = Path(settings.HOME) / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{intake.public_id}.sqlite3"


def discard_rows(intake: Intake) -> None:
    """Delete the file of an intake."""
    discard(staging_path(intake))


def listener_secret() -> bytes:
    """The key under which users' ids are hashed, made from SECRET_KEY.

    The same user has the same pseudonym in every log for as long as SECRET_KEY stays; with another one nobody, the lead
    included, can tell whose earlier queries these were.
    """
    return salted_hmac("annotation.intake.listeners", "1", algorithm="sha256").digest()
