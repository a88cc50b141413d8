from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from evaluation.sampling import draw

SYSTEMS = [11, 7, 3, 20]
PAIRS = list(combinations(sorted(SYSTEMS), 2))


def pair_of(number: int, seed: str = "s") -> tuple[int, int]:
    drawn = draw(seed=seed, number=number, systems=SYSTEMS, firsts_before=[])
    return (min(drawn.first, drawn.second), max(drawn.first, drawn.second))


@given(seed=st.text(min_size=1, max_size=20), block=st.integers(0, 10_000))
def test_every_block_holds_every_pair_once(seed, block):
    drawn = [pair_of(block * len(PAIRS) + position, seed) for position in range(len(PAIRS))]
    assert sorted(drawn) == PAIRS


def test_blocks_come_in_different_orders():
    orders = {tuple(pair_of(block * len(PAIRS) + position) for position in range(len(PAIRS))) for block in range(50)}
    assert len(orders) > 40


def test_a_draw_can_be_replayed_and_depends_on_the_seed():
    drawn = [draw(seed="a", number=n, systems=SYSTEMS, firsts_before=[]) for n in range(200)]
    assert drawn == [draw(seed="a", number=n, systems=SYSTEMS[::-1], firsts_before=[]) for n in range(200)]
    assert drawn != [draw(seed="b", number=n, systems=SYSTEMS, firsts_before=[]) for n in range(200)]


def test_stored_probability_is_the_frequency_of_the_pair():
    first_positions = Counter(pair_of(block * len(PAIRS)) for block in range(6000))
    assert stats.chisquare([first_positions[pair] for pair in PAIRS]).pvalue > 0.001
    assert draw(seed="s", number=0, systems=SYSTEMS, firsts_before=[]).pair_probability == pytest.approx(1 / 6)


def test_sides_are_a_fair_coin_at_the_first_meeting():
    firsts = Counter(
        drawn.first < drawn.second
        for number in range(10_000)
        for drawn in [draw(seed="coin", number=number, systems=SYSTEMS, firsts_before=[])]
    )
    assert stats.binomtest(firsts[True], 10_000).pvalue > 0.001
    assert draw(seed="s", number=0, systems=SYSTEMS, firsts_before=[]).side_probability == 0.5


@given(seed=st.text(min_size=1, max_size=8), trials=st.integers(1, 80))
def test_sides_of_a_pair_differ_by_at_most_one_for_a_participant(seed, trials):
    seen: list[tuple[int, int]] = []
    for number in range(trials):
        drawn = draw(seed=seed, number=number, systems=SYSTEMS, firsts_before=seen)
        seen.append((drawn.first, drawn.second))
    counts = Counter(seen)
    assert all(abs(counts[a, b] - counts[b, a]) <= 1 for a, b in PAIRS)


def test_the_second_meeting_is_certain_and_says_so():
    first = draw(seed="s", number=0, systems=[1, 2], firsts_before=[])
    second = draw(seed="s", number=1, systems=[1, 2], firsts_before=[(first.first, first.second)])
    assert (second.first, second.second, second.side_probability) == (first.second, first.first, 1.0)


@pytest.mark.parametrize("systems", [[], [1], [1, 1]])
def test_fewer_than_two_systems_are_refused(systems):
    with pytest.raises(ValueError, match="at least two systems"):
        draw(seed="s", number=0, systems=systems, firsts_before=[])
