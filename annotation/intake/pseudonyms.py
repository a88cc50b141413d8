"""Names of people become keyed hashes before anything is stored.

The hash is HMAC-SHA-256 (RFC 2104) cut to 128 bits. Without the secret nobody can try names out; with the same secret
a user has the same pseudonym in every log, so that a cap per user holds across files.
"""

import hmac

from annotation.intake.errors import IntakeError

SECRET_BYTES = 16
"""The shortest secret taken: a shorter one can be guessed, and with it every user id."""


class Pseudonyms:
    """Gives users and annotators their pseudonyms under one secret."""

    def __init__(self, secret: bytes) -> None:
        """Keep the secret.

        Raises:
            IntakeError: It is shorter than `SECRET_BYTES`.
        """
        if len(secret) < SECRET_BYTES:
            raise IntakeError(f"The secret must have at least {SECRET_BYTES} bytes, got {len(secret)}.")
        self._secret = secret

    def user(self, name: str) -> str:
        """32 hexadecimal digits that stand for a user's id."""
        return self._digest("user", name)

    def annotator(self, name: str) -> str:
        """The name as it is, unless it is an e-mail address, which names a person to everybody."""
        return f"annotator-{self._digest('annotator', name)[:12]}" if "@" in name else name

    def fingerprint(self) -> str:
        """Tells whether two secrets are the same without telling either."""
        return self._digest("fingerprint", "")

    def _digest(self, kind: str, name: str) -> str:
        # half a surrogate pair can stand in JSON and must not stop the hashing
        message = f"{kind}\0{name}".encode("utf-8", "surrogatepass")
        return hmac.digest(self._secret, message, "sha256").hex()[:32]
