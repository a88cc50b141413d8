"""Text as the terms of a word index, for Russian and English at once.

A word is folded (case, ё to е), dropped if it says nothing ("the", "для"), and cut to its stem: by Snowball's Russian
algorithm if it is Cyrillic, by its English one if it is Latin, so that one text may hold both. A word of digits, or of
any other script, stays as it is. Whether stems help is measured in docs/decisions/0015-bm25-analysis.md.

References:
    M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980; Snowball, 2001, the "english" (Porter 2)
    and "russian" stemmers.
"""

import threading
from functools import lru_cache
from typing import Literal

import Stemmer
from bm25s.stopwords import STOPWORDS_EN_PLUS, STOPWORDS_RUSSIAN

from recsys.training.text import words

Stemming = Literal["none", "porter", "snowball"]
STEMMINGS: tuple[Stemming, ...] = ("none", "porter", "snowball")

STOPWORDS = frozenset(word for text in (*STOPWORDS_EN_PLUS, *STOPWORDS_RUSSIAN) for word in words(text))
_ALGORITHMS = {"snowball": {"latin": "english", "cyrillic": "russian"}, "porter": {"latin": "porter"}}
_stemmers = threading.local()


def terms(text: str, *, stemming: Stemming = "snowball", stopwords: bool = True) -> list[str]:
    """Return the terms of a text, in order, as often as they stand there.

    Args:
        text: any text.
        stemming: `snowball` as above; `porter` is the older English algorithm, PyTerrier's default, and leaves Russian
            as it is; `none` keeps whole words.
        stopwords: whether words that say nothing are left out.
    """
    return [stem(word, stemming) for word in words(text) if not (stopwords and word in STOPWORDS)]


@lru_cache(maxsize=200_000)  # words repeat: the script alone takes longer to tell than a look-up
def stem(word: str, stemming: Stemming) -> str:
    """Return the stem of one folded word."""
    if stemming == "none":
        return word
    algorithm = _ALGORITHMS[stemming].get(_script(word))
    return word if algorithm is None else str(_stemmer(algorithm).stemWord(word))


def _script(word: str) -> str:
    if all("\u0400" <= letter <= "\u04ff" for letter in word):
        return "cyrillic"
    return "latin" if all(letter < "\u0250" and letter.isalpha() for letter in word) else ""


def _stemmer(algorithm: str) -> Stemmer.Stemmer:
    """One for each thread: a stemmer keeps a cache and may not be asked twice at a time."""
    known: dict[str, Stemmer.Stemmer] = _stemmers.__dict__.setdefault("known", {})
    if algorithm not in known:
        known[algorithm] = Stemmer.Stemmer(algorithm)
    return known[algorithm]
