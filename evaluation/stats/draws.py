"""Whom a resample holds how often: weights that depend on the seed, the participant and the replicate alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from math import exp, factorial

import numpy as np

from evaluation.stats.arrays import BoolArray, KeyArray, SmallArray
from evaluation.stats.errors import StatisticsError

_GAMMA = 0x9E3779B97F4A7C15  # 2^64 over the golden ratio, odd
_MIXING = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
_WORDS = 1 << 15  # mixed at once: with their Poisson numbers they stay in the processor's cache


def participant_keys(names: Sequence[str]) -> KeyArray:
    """64 bits of BLAKE2b of each name, shape (names,). Two of a million names share a key with chance 3 in 10^8."""
    digests = b"".join(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest() for name in names)
    return np.frombuffer(digests, "<u8").astype(np.uint64)


@dataclass(frozen=True)
class Draws:
    """The resamples of some participants.

    A participant's weight in a replicate is a Poisson(1) number made from the seed, the participant's key and the
    number of the replicate, and from nothing else. So it stays when others join, leave or come in another order, any
    part of the participants can be weighted by itself, and every use of the same seed sees the same resamples. Drawing
    n out of n participants would tie each weight to all the others. Both give a sum over participants that adds up to
    zero the same variance, hence ratings and rates the same standard errors up to 1/n: a rate of n participants has
    1/n of the spread among them as its variance if n are drawn, which understates it by (n - 1)/n, and the mean of
    1/N = 1/n + 1/n^2 + ... if N, Poisson(n), are drawn, which makes up for that. Replicates that hold nobody are passed
    over.

    Attributes:
        seed: at least 0.
        keys: shape (participants,), as `participant_keys` gives them.

    References:
        N. Chamandy, O. Muralidharan, A. Najmi and S. Naidu, "Estimating uncertainty for massive data streams", Google
        technical report, 2012 (Poisson weights by hashing the unit); J. A. Hanley and B. MacGibbon, "Creating
        non-parametric bootstrap samples using Poisson frequencies", Comput. Methods Programs Biomed. 83(1), 2006; G. L.
        Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014 (SplitMix64).
    """

    seed: int
    keys: KeyArray

    def where(self, mask: BoolArray) -> "Draws":
        """Only some of the participants, with the weights that they have anyway."""
        return Draws(self.seed, self.keys[mask])

    def weights(self, start: int, stop: int) -> SmallArray:
        """How often each participant is in the replicates `start` to `stop`, shape (participants, stop - start)."""
        first, last = start // 2, (stop + 1) // 2  # a word of 64 bits serves two replicates
        width = last - first
        seed = blake2b(str(self.seed).encode(), digest_size=8).digest()
        streams = _mixed(self.keys ^ np.frombuffer(seed, "<u8").astype(np.uint64))
        steps = np.arange(first + 1, last + 1, dtype=np.uint64) * np.uint64(_GAMMA)
        weights = np.empty((len(streams), stop - start), dtype=np.uint8)
        block = max(1, _WORDS // max(width, 1))
        for at in range(0, len(streams), block):
            words = _mixed(streams[at : at + block, None] + steps)
            halves = words.astype("<u8", copy=False).view("<u4")
            weights[at : at + block] = _poisson(halves)[:, start - 2 * first : stop - 2 * first]
        return weights

    def blocks(self, replicates: int, size: int) -> Iterator[SmallArray]:
        """Weights of the first `replicates` replicates that hold anybody, at most `size` at a time.

        Raises:
            StatisticsError: There are no participants.
        """
        if not len(self.keys):
            raise StatisticsError("There are no participants to draw from.")
        found = at = 0
        while found < replicates:
            width = min(size, replicates - found)
            weights = self.weights(at, at + width)
            held = weights.any(axis=0)
            weights = weights if held.all() else np.ascontiguousarray(weights[:, held])
            found, at = found + weights.shape[1], at + width
            if weights.shape[1]:
                yield weights


def _mixed(words: KeyArray) -> KeyArray:
    """SplitMix64's finalizer, in place."""
    shifted = np.empty_like(words)
    for shift, factor in _MIXING:
        np.right_shift(words, np.uint64(shift), out=shifted)
        words ^= shifted
        words *= np.uint64(factor)
    np.right_shift(words, np.uint64(31), out=shifted)
    words ^= shifted
    return words


def _limits() -> tuple[int, ...]:
    """Where the inverse of Poisson(1)'s distribution function rises, in units of 2^-32."""
    limits: list[int] = []
    below = 0.0
    while (limit := round(2**32 * (below := below + exp(-1) / factorial(len(limits))))) < 2**32:
        limits.append(limit)
    return tuple(limits)


_LIMITS = _limits()


def _poisson(uniform: KeyArray) -> SmallArray:
    """Poisson(1) by inversion of uniform 32 bits."""
    drawn = (uniform >= _LIMITS[0]).view(np.uint8)
    above = np.empty_like(uniform, dtype=np.bool_)
    for limit in _LIMITS[1:]:
        np.greater_equal(uniform, np.uint32(limit), out=above)
        drawn += above.view(np.uint8)
    return drawn
