"""Keys that equal and nearly equal texts share, short enough for an index over millions of rows.

A key is 64 bits of BLAKE2b. That two of a million different texts share one has a chance of 3 in 100 million.
"""

import hashlib
import unicodedata

from annotation.classifier.dataset import near_duplicate_key


def exact_key(text: str) -> int:
    """A signed 64-bit number that only equal texts share."""
    return _number(text)


def near_key(text: str) -> int:
    """A signed 64-bit number shared by texts that differ in case, ё, blanks, punctuation or drawn-out letters only."""
    return _number(_folded(text))


def family(text: str) -> str:
    """`near_key` as 16 hexadecimal digits: what queries of one family have in common."""
    return _digest(_folded(text)).hex()


def _folded(text: str) -> str:
    # ё must go before drawn-out letters are drawn in, or ёе would stay two letters
    composed = unicodedata.normalize("NFC", text)
    return near_duplicate_key(composed.replace("ё", "е").replace("Ё", "Е"))


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=8).digest()


def _number(text: str) -> int:
    return int.from_bytes(_digest(text), "big", signed=True)
