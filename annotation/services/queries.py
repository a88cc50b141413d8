"""What every query gets when it enters the database."""

import hashlib

from annotation.classifier.dataset import near_duplicate_key


def family_of(text: str) -> str:
    """The family of a text: near-duplicates share it, so that splits and intervals keep them together."""
    return hashlib.blake2b(near_duplicate_key(text).encode(), digest_size=8).hexdigest()
