import pytest
from django.core import signing
from django.db import IntegrityError, transaction

from evaluation.errors import ConsentMissingError, ParticipantTokenError, StudyNotOpenError
from evaluation.models import Participant, Study
from evaluation.selectors.listeners import listener_choices
from evaluation.services.participants import consent_sha256, enrol, enrol_guest, participant_of_token, participant_token
from evaluation.services.studies import close_study, create_study, open_study
from playoff.common.errors import InvalidInputError

pytestmark = pytest.mark.django_db


def test_consent_is_stored_by_hash_language_and_time(study):
    Study.objects.filter(pk=study.pk).update(consent_ru="Я согласен.")
    study.refresh_from_db()
    english = enrol(study=study, platform_id="e", language="en", consent=True)
    russian = enrol(study=study, platform_id="r", language="ru", consent=True)
    assert english.consent_sha256 == consent_sha256(study, "en") != russian.consent_sha256
    assert russian.language == "ru" and russian.consented_at is not None


def test_the_same_identifier_takes_one_place(study):
    first = enrol(study=study, platform_id="me", language="en", consent=True)
    assert all(enrol(study=study, platform_id=" me ", language="en", consent=True) == first for _ in range(20))
    assert Participant.objects.count() == 1


def test_without_consent_nobody_comes_in(study):
    with pytest.raises(ConsentMissingError):
        enrol(study=study, platform_id="me", language="en", consent=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Participant.objects.create(study=study, platform_id="me", language="en", consent_sha256="")
    assert not Participant.objects.exists()


@pytest.mark.parametrize("platform_id", ["", "   ", "x" * 201, "a\x00b", "a\nb"])
def test_an_identifier_has_bounds(study, platform_id):
    with pytest.raises(InvalidInputError):
        enrol(study=study, platform_id=platform_id, language="en", consent=True)


def test_a_closed_study_takes_nobody(study):
    close_study(study=study)
    with pytest.raises(StudyNotOpenError):
        enrol(study=study, platform_id="late", language="en", consent=True)


def test_a_token_is_its_owner(participant):
    assert participant_of_token(participant_token(participant)) == participant


def test_forged_tokens_are_refused(participant, settings):
    token = participant_token(participant)
    forged = [token[:-1] + ("A" if token[-1] != "A" else "B"), token + "x", "", ":::", signing.dumps("x", salt="other")]
    forged += [signing.dumps(participant.public_id.hex, salt="evaluation.participant", key="another-key")]
    for candidate in forged:
        with pytest.raises(ParticipantTokenError):
            participant_of_token(candidate)
    settings.PARTICIPANT_TOKEN_DAYS = -1
    with pytest.raises(ParticipantTokenError):
        participant_of_token(token)


class TestGuests:
    @pytest.fixture
    def generous(self, study):
        Study.objects.filter(pk=study.pk).update(sample_listeners=3)
        study.refresh_from_db()
        return study

    def test_two_guests_of_one_listener_are_two_participants(self, generous):
        listener = listener_choices(generous)[0].id
        first, second = (enrol_guest(study=generous, listener=listener, language="en", consent=True) for _ in range(2))
        assert first != second
        assert first.listener == second.listener == listener
        assert listener not in {first.platform_id, second.platform_id}

    def test_only_listeners_on_the_page_are_lent(self, generous, study):
        with pytest.raises(InvalidInputError, match="borrowed"):
            enrol_guest(study=generous, listener="listener-299", language="en", consent=True)

    def test_a_study_without_samples_lends_none(self, study):
        with pytest.raises(InvalidInputError):
            enrol_guest(study=study, listener="listener-001", language="en", consent=True)


class TestStudies:
    def test_no_consent_no_opening(self, versions):
        study = create_study(slug="s", title="S", systems={name: versions[name] for name in ("bm25", "popularity")})
        with pytest.raises(InvalidInputError, match="consent"):
            open_study(study=study)
        with pytest.raises(IntegrityError), transaction.atomic():
            Study.objects.filter(pk=study.pk).update(status="open")

    def test_one_system_is_no_comparison(self, versions):
        study = create_study(slug="s", title="S", systems={"one": versions["bm25"]}, consent="c")
        with pytest.raises(InvalidInputError, match="at least two systems"):
            open_study(study=study)

    def test_a_slug_is_taken_once(self, study):
        with pytest.raises(InvalidInputError, match="already"):
            create_study(slug=study.slug, title="Again", systems={})
