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
        sums = np.zeros(1)
        for size in moving[1:]:  # the first sign may stay: the other half of the patterns is the mirror image
            sums = np.concatenate([sums + size, sums - size])
        sums = sums + (moving[0] if len(moving) else 0.0)
        return SignFlip(EXACT, statistic, float((np.abs(sums) >= observed).mean()))
    extreme = 0
    block = max(1, _BLOCK // len(moving))
    for size in (min(block, flips - done) for done in range(0, flips, block)):
        bits = np.unpackbits(
            np.frombuffer(rng.bytes(size * (len(moving) // 8 + 1)), np.uint8).reshape(size, -1), axis=1
        )
        sums = 2.0 * (bits[:, : len(moving)].astype(np.float64) @ moving) - moving.sum()
        extreme += int((np.abs(sums) >= observed).sum())
    return SignFlip(SAMPLED.format(flips=flips), statistic, (1 + extreme) / (1 + flips))
