"""The test whose unit is the participant: what if each had preferred the other system as much?"""

from dataclasses import dataclass

import numpy as np

from evaluation.stats.arrays import FloatArray

EXACT = "sign-flip permutation of participants' mean score less 1/2, exact"
SAMPLED = "sign-flip permutation of participants' mean score less 1/2, {flips} random flips"
MOST_EXACT = 20  # participants; 2^20 sign patterns
FLIPS = 10_000
FEWEST = 6  # participants with whom p can fall to 5 %: 2 / 2^6 = 0.031, 2 / 2^5 = 0.063
_BLOCK = 4_000_000


@dataclass(frozen=True)
class SignFlip:
    """A participant-level test of one pair.

    Attributes:
        test: the name of the test, with its number of flips.
        statistic: mean over participants of their mean score less one half; above zero favours the first system.
        p: two-sided.
    """

    test: str
    statistic: float
    p: float


def sign_flip_test(differences: FloatArray, rng: np.random.Generator, *, flips: int = FLIPS) -> SignFlip:
    """Test that participants prefer neither system.

    Under the null hypothesis a participant's difference is as likely as its negative, whatever the number of
    judgments behind it, so the sign patterns are equally likely. All are counted for up to 20 participants with a
    difference (those without one change nothing); else p = (1 + #{as extreme}) / (1 + flips), which is valid too.

    Args:
        differences: shape (participants,), mean score of the first system less one half.
        rng: draws the flips where there are too many to count.
        flips: how many are drawn then, at least.

    References:
        R. A. Fisher, The Design of Experiments, 1935, section 21; B. Phipson and G. K. Smyth, "Permutation p-values
        should never be zero", Stat. Appl. Genet. Mol. Biol. 9(1), 2010.
    """
    statistic = float(differences.mean())
    moving = np.abs(differences[differences != 0])
    observed = abs(float(differences.sum())) - 1e-9 * float(moving.sum())  # equal sums differ by rounding
    if len(moving) <= MOST_EXACT:
        return SignFlip(EXACT, statistic, _exact_p(moving, observed))
    extreme = 0
    block = max(1, _BLOCK // len(moving))
    for size in (min(block, flips - done) for done in range(0, flips, block)):
        bits = np.unpackbits(
            np.frombuffer(rng.bytes(size * (len(moving) // 8 + 1)), np.uint8).reshape(size, -1), axis=1
        )
        sums = 2.0 * (bits[:, : len(moving)].astype(np.float64) @ moving) - moving.sum()
        extreme += int((np.abs(sums) >= observed).sum())
    return SignFlip(SAMPLED.format(flips=flips), statistic, (1 + extreme) / (1 + flips))


def _exact_p(moving: FloatArray, observed: float) -> float:
    """The share of all sign patterns whose sum is at least as far from zero.

    Each half of the participants has few patterns; sorted, those of one half that go with a pattern of the other are
    counted by bisection. So a million patterns need no million sums.
    """
    if observed <= 0:
        return 1.0
    half = len(moving) // 2
    few, others = _all_sums(moving[:half]), np.sort(_all_sums(moving[half:]))
    above = len(few) * len(others) - int(np.searchsorted(others, observed - few).sum())
    return 2 * above / (len(few) * len(others))  # for each pattern its mirror image is as far below


def _all_sums(sizes: FloatArray) -> FloatArray:
    sums = np.zeros(1)
    for size in sizes:
        sums = np.concatenate([sums + size, sums - size])
    return sums
