import numpy as np
from scipy.stats import kstest

from annotation.active.draws import SPAN, draw_items, draw_key, draw_keys


def test_a_key_is_a_blake2b_digest_and_stays_the_same():
    """`printf '7:ties:q1' | b2sum -l 64` prints it."""
    assert draw_key("q1", seed=7, purpose="ties") == int("02f96cb0e92af1d1", 16)


def test_keys_are_uniform_and_differ_by_seed_and_purpose():
    keys = draw_keys(range(5000), seed=1, purpose="ties") / SPAN
    assert kstest(keys, "uniform").pvalue > 0.01
    for seed, purpose in ((2, "ties"), (1, "reserve")):
        assert abs(np.corrcoef(keys, draw_keys(range(5000), seed=seed, purpose=purpose) / SPAN)[0, 1]) < 0.05


def test_drawn_items_keep_their_order():
    drawn = draw_items(list(range(100)), 10, seed=1, purpose="round 0")
    assert len(drawn) == 10
    assert drawn == sorted(drawn)
    assert drawn != draw_items(list(range(100)), 10, seed=1, purpose="round 1")
    assert draw_items(["b", "a"], 10, seed=1, purpose="round 0") == ["b", "a"]
