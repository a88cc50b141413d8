"""Errors that a person can act on. Every door turns them into the same sentence."""


class PlayoffError(Exception):
    """A refusal with one sentence that says what is wrong and how to mend it; nothing was changed."""

    status = 409
    code = "conflict"


class InvalidInputError(PlayoffError):
    """The input is malformed."""

    status = 400
    code = "invalid"
