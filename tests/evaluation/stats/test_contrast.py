import numpy as np
import pytest
from scipy.stats import t as student

from evaluation.stats.contrast import rate_difference
from evaluation.stats.draws import Draws, participant_keys


def compared(scores, judgments, *, seed=0, replicates=4000, level=0.95):
    draws = Draws(seed, participant_keys([f"p{number}" for number in range(len(scores))]))
    scores, judgments = np.array(scores, float), np.array(judgments, float)
    return rate_difference(scores, judgments, draws, replicates=replicates, level=level)


def test_other_people_in_each_group_is_the_two_sample_error():
    # 40 people judged once in the first group (24 wins), 40 others once in the second (12 wins): the variance of each
    # share is p q / (n - 1); that the number drawn into each group varies adds about one in eighty
    scores = np.zeros((80, 2))
    scores[:24, 0] = scores[40:52, 1] = 1
    judgments = np.repeat(np.eye(2), 40, axis=0)
    found = compared(scores, judgments, replicates=40_000)
    assert found.value == pytest.approx(0.3)
    assert found.error == pytest.approx(np.sqrt((0.24 + 0.21) / 39), rel=0.03)
    assert (found.df, found.replicates) == (39, 40_000)


def test_the_same_people_in_both_groups_is_the_paired_error():
    # each of 30 people judges once in each group, and in the second as in the first but for every fifth: the error is
    # that of the mean of 30 differences, 24 of 0 and 6 of 1
    first = np.arange(30) % 2
    first[::5] = 1
    second = first.copy()
    second[::5] = 0
    found = compared(np.column_stack([first, second]), np.ones((30, 2)), replicates=40_000)
    differences = first - second
    assert found.value == pytest.approx(0.2)
    assert found.error == pytest.approx(differences.std(ddof=1) / np.sqrt(30), rel=0.02)


def test_interval_and_p_follow_from_the_error():
    found = compared([[2, 1], [1, 1], [3, 0], [1, 2], [2, 0], [2, 1]], [[3, 3]] * 6)
    assert found.statistic == pytest.approx(found.value / found.error)
    reach = student.ppf(0.975, 5) * found.error
    assert found.interval == pytest.approx((found.value - reach, found.value + reach))
    assert found.p == pytest.approx(2 * student.sf(found.value / found.error, 5))


def test_unanimous_groups_by_hand():
    # eight people, all for the first system in one group and all against it in the other: each Wilson interval on n = 8
    # with t(0.975, 7) = 2.36462 reaches 0.41141 from its rate, which is 0.17399 standard errors
    found = compared([[3, 0]] * 8, [[3, 3]] * 8)
    assert found.value == 1
    assert found.error == pytest.approx(np.sqrt(2) * 0.17399, abs=1e-4)
    assert found.interval == pytest.approx((1 - 2.36462 * found.error, 1.0), rel=1e-4)


def test_one_unanimous_group_adds_its_own_openness():
    mixed = [[3, score] for score in (0, 1, 2, 3, 0, 1, 2, 3)]
    found = compared(mixed, [[3, 3]] * 8, replicates=40_000)
    spread = np.std([0, 1, 2, 3] * 2, ddof=1) / 3 / np.sqrt(8)
    assert found.error == pytest.approx(np.hypot(spread, 0.17399), rel=0.02)


def test_people_who_say_the_same_in_both_groups_leave_it_open():
    same = [[score, score] for score in (0, 1, 2, 3, 0, 1, 2, 3)]
    found = compared(same, [[3, 3]] * 8)
    assert found.value == 0 and found.p == 1
    assert found.interval[0] < -0.2 and found.interval[1] > 0.2


def test_swapping_the_groups_turns_the_sign():
    scores, judgments = (
        [[2, 1], [1, 0], [3, 1], [0, 2], [2, 0], [2, 1]],
        [[3, 2], [2, 1], [4, 3], [1, 4], [3, 1], [2, 2]],
    )
    one = compared(scores, judgments)
    other = compared(np.flip(scores, axis=1), np.flip(judgments, axis=1))
    assert other.value == pytest.approx(-one.value)
    assert other.interval == pytest.approx((-one.interval[1], -one.interval[0]))
    assert other.p == pytest.approx(one.p)


@pytest.mark.parametrize("judgments", [[[1, 1], [1, 0], [1, 0]], [[0, 1], [0, 1]]])
def test_fewer_than_two_people_in_a_group_tell_nothing(judgments):
    assert compared(np.array(judgments) / 2, judgments) is None


def test_resamples_without_a_group_are_left_aside():
    judgments = [[1, 0]] * 10 + [[1, 1]] * 2
    found = compared([[at % 2, at % 3 == 0] for at in range(12)], judgments, replicates=4000)
    # nobody of the second group is drawn with probability e^-2 = 0.135
    assert found.replicates == pytest.approx(4000 * 0.865, rel=0.02)


def simulated(rng, participants, per_person, *, taste, gap, tie=0.25):
    """Judgments of a pair by people with tastes of their own; `gap`: what the first group adds to the log-odds."""
    own = rng.normal(0, taste, participants)
    judged = rng.poisson(per_person, (participants, 2))
    chance = 1 / (1 + np.exp(-(own[:, None] + [gap, 0])))
    ties = rng.binomial(judged, tie)
    return rng.binomial(judged - ties, chance) + ties / 2, judged.astype(float)


def true_difference(*, taste, gap, tie=0.25):
    """By Gauss-Hermite quadrature over tastes."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    first, second = (1 / (1 + np.exp(-(taste * nodes + add))) for add in (gap, 0))
    return (1 - tie) * float((weights * (first - second)).sum() / weights.sum())


def coverage(participants, per_person, *, taste, gap, studies):
    rng = np.random.default_rng(0)
    truth = true_difference(taste=taste, gap=gap)
    held, false_alarms, asked = 0, 0, 0
    for study in range(studies):
        scores, judged = simulated(rng, participants, per_person, taste=taste, gap=gap)
        if (judged > 0).sum(axis=0).min() < 6 or judged.sum(axis=0).min() < 20:
            continue
        found = compared(scores, judged, seed=study, replicates=200)
        asked += 1
        held += found.interval[0] <= truth <= found.interval[1]
        false_alarms += found.p < 0.05
    return held / asked, false_alarms / asked


def test_coverage_and_level_in_short():
    held, false_alarms = coverage(10, 4, taste=1.0, gap=0.0, studies=300)
    assert 0.92 <= held <= 0.98 and false_alarms == pytest.approx(1 - held)


@pytest.mark.slow
@pytest.mark.parametrize("gap", [0.0, 1.0])
@pytest.mark.parametrize(("participants", "per_person"), [(6, 5), (12, 3), (40, 1), (100, 2)])
@pytest.mark.parametrize("taste", [0.0, 1.5])
def test_coverage(participants, per_person, taste, gap):
    held, _ = coverage(participants, per_person, taste=taste, gap=gap, studies=2000)
    assert 0.93 <= held <= 0.975
