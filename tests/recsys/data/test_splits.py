"""Splits that keep what belongs together together."""

import random
from collections import Counter, defaultdict

import pytest

from recsys.core.errors import RequestError
from recsys.data.splits import Wish, groups, mended, split, title_key


def tracks(first: int, count: int) -> tuple[str, ...]:
    return tuple(f"t{number}" for number in range(first, first + count))


def many(number: int = 300) -> list[Wish]:
    """Lists of 20 tracks of their own, a sixth of them charts; every tenth title again, spelled otherwise."""
    wishes = [Wish(f"Title {n}", tracks(100 * n, 20), "chart" if n % 6 == 0 else "theme") for n in range(number)]
    return wishes + [Wish(f"«TITLE   {n}»!", tracks(100 * n + 50, 20), "theme") for n in range(0, number, 10)]


@pytest.mark.parametrize(
    "other",
    [
        "permanent wave",
        "PERMANENT  WAVE",
        '"Permanent Wave"',
        "Permanent-wave 🌊",
        "ＰＥＲＭＡＮＥＮＴ wave",
        "perma nent\u200f wave",
    ],
)
def test_a_title_is_the_same_however_it_is_written(other):
    assert title_key(other) == title_key("Permanent Wave")


def test_titles_that_differ_have_different_keys():
    assert title_key("Ёлка") == title_key("елка") != title_key("елки")
    assert title_key("🔥") != title_key("🎄") != ""


def test_same_titles_and_near_copies_are_one_group_also_over_a_third():
    wishes = [
        Wish("a", tracks(0, 10)),
        Wish("b", tracks(0, 9)),  # 9 of 10 shared
        Wish("c", tracks(5, 10)),  # 5 of 15 shared
        Wish("B!", tracks(50, 10)),  # the title of the second
        Wish("d", tracks(0, 8) + tracks(90, 2)),  # 8 of 12 shared
        Wish("e", ()),
        Wish("f", ()),
    ]
    assert groups(wishes) == [0, 0, 1, 0, 2, 3, 4]


def test_the_bound_of_near_copies_is_four_fifths():
    assert groups([Wish("a", tracks(0, 10)), Wish("b", tracks(0, 8))]) == [0, 0]
    assert groups([Wish("a", tracks(0, 10)), Wish("b", tracks(0, 7))]) == [0, 1]


@pytest.mark.parametrize("seed", range(5))
def test_no_group_lies_in_two_splits_and_the_shares_hold_in_each_stratum(seed):
    wishes = many()
    splits = split(wishes, seed=seed)
    by_title = defaultdict(set)
    for wish, name in zip(wishes, splits, strict=True):
        by_title[title_key(wish.text)].add(name)
    assert all(len(names) == 1 for names in by_title.values())
    for stratum in ("chart", "theme"):
        counted = Counter(name for wish, name in zip(wishes, splits, strict=True) if wish.stratum == stratum)
        total = sum(counted.values())
        assert counted["test"] / total == pytest.approx(0.2, abs=0.05)
        assert counted["val"] / total == pytest.approx(0.1, abs=0.05)


def test_the_order_of_the_wishes_changes_nothing_and_the_seed_does():
    wishes = many()
    named = dict(zip([(w.text, w.tracks) for w in wishes], split(wishes, seed=4), strict=True))
    shuffled = random.Random(1).sample(wishes, len(wishes))
    assert dict(zip([(w.text, w.tracks) for w in shuffled], split(shuffled, seed=4), strict=True)) == named
    assert split(wishes, seed=5) != split(wishes, seed=4)


def test_each_wish_is_tested_under_some_seed():
    wishes = many(40)
    tested = {row for seed in range(40) for row, name in enumerate(split(wishes, seed=seed)) if name == "test"}
    assert len(tested) == len(wishes)


def test_short_lists_are_only_learned_from():
    wishes = [Wish(f"title {n}", tracks(10 * n, 4)) for n in range(30)]
    assert set(split(wishes, seed=1)) == {"train"}


def test_shares_are_options():
    wishes = many()
    assert set(split(wishes, seed=1, val=0.0, test=0.0)) == {"train"}
    assert split([], seed=1) == []
    for val, test in ((-0.1, 0.2), (0.5, 0.5), (float("nan"), 0.1)):
        with pytest.raises(RequestError, match="leave something to train on"):
            split(wishes, seed=1, val=val, test=test)


def test_what_was_learned_from_cannot_become_a_test():
    wishes = [Wish("a", tracks(0, 9)), Wish("A", tracks(50, 9)), Wish("b", tracks(90, 9)), Wish("B", tracks(200, 9))]
    assert mended([*wishes, Wish("c", tracks(300, 9))], ["test", "train", "test", "val", "test"]) == [
        "train", "train", "val", "val", "test",
    ]  # fmt: skip
    assert mended(wishes[:2], ["test", ""]) == ["train", ""]
