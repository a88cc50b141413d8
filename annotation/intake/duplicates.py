"""Keys that equal and nearly equal texts share, short enough for an index over millions of rows.

A key is 64 bits of BLAKE2b. That two of a million different texts share one has a chance of 3 in 100 million.
"""

import hashlib
import re
import unicodedata
from operator import eq

_NOT_LETTERS = re.compile(r"[\W_]+")


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
    """`near_duplicate_key` of the classifier, with ё read as е, in two thirds of the time.

    It was a quarter of a whole intake, most of it the search for drawn-out letters. The tests hold the two together.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    letters = _NOT_LETTERS.sub("", folded)
    if any(map(eq, letters, letters[1:])):
        pairs = zip(letters, "\0" + letters, strict=False)
        # figures may repeat: 2000 is not 20
        letters = "".join([letter for letter, before in pairs if letter != before or letter.isdecimal()])
    return letters or "".join(folded.split())


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=8).digest()


def _number(text: str) -> int:
    return int.from_bytes(_digest(text), "big", signed=True)
