"""Texts as tf-idf vectors of words, symbols, and character n-grams within words.

scikit-learn's `TfidfVectorizer` gives the same numbers (a test holds them together); it is not imported, so that a
query can be classified where no learning library is installed.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Columns = NDArray[np.int64]

_WORD = re.compile(r"\w+")
_SYMBOL = re.compile(r"[^\w\s]")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")


@dataclass(frozen=True, slots=True)
class NgramRange:
    """Lengths of the character n-grams, in characters; a word is padded with one blank on each side."""

    shortest: int = 2
    longest: int = 5


def normalise(text: str) -> str:
    """Fold case, compatibility forms, ё and drawn-out letters: people type queries as they like."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return _DRAWN_OUT.sub(r"\1\1", folded)


def ngrams(text: str, lengths: NgramRange) -> Iterator[str]:
    """Yield every word as `w…`, its character n-grams as `c…`, every other sign as `s…`, as often as each occurs."""
    normal = normalise(text)
    for symbol in _SYMBOL.findall(normal):
        yield f"s{symbol}"
    for word in _WORD.findall(normal):
        yield f"w{word}"
        padded = f" {word} "
        for n in range(lengths.shortest, lengths.longest + 1):
            if n >= len(padded):  # scikit-learn's `char_wb`: a short word counts once, whole
                yield f"c{padded}"
                break
            for start in range(len(padded) - n + 1):
                yield f"c{padded[start : start + n]}"


@dataclass(frozen=True)
class Vectoriser:
    """Turns a text into its known n-grams, weighted (1 + ln tf) · idf and brought to length 1.

    Attributes:
        vocabulary: the n-grams, sorted; their places are the columns.
        idf: shape (columns,); ln((1 + texts) / (1 + texts that hold it)) + 1.
    """

    lengths: NgramRange
    vocabulary: tuple[str, ...]
    idf: Floats

    @classmethod
    def fit(cls, texts: Sequence[str], lengths: NgramRange) -> "Vectoriser":
        holders = Counter(ngram for text in texts for ngram in set(ngrams(text, lengths)))
        vocabulary = tuple(sorted(holders))
        counts = np.array([holders[ngram] for ngram in vocabulary], dtype=np.float64)
        return cls(lengths, vocabulary, np.log((1 + len(texts)) / (1 + counts)) + 1)

    @cached_property
    def _column(self) -> dict[str, int]:
        return {ngram: column for column, ngram in enumerate(self.vocabulary)}

    def vector(self, text: str) -> tuple[Columns, Floats]:
        """Return the columns, ascending, and their weights; both empty where no n-gram is known."""
        counts = Counter(
            column for ngram in ngrams(text, self.lengths) if (column := self._column.get(ngram)) is not None
        )
        columns = np.array(sorted(counts), dtype=np.int64)
        occurrences = np.array([counts[column] for column in columns.tolist()], dtype=np.float64)
        weights = (1 + np.log(occurrences)) * self.idf[columns]
        return columns, weights / max(float(np.linalg.norm(weights)), np.finfo(np.float64).tiny)
