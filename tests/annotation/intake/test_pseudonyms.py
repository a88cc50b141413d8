import hashlib
import hmac

import pytest

from annotation.intake.errors import IntakeError
from annotation.intake.pseudonyms import Pseudonyms

SECRET = bytes(range(32))


def test_a_user_is_a_keyed_hash():
    expected = hmac.new(SECRET, b"user\0u1", hashlib.sha256).hexdigest()[:32]
    assert Pseudonyms(SECRET).user("u1") == expected
    assert Pseudonyms(SECRET[::-1]).user("u1") != expected
    assert len(Pseudonyms(SECRET).user("\ud800")) == 32


def test_only_addresses_of_annotators_are_hidden():
    pseudonyms = Pseudonyms(SECRET)
    assert pseudonyms.annotator("a1") == "a1"
    hidden = pseudonyms.annotator("anna@example.org")
    assert hidden.startswith("annotator-") and len(hidden) == 22
    assert pseudonyms.user("anna@example.org")[:12] not in hidden


def test_a_short_secret_is_refused():
    with pytest.raises(IntakeError, match="at least 16 bytes, got 15"):
        Pseudonyms(b"x" * 15)
