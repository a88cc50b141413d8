"""Figures of an annotator's last labels; Wilson's interval against SciPy's, the chance of runs against simulation."""

import numpy as np
import pytest
from scipy.stats import binomtest

from annotation.conduct import category_shares, chance_of_run, conduct, gold_score

CATEGORIES = ("a", "b", "c", "d")
EVEN = dict.fromkeys(CATEGORIES, 0.25)


@pytest.mark.parametrize(("right", "seen"), [(45, 50), (0, 10), (10, 10), (1, 2), (183, 200)])
def test_the_gold_score_is_wilsons(right, seen):
    score = gold_score(right, seen)
    interval = binomtest(right, seen).proportion_ci(method="wilson")
    assert score.share == right / seen
    assert (score.low, score.high) == pytest.approx((interval.low, interval.high), abs=1e-12)


def test_without_gold_questions_there_is_no_score():
    assert gold_score(0, 0) is None


def test_idle_time_is_cut():
    assert conduct([("a", 2.0), ("b", 3_600.0)], shares=EVEN).median_seconds == 31.0
    assert conduct([("a", None)], shares=EVEN).median_seconds is None


def test_nothing_to_describe():
    assert conduct([], shares=EVEN) == conduct([], shares={})
    assert conduct([], shares=EVEN).streak == 0


def test_haste_is_marked_from_one_in_twenty_on():
    steady = [(CATEGORIES[number % 4], 2.0) for number in range(100)]
    assert conduct(steady, shares=EVEN).look == ()
    assert conduct([*steady[:95], *[("a", 0.2), ("b", 0.2)] * 2, ("a", 0.2)], shares=EVEN).look == ()
    hasty = conduct([*steady[:94], *[("a", 0.2), ("b", 0.39)] * 3], shares=EVEN)
    assert (hasty.hasty, hasty.look) == (6, ("haste",))


def test_a_few_labels_are_no_ground_for_a_mark():
    assert conduct([("a", 0.1)] * 19, shares=EVEN).look == ()


def test_a_streak_is_marked_only_where_chance_hardly_makes_it():
    mixed = [(CATEGORIES[number % 4], 2.0) for number in range(80)]
    streak = conduct([*mixed, *[("c", 2.0)] * 15], shares=EVEN)
    assert (streak.streak, streak.streak_category, streak.look) == (15, "c", ("streak",))
    common = conduct([*mixed, *[("c", 2.0)] * 15], shares={"c": 0.8})
    assert common.look == ()


def test_the_chance_of_a_run_is_a_bound_and_not_far_off():
    draws = np.random.default_rng(2)
    hits = draws.random((4_000, 200)) < 0.3
    length = 6
    windows = np.lib.stride_tricks.sliding_window_view(hits, length, axis=1).all(axis=2).any(axis=1)
    assert windows.mean() <= chance_of_run(length, 200, 0.3) + 0.01
    assert chance_of_run(length, 200, 0.3) <= 1.3 * windows.mean()
    assert chance_of_run(0, 200, 0.3) == 1.0


def test_every_annotator_weighs_the_same():
    shares = category_shares([[("a", 1.0)] * 1_000, [("b", 1.0)] * 2, []], CATEGORIES)
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares["a"] == shares["b"] == pytest.approx((1 + 0.25) / 3)
    assert shares["d"] > 0
