"""Which part of the data a query belongs to, decided by its family alone."""

import hashlib
import json
import math
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from annotation.export.errors import ExportError

SHARES: Mapping[str, float] = MappingProxyType({"train": 0.7, "validation": 0.1, "test": 0.2})
_BITS = 53
"""As many as a float holds exactly."""


def split_of(family: str, *, salt: str, shares: Mapping[str, float] = SHARES) -> str:
    """The split of a family: fixed by its name and the salt, whatever other families there are, now or later.

    Args:
        family: what the near-duplicates of a query share.
        salt: the same for all versions of one data set; another salt deals the families anew.
        shares: the expected share of families in each split, summing to 1. A family keeps its place when shares
            change as long as the bounds below it stay, so new splits are best cut out of the last one.

    Raises:
        ExportError: The family is empty, or the shares do not sum to 1.
    """
    if not family:
        raise ExportError("A query without a family cannot be dealt to a split; give its near-duplicate key as family.")
    # JSON keeps salt and family apart, so that ("a", "bc") and ("ab", "c") are two draws
    digest = hashlib.sha256(json.dumps([salt, family]).encode()).digest()
    draw = int.from_bytes(digest[:8]) >> (64 - _BITS)
    for name, bound in _bounds(tuple(shares.items())):
        if draw < bound:
            return name
    raise AssertionError("the last bound is above every draw")


@lru_cache(maxsize=64)
def _bounds(shares: tuple[tuple[str, float], ...]) -> tuple[tuple[str, int], ...]:
    if not shares or any(share < 0 for _, share in shares) or abs(sum(share for _, share in shares) - 1) > 1e-9:
        raise ExportError(f"The shares of the splits must be at least 0 and sum to 1, got {dict(shares)}.")
    names = [name for name, _ in shares]
    sums = [math.fsum(share for _, share in shares[:places]) for places in range(1, len(shares))]
    # the last one takes what is left, so that rounding leaves no draw without a split
    return tuple(zip(names, [*(round(bound * 2**_BITS) for bound in sums), 2**_BITS], strict=True))
