"""Which queries ask for the same thing: near-duplicates and translations, which must stay in one part of a split."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from annotation.classifier.dataset import near_duplicate_key

LEAST_LETTERS = 8
"""Letters from which texts are compared by trigrams; in a shorter one a single letter makes another wish."""
_SHARED, _OF = 4, 5
SIMILARITY = _SHARED / _OF
"""Jaccard similarity of two sets of trigrams from which their texts count as one wish.

Our sample has no such pair: what it holds of one wish shares a key (8 queries in 4 families) or a group (1,442 in 628).
A lower bound would join different wishes: the first pair, at 0.7, is "Монеточка" (her songs) and "как монеточка" (songs
like hers), and of the 26 pairs from 0.5 a good third are like "свидание" and "первое свидание". From 0.8, a typing
error in a text of some thirty letters counts.
"""


def families(texts: Sequence[str], groups: Sequence[str]) -> list[str]:
    """Return the name of each text's family.

    Texts are of one family if they share a `near_duplicate_key` or a group, or are at least `SIMILARITY` alike, and so
    are all texts along a chain of such pairs: else one of its links would lie across a split. A family is named after
    the smallest key in it, so that the order of the texts does not matter. A hundred thousand take half a minute.

    Args:
        texts: the queries.
        groups: what the data say of each; an empty one joins nothing.
    """
    keys = [near_duplicate_key(text) for text in texts]
    return _named(keys, groups, similar(set(keys)))


def joined(keys: Sequence[str], groups: Sequence[str]) -> list[str]:
    """Return the smallest key that each can reach over equal keys and equal groups; an empty group joins nothing."""
    return _named(keys, groups, ())


def similar(keys: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield every pair of different keys that are at least `SIMILARITY` alike, each pair once.

    Two sets so alike share one of the few rarest trigrams of both, so that only these are looked up (the prefix filter
    of Chaudhuri, Ganti and Kaushik 2006, with the shorter index of Xiao et al. 2008, for texts in order of size).
    """
    trigrams = {key: _trigrams(key) for key in keys if sum(map(str.isalpha, key)) >= LEAST_LETTERS}
    count = Counter(trigram for found in trigrams.values() for trigram in found)
    smaller: dict[str, list[str]] = defaultdict(list)
    for key in sorted(trigrams, key=lambda key: (len(trigrams[key]), key)):
        own = trigrams[key]
        rarest = sorted(own, key=lambda trigram: (count[trigram], trigram))
        candidates: set[str] = set()
        for trigram in rarest[: len(own) - _ceil(_SHARED * len(own), _OF) + 1]:
            for other in reversed(smaller[trigram]):
                if len(trigrams[other]) * _OF < len(own) * _SHARED:
                    break  # they stand in order of size, so the rest are smaller still
                candidates.add(other)
        for other in candidates:
            if _alike(own, trigrams[other]):
                yield other, key
        for trigram in rarest[: len(own) - _ceil(2 * _SHARED * len(own), _SHARED + _OF) + 1]:
            smaller[trigram].append(key)


def _trigrams(key: str) -> frozenset[str]:
    return frozenset(key[start : start + 3] for start in range(len(key) - 2))


def _alike(first: frozenset[str], second: frozenset[str]) -> bool:
    # whole numbers, because 4 of 5 must not depend on rounding: shared / union >= 4 / 5
    return (_SHARED + _OF) * len(first & second) >= _SHARED * (len(first) + len(second))


def _ceil(dividend: int, divisor: int) -> int:
    return -(-dividend // divisor)


def _named(keys: Sequence[str], groups: Sequence[str], pairs: Iterable[tuple[str, str]]) -> list[str]:
    above: dict[str, str] = {}

    def smallest(key: str) -> str:
        while (parent := above.get(key, key)) != key:
            above[key] = above.get(parent, parent)
            key = parent
        return key

    def join(first: str, second: str) -> None:
        low, high = sorted((smallest(first), smallest(second)))
        if low != high:
            above[high] = low

    first_of: dict[str, str] = {}
    for key, group in zip(keys, groups, strict=True):
        if group:
            join(key, first_of.setdefault(group, key))
    for first, second in pairs:
        join(first, second)
    return [smallest(key) for key in keys]
