import numpy as np

from recsys.core.seeding import derived_seed, stream


def test_the_same_name_gives_the_same_numbers():
    assert np.array_equal(stream(7, "a", 1).random(5), stream(7, "a", 1).random(5))


def test_other_names_and_seeds_give_other_numbers():
    draws = {stream(seed, *names).random() for seed in (0, 1) for names in (("a",), ("b",), ("a", 1), ("a1",), ())}
    assert len(draws) == 10


def test_derived_seed_suits_any_library():
    assert 0 <= derived_seed(2**32 - 1, "als") < 2**31
    assert derived_seed(3, "als") == derived_seed(3, "als")
