"""Participants come in with consent, and prove later that they are who came in."""

import hashlib
import logging
import secrets

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from evaluation.errors import ConsentMissingError, ParticipantTokenError, StudyNotOpenError
from evaluation.models import Participant, Study
from evaluation.selectors.listeners import listener_choices
from evaluation.services.wake import call_warming
from playoff.common.errors import InvalidInputError

logger = logging.getLogger(__name__)
_SALT = "evaluation.participant"


@transaction.atomic
def enrol(*, study: Study, platform_id: str, language: str, consent: bool, listener: str = "") -> Participant:
    """Enrol the owner of a platform identifier, who agreed to the study's consent text in `language`.

    The same identifier again is the same participant, so a reload takes no second place. `listener` is whose taste the
    systems are told, where that is not the participant's own.
    """
    study = Study.objects.get(pk=study.pk)  # as it is now, not as the caller once saw it
    if study.status != Study.Status.OPEN:
        raise StudyNotOpenError(_("This study is not open."))
    if not consent:
        raise ConsentMissingError(_("Without your consent the study cannot begin."))
    platform_id = platform_id.strip()
    if not 1 <= len(platform_id) <= 200 or not platform_id.isprintable():
        raise InvalidInputError(_("The platform identifier must have between 1 and 200 visible characters."))
    participant, created = Participant.objects.get_or_create(
        study=study,
        platform_id=platform_id,
        defaults={
            "listener": listener or platform_id,
            "language": language,
            "consent_sha256": consent_sha256(study, language),
        },
    )
    if settings.WARM_ON_ENROL:
        call_warming(study)
    logger.info("participant.enrolled study=%s participant=%s new=%s", study.slug, participant.public_id, created)
    return participant


def enrol_guest(*, study: Study, listener: str, language: str, consent: bool) -> Participant:
    """Enrol somebody who borrows a sample listener's taste: a participant of their own, whoever else borrows it."""
    if listener not in {choice.id for choice in listener_choices(study)}:
        raise InvalidInputError(_("This listener cannot be borrowed here; choose one of those on the page."))
    guest = f"guest-{secrets.token_hex(8)}"
    return enrol(study=study, platform_id=guest, language=language, consent=consent, listener=listener)


def consent_text(study: Study, language: str) -> str:
    """What a participant reads and agrees to, in their language where the study has it."""
    return study.consent_ru if language == "ru" and study.consent_ru else study.consent


def consent_sha256(study: Study, language: str) -> str:
    return hashlib.sha256(consent_text(study, language).encode()).hexdigest()


def participant_token(participant: Participant) -> str:
    """A signed proof (HMAC-SHA256) that its bearer is the participant; good for PARTICIPANT_TOKEN_DAYS."""
    return signing.dumps(participant.public_id.hex, salt=_SALT)


def participant_of_token(token: str) -> Participant:
    try:
        public_id = signing.loads(token, salt=_SALT, max_age=settings.PARTICIPANT_TOKEN_DAYS * 86_400)
        return Participant.objects.select_related("study").get(public_id=public_id)
    except (signing.BadSignature, Participant.DoesNotExist) as error:
        raise ParticipantTokenError(_("The participant token is not valid, or no longer.")) from error
