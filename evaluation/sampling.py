"""Which two systems meet, and which of them is shown as A. Core: no Django.

Pairs come in permuted blocks (Zelen 1974; Rosenberger and Lachin, "Randomization in Clinical Trials", 2016, ch. 3.3):
every block of n(n-1)/2 draws holds every pair once, in an order that follows from the study's secret seed, so that
after each full block the pairs differ by nothing and within one by at most one. Sides are a fair coin for the first
meeting of a pair before a participant; the second meeting takes the other order, the third a coin again.
"""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

SAMPLER = "permuted-blocks/1"


@dataclass(frozen=True, slots=True)
class Draw:
    """A pair with its sides: `first` is shown as A.

    Attributes:
        pair_probability: chance of this pair at this draw, before the block is known.
        side_probability: chance that `first` was put first, given what the participant has seen of the pair.
    """

    first: int
    second: int
    pair_probability: float
    side_probability: float


def draw(*, seed: str, number: int, systems: Sequence[int], firsts_before: Sequence[tuple[int, int]]) -> Draw:
    """Draw pair and sides for draw `number` of a study.

    Args:
        seed: secret of the study; the same arguments always give the same draw, so an export can replay it.
        number: counts the study's draws from 0.
        systems: ids of the systems, at least two, in any order.
        firsts_before: (first, second) of each earlier trial of this participant that was not a failure.

    Raises:
        ValueError: fewer than two systems.
    """
    if len(set(systems)) < 2:
        raise ValueError(f"A draw needs at least two systems, got {len(set(systems))}.")
    pairs = list(combinations(sorted(set(systems)), 2))
    block, position = divmod(number, len(pairs))
    _generator(seed, "pairs", block).shuffle(pairs)
    left, right = pairs[position]
    left_first = sum(1 for before in firsts_before if before == (left, right))
    right_first = sum(1 for before in firsts_before if before == (right, left))
    if left_first != right_first:
        first, side_probability = (left if left_first < right_first else right), 1.0
    else:
        first, side_probability = _generator(seed, "sides", number).choice([left, right]), 0.5
    return Draw(
        first=first,
        second=right if first == left else left,
        pair_probability=1 / len(pairs),
        side_probability=side_probability,
    )


def _generator(seed: str, purpose: str, number: int) -> random.Random:
    key = hashlib.sha256(f"{seed}:{purpose}:{number}".encode()).digest()
    return random.Random(int.from_bytes(key, "big"))
