"""Rows in lists of a size. Core: no Django. (`itertools.batched` came with Python 3.12.)"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Row = TypeVar("Row")


def batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """The rows in lists of `size`, the last one perhaps shorter, none of them empty."""
    rest = iter(rows)
    while batch := list(islice(rest, size)):
        yield batch
