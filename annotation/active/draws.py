"""A random place for every item that never changes: chance that can be repeated, whatever else is in the pool."""

from collections.abc import Hashable, Iterable, Sequence
from hashlib import blake2b
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

ItemT = TypeVar("ItemT", bound=Hashable)

SPAN = 1 << 64
"""Keys lie from 0 up to this."""


def draw_key(item: Hashable, *, seed: int, purpose: str) -> int:
    """Return the item's key, uniform over 0 to `SPAN` - 1; keys of two purposes are independent."""
    return int.from_bytes(blake2b(f"{seed}:{purpose}:{item}".encode(), digest_size=8).digest(), "big")


def draw_keys(items: Iterable[Hashable], *, seed: int, purpose: str) -> NDArray[np.uint64]:
    """Return the items' keys, shape (items,)."""
    return np.fromiter((draw_key(item, seed=seed, purpose=purpose) for item in items), dtype=np.uint64)


def draw_items(items: Sequence[ItemT], size: int, *, seed: int, purpose: str) -> list[ItemT]:
    """Return `size` items drawn without replacement, in the order given; all where there are fewer."""
    if len(items) <= size:
        return list(items)
    drawn = np.argsort(draw_keys(items, seed=seed, purpose=purpose), kind="stable")[:size]
    return [items[row] for row in sorted(drawn.tolist())]
