import hashlib
from collections import Counter

import pytest

from annotation.export.errors import ExportError
from annotation.export.splits import split_of

FAMILIES = [f"family {number}" for number in range(20_000)]


def test_the_split_is_a_fixed_function_of_salt_and_family():
    # the first 64 bits of the sha256 of the pair as JSON, as a share of all there could be
    draw = int(hashlib.sha256(b'["s", "forrunning"]').hexdigest()[:16], 16) / 2**64
    expected = "train" if draw < 0.7 else "validation" if draw < 0.8 else "test"
    assert split_of("forrunning", salt="s") == expected
    # written down, so that no later version moves a query
    names = [*(f"q{number}" for number in range(12)), "длябега"]
    assert " ".join(split_of(name, salt="pilot")[:2] for name in names) == "tr tr tr tr tr te tr va tr tr tr tr tr"


def test_shares_come_out_as_asked():
    counts = Counter(split_of(family, salt="x") for family in FAMILIES)
    # five standard deviations of a binomial share
    for split, share in (("train", 0.7), ("validation", 0.1), ("test", 0.2)):
        assert abs(counts[split] / len(FAMILIES) - share) < 5 * (share * (1 - share) / len(FAMILIES)) ** 0.5


def test_another_salt_deals_anew():
    same = sum(split_of(family, salt="x") == split_of(family, salt="y") for family in FAMILIES)
    # two independent draws agree with probability 0.49 + 0.01 + 0.04
    assert abs(same / len(FAMILIES) - 0.54) < 0.02


def test_salt_and_family_are_kept_apart():
    pairs = [("a", "bc"), ("ab", "c"), ("", "abc")]
    quarters = {f"part {number}": 0.01 for number in range(100)}
    assert len({split_of(family, salt=salt, shares=quarters) for salt, family in pairs}) > 1


def test_splitting_the_last_split_moves_nothing_out_of_the_others():
    fewer = {"train": 0.7, "rest": 0.3}
    for family in FAMILIES[:500]:
        assert (split_of(family, salt="x") == "train") == (split_of(family, salt="x", shares=fewer) == "train")


def test_one_split_takes_all():
    assert {split_of(family, salt="x", shares={"all": 1.0}) for family in FAMILIES[:50]} == {"all"}


@pytest.mark.parametrize("shares", [{}, {"train": 0.7, "test": 0.2}, {"train": 1.2, "test": -0.2}])
def test_shares_that_are_none_are_refused(shares):
    with pytest.raises(ExportError, match="must be at least 0 and sum to 1"):
        split_of("a", salt="x", shares=shares)


def test_a_query_without_a_family_is_refused():
    with pytest.raises(ExportError, match="near-duplicate key"):
        split_of("", salt="x")
