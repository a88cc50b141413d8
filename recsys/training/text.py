"""Text as every encoder and index here may take it."""

import re

_WORD = re.compile(r"[^\W_]+")


def sound(text: str) -> str:
    """Replace lone surrogates, which come in through JSON escapes and which no UTF-8 library takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def folded(text: str) -> str:
    """Fold case, and ё into е, as people type both."""
    return text.casefold().replace("ё", "е")


def words(text: str) -> list[str]:
    """Return the words of a text in any script, folded; `_` and punctuation part them."""
    return _WORD.findall(folded(sound(text)))
