"""What recsys refuses at its pages and its HTTP interface."""

from playoff.common.errors import PlayoffError


class TryoutKeyReusedError(PlayoffError):
    """An idempotency key was used for another question."""

    code = "idempotency_key_reused"
