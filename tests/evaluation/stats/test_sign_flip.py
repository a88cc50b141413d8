from itertools import product

import numpy as np
import pytest
from scipy.stats import permutation_test

from evaluation.stats.sign_flip import EXACT, sign_flip_test
from evaluation.stats.simulation.studies import draw_pair


def by_hand(differences):
    observed = abs(sum(differences))
    sums = [
        abs(sum(s * d for s, d in zip(signs, differences, strict=True)))
        for signs in product((1, -1), repeat=len(differences))
    ]
    return np.mean([total >= observed - 1e-12 for total in sums])


@pytest.mark.parametrize("people", [1, 2, 5, 6, 9])
def test_equals_counting_by_hand(people):
    differences = np.random.default_rng(people).choice([-0.5, -1 / 6, 0.0, 0.1, 1 / 3, 0.5], people)
    test = sign_flip_test(differences, np.random.default_rng(0))
    assert test.p == pytest.approx(by_hand(differences), abs=1e-12)
    assert test.test == EXACT
    assert test.statistic == pytest.approx(differences.mean())


def test_equals_scipys_permutation_test():
    differences = np.random.default_rng(1).normal(0.1, 0.3, 11)
    theirs = permutation_test((differences,), np.sum, permutation_type="samples", n_resamples=np.inf)
    assert sign_flip_test(differences, np.random.default_rng(0)).p == pytest.approx(theirs.pvalue, abs=1e-12)


@pytest.mark.parametrize(("people", "smallest"), [(5, 2 / 32), (6, 2 / 64), (20, 2 / 2**20)])
def test_the_smallest_p(people, smallest):
    assert sign_flip_test(np.full(people, 0.5), np.random.default_rng(0)).p == pytest.approx(smallest)


def test_many_participants_are_sampled_and_p_is_never_zero():
    test = sign_flip_test(np.full(40, 0.5), np.random.default_rng(0))
    assert test.p == 1 / 10_001
    assert "10000 random flips" in test.test


def test_sampled_and_counted_agree():
    differences = np.random.default_rng(2).normal(0.08, 0.3, 20)
    counted = sign_flip_test(differences, np.random.default_rng(0))
    sampled = sign_flip_test(np.append(differences, 1e-12), np.random.default_rng(0))
    assert counted.test == EXACT != sampled.test
    assert sampled.p == pytest.approx(counted.p, abs=0.02)


def test_participants_without_a_difference_change_nothing_but_the_mean():
    differences = np.array([0.5, 0.5, -0.2, 0.1, 0.3, 0.5])
    padded = np.append(differences, np.zeros(30))
    assert sign_flip_test(padded, np.random.default_rng(0)).p == sign_flip_test(differences, np.random.default_rng(0)).p
    assert sign_flip_test(np.zeros(4), np.random.default_rng(0)).p == 1.0


@pytest.mark.slow
@pytest.mark.parametrize("taste", [0.0, 0.5, 1.0])
@pytest.mark.parametrize(("people", "judgments"), [(20, 4), (20, 13), (60, 10)])
def test_false_alarms_stay_at_five_percent(people, judgments, taste):
    """The participant-level tests hold their level; 2,000 null studies, so the error of the rate is 0.005."""
    from evaluation.stats.rank_tests import cluster_mann_whitney, mann_whitney
    from evaluation.stats.signed_rank import signed_rank_test

    rng = np.random.default_rng(people * judgments)
    rejected = np.zeros(4)
    for _ in range(2_000):
        half = rng.normal(0.0, taste, people)[:, None] / 2
        draw = rng.random((people, judgments)) * (np.exp(half) + np.exp(-half) + 0.16)
        wins = (draw < np.exp(half)).sum(axis=1)
        losses = ((draw >= np.exp(half)) & (draw < np.exp(half) + np.exp(-half))).sum(axis=1)
        counts = np.column_stack([wins, losses, judgments - wins - losses]).astype(float)
        flipped = sign_flip_test((wins - losses) / 2 / judgments, rng, flips=999)
        rejected += [
            flipped.p <= 0.05,
            signed_rank_test((wins - losses) / 2 / judgments).p <= 0.05,
            (cluster_mann_whitney(counts).p or 1.0) <= 0.05,
            mann_whitney(*map(int, counts.sum(axis=0))).p <= 0.05,
        ]
    assert (rejected[:3] / 2_000 <= 0.065).all()
    assert rejected[3] / 2_000 > 0.12  # the independence it assumes does not hold


def attained_level(halves: np.ndarray) -> float:
    """The largest chance, at most 5 %, with which random signs of these whole numbers can be rejected."""
    chances = np.ones(1)
    for size in halves[halves > 0]:
        chances = np.convolve(chances, np.eye(1, 2 * size + 1)[0] / 2 + np.eye(1, 2 * size + 1, 2 * size)[0] / 2)
    distance = np.abs(np.arange(len(chances)) - len(chances) // 2)
    tail = np.bincount(distance, chances)[::-1].cumsum()
    return max(tail[tail <= 0.05 + 1e-12], default=0.0)


def test_four_judgments_of_twenty_participants_reach_the_level_that_is_wanted():
    """The coarsest cell of `simulate level`. Its level is a mean over patterns, each of which has an exact one."""
    rng = np.random.default_rng(0)
    counts = draw_pair(rng, (1500, 20), 4, taste=0.0)
    halves = np.abs(counts[..., 0] - counts[..., 1]).astype(int)
    levels = np.array([attained_level(row) for row in halves])
    assert levels.mean() == pytest.approx(0.0365, abs=3 * 0.0074 / np.sqrt(1500))  # 20,000 other patterns: mean, sd
    pattern = halves[0]
    chances = [sign_flip_test(signs * pattern / 8, rng).p for signs in rng.choice([-1, 1], (2000, 20))]
    assert np.mean(np.array(chances) <= 0.05) == pytest.approx(levels[0], abs=3 * np.sqrt(0.05 * 0.95 / 2000))
