from fractions import Fraction
from math import ceil

import pytest

from annotation.active.errors import ActiveLearningError
from annotation.active.ordering import Pick, rank_batch, split_pool

PICKS = [f"chosen-{number}" for number in range(90)]
RESERVE = [f"drawn-{number}" for number in range(200)]


def test_a_tenth_is_every_tenth_place_and_each_part_keeps_its_order():
    ranked = rank_batch(PICKS, RESERVE, strategy="margin", random_share=0.1)
    assert [pick.rank for pick in ranked] == list(range(1, 101))
    assert [pick.rank for pick in ranked if pick.origin == "random"] == list(range(1, 101, 10))
    assert [pick.item for pick in ranked if pick.origin == "random"] == RESERVE[:10]
    assert [pick.item for pick in ranked if pick.origin == "margin"] == PICKS


@pytest.mark.parametrize("share", [0.1, 0.15, 0.2, 0.25, 1 / 3, 0.5, 0.7, 0.9])
def test_every_beginning_of_the_batch_has_the_share(share):
    ranked = rank_batch(PICKS, RESERVE, strategy="entropy", random_share=share)
    exact, drawn = Fraction(share).limit_denominator(10_000), 0
    for pick in ranked:
        drawn += pick.origin == "random"
        assert drawn == min(ceil(pick.rank * exact), len(RESERVE))


def test_a_used_up_reserve_leaves_the_picks_and_used_up_picks_leave_the_reserve():
    assert [pick.item for pick in rank_batch(["a", "b"], [], strategy="margin", random_share=0.5)] == ["a", "b"]
    assert rank_batch([], ["c"], strategy="margin", random_share=0.1) == [Pick("c", 1, "random")]
    assert rank_batch([], [], strategy="margin", random_share=0.1) == []
    all_random = rank_batch(["a"], ["b", "c"], strategy="margin", random_share=1)
    assert [pick.item for pick in all_random] == ["b", "c", "a"]


@pytest.mark.parametrize("share", [0, 0.0999, 1.001, -1, float("nan")])
def test_less_than_a_tenth_at_random_is_refused(share):
    with pytest.raises(ActiveLearningError, match=r"random share must be between 0\.1 and 1, got"):
        rank_batch(PICKS, RESERVE, strategy="margin", random_share=share)
    with pytest.raises(ActiveLearningError, match=r"random share must be between 0\.1 and 1, got"):
        split_pool(PICKS, random_share=share, seed=1)


@pytest.mark.parametrize(("picks", "reserve"), [(["a", "b"], ["b"]), (["a", "a"], []), ([], ["a", "a"])])
def test_an_item_has_one_origin(picks, reserve):
    with pytest.raises(ActiveLearningError, match="stands among picks and reserve twice"):
        rank_batch(picks, reserve, strategy="margin", random_share=0.1)


def test_the_random_part_is_the_share_and_never_moves():
    items = [f"q{number}" for number in range(20_000)]
    pool = split_pool(items, random_share=0.1, seed=5)
    assert sorted([*pool.candidates, *pool.reserve]) == sorted(items)
    assert 1850 < len(pool.reserve) < 2150  # 2,000 and three standard deviations of 42
    part = split_pool(items[5000:9000][::-1], random_share=0.1, seed=5)
    assert part.reserve == tuple(item for item in pool.reserve if item in set(items[5000:9000]))
    assert set(pool.reserve) != set(split_pool(items, random_share=0.1, seed=6).reserve)
    assert set(pool.reserve) < set(split_pool(items, random_share=0.2, seed=5).reserve)


def test_the_random_part_is_not_in_the_order_of_the_file():
    reserve = split_pool(range(20_000), random_share=0.1, seed=1).reserve
    first_half = reserve[: len(reserve) // 2]
    assert 9000 < sum(first_half) / len(first_half) < 11_000
