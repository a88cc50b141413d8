"""What a study refuses. Each is one sentence; nothing has changed when it is raised."""

from playoff.common.errors import InvalidInputError, PlayoffError


class StudyNotOpenError(PlayoffError):
    code = "study_not_open"


class ConsentMissingError(InvalidInputError):
    code = "consent_missing"


class QueryRefusedError(InvalidInputError):
    code = "query_refused"


class TrialInFlightError(PlayoffError):
    """The participant has a trial that still wants playlists or a judgment."""

    code = "trial_in_flight"

    def __init__(self, sentence: str, trial_id: str) -> None:
        super().__init__(sentence)
        self.trial_id = trial_id


class QueryRepeatedError(PlayoffError):
    code = "query_repeated"


class IdempotencyKeyReusedError(PlayoffError):
    code = "idempotency_key_reused"


class TrialNotReadyError(PlayoffError):
    code = "trial_not_ready"


class AlreadyJudgedError(PlayoffError):
    code = "already_judged"


class ParticipantTokenError(PlayoffError):
    status = 401
    code = "not_authenticated"
