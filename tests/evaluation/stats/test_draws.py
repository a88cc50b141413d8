import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.stats.draws import Draws, participant_keys
from evaluation.stats.errors import StatisticsError

NAMES = tuple(f"participant {number}" for number in range(2_000))
_BITS = (1 << 64) - 1


def splitmix(state: int) -> int:
    """Steele, Lea and Flood's finalizer, with whole numbers."""
    state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _BITS
    state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _BITS
    return state ^ (state >> 31)


def test_splitmix_gives_the_published_stream():
    # the first outputs of java.util.SplittableRandom's mix for seed 0 (Vigna's splitmix64.c)
    stream = [splitmix(0x9E3779B97F4A7C15 * step & _BITS) for step in (1, 2, 3)]
    assert stream == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]


def test_a_weight_is_poisson_by_inversion_of_the_participants_own_word():
    from hashlib import blake2b

    drawn = Draws(7, participant_keys(NAMES[:5])).weights(0, 40)
    for person in range(5):
        key = int.from_bytes(blake2b(NAMES[person].encode(), digest_size=8).digest(), "little")
        seed = int.from_bytes(blake2b(b"7", digest_size=8).digest(), "little")
        stream = splitmix(key ^ seed)
        for replicate in range(40):
            word = splitmix((stream + 0x9E3779B97F4A7C15 * (replicate // 2 + 1)) & _BITS)
            uniform = ((word >> 32) if replicate % 2 else (word & 0xFFFFFFFF)) / 2**32
            expected, below = 0, math.exp(-1)
            while uniform >= below:
                expected += 1
                below += math.exp(-1) / math.factorial(expected)
            assert drawn[person, replicate] == expected


def test_weights_are_poisson_and_unrelated():
    drawn = Draws(0, participant_keys(NAMES)).weights(0, 400)
    shares = np.bincount(drawn.ravel(), minlength=6)[:6] / drawn.size
    exact = np.array([math.exp(-1) / math.factorial(k) for k in range(6)])
    assert np.abs(shares - exact).max() < 4 * np.sqrt(0.37 * 0.63 / drawn.size)
    assert np.abs(np.corrcoef(drawn.T) - np.eye(400)).max() < 6 / np.sqrt(len(NAMES))
    assert np.abs(np.corrcoef(drawn[:300]) - np.eye(300)).max() < 6 / np.sqrt(400)


def test_weights_depend_on_seed_name_and_replicate_alone():
    whole = Draws(3, participant_keys(NAMES)).weights(0, 100)
    order = np.random.default_rng(0).permutation(len(NAMES))[:700]
    some = Draws(3, participant_keys([NAMES[at] for at in order]))
    assert (some.weights(0, 100) == whole[order]).all()
    assert (some.weights(17, 58) == whole[order][:, 17:58]).all()
    assert (some.where(order < 300).weights(0, 100) == whole[order[order < 300]]).all()
    assert (Draws(4, participant_keys(NAMES)).weights(0, 100) != whole).any()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**80), st.integers(0, 300), st.integers(1, 90), st.integers(1, 40))
def test_any_stretch_of_replicates_is_the_same(seed, start, width, people):
    draws = Draws(seed, participant_keys(NAMES[:people]))
    assert (draws.weights(start, start + width) == draws.weights(0, start + width)[:, start:]).all()


@pytest.mark.parametrize("size", [1, 7, 64])
def test_blocks_pass_over_replicates_that_hold_nobody(size):
    draws = Draws(1, participant_keys(["one", "two"]))
    blocks = list(draws.blocks(500, size))
    assert all(0 < block.shape[1] <= size for block in blocks)
    found = np.concatenate(blocks, axis=1)
    everything = draws.weights(0, 700)
    assert found.shape == (2, 500) and found.any(axis=0).all()
    assert (found == everything[:, everything.any(axis=0)][:, :500]).all()
    assert 0.8 < found.any(axis=0).sum() / np.flatnonzero(everything.any(axis=0))[499] < 0.92  # 1 - e^-2 = 0.865


def test_nobody_cannot_be_drawn():
    with pytest.raises(StatisticsError, match="no participants to draw"):
        next(Draws(0, participant_keys([])).blocks(10, 5))
