from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.stats.anytime import STAKES, anytime_pairs, anytime_test, log_e_path
from evaluation.stats.davidson import ELO_PER_LOGIT
from evaluation.stats.errors import StatisticsError
from evaluation.stats.multiplicity import holm
from evaluation.stats.power import tie_parameter
from evaluation.stats.tables import JudgmentTable


def purse(scores, mean=0.0):
    """E by multiplication, as it is written down."""
    stakes = [stake / (1 + mean) if stake > 0 else stake / (1 - mean) for stake in STAKES]
    return np.mean([np.prod([1 + stake * (s - mean) for s in scores]) for stake in stakes])


def drawn(rng, studies, people, *, gap, sd, judgments=10, ties=0.15):
    """Score differences of participants, shape (studies, people)."""
    nu = tie_parameter(gap / ELO_PER_LOGIT, ties, sd)
    half = rng.normal(gap / ELO_PER_LOGIT, sd, (studies, people)) / 2
    up, down = np.exp(half), np.exp(-half)
    wins = rng.binomial(judgments, up / (up + down + nu))
    losses = rng.binomial(judgments - wins, down / (down + nu))
    return (wins - losses) / judgments


def test_the_stakes_are_39_from_minus_to_plus_095():
    assert len(STAKES) == 39 and STAKES[0] == -0.95 and STAKES[-1] == 0.95
    assert np.diff(STAKES) == pytest.approx(0.05)


def test_one_participant_by_hand():
    """E after s = 1 is the mean of 1 + stake, which is 1; after two it is 1 + the mean of the squared stakes."""
    assert log_e_path(np.array([1.0, 1.0])) == pytest.approx([0.0, np.log(1 + np.mean(STAKES**2))], abs=1e-12)


@given(st.lists(st.sampled_from([-1.0, -0.5, -1 / 3, 0.0, 0.2, 0.5, 1.0]), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_equals_multiplication(scores):
    expected = [np.log(purse(scores[: n + 1])) for n in range(len(scores))]
    assert log_e_path(np.array(scores)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("values", [(-1.0, 1.0), (-1.0, 0.0, 1.0), (-0.5, -0.2, 0.2, 0.5)])
@pytest.mark.parametrize("n", [1, 2, 4])
def test_is_a_martingale_under_the_null(values, n):
    """Over all equally likely next participants E keeps its mean, whatever came before; hence Ville's inequality."""
    for past in product(values, repeat=n):
        before = log_e_path(np.array(past))[-1]
        after = [log_e_path(np.array([*past, value]))[-1] for value in values]
        assert np.mean(np.exp(after)) == pytest.approx(np.exp(before), rel=1e-12)


def test_the_chance_to_ever_cross_is_below_alpha_by_counting():
    """All 2^14 sequences of a fair coin, a look after each: Ville with alpha = 0.2."""
    paths = log_e_path(np.array(list(product([-1.0, 1.0], repeat=14))))
    ever = (paths.max(axis=1) >= np.log(5)).mean()
    assert 0.02 < ever <= 0.2


def test_relabelling_the_systems_mirrors_the_result():
    scores = drawn(np.random.default_rng(3), 1, 80, gap=60, sd=0.5)[0]
    one, other = anytime_test(scores), anytime_test(-scores)
    assert other.log_e == pytest.approx(one.log_e, abs=1e-10)
    assert (other.p, other.crossed_at) == (pytest.approx(one.p), one.crossed_at)
    assert other.interval == pytest.approx((-one.interval[1], -one.interval[0]), abs=1e-6)


def test_long_runs_are_exact_and_do_not_overflow():
    """Half a million certain participants: log E is that of the largest stake, up to the other 38."""
    test = anytime_test(np.ones(500_000))
    assert test.log_e == pytest.approx(500_000 * np.log1p(0.95) - np.log(39), rel=1e-10)
    assert test.p == 1e-300 and test.crossed_at == 8
    ups_and_downs = anytime_test(np.tile([1.0, -1.0], 50_000))
    assert ups_and_downs.log_e == pytest.approx(np.log(1 / 39), abs=1e-9)  # only the stake of zero keeps its purse


def test_p_remembers_the_best_look():
    scores = np.array([1.0] * 12 + [-1.0] * 12)
    test = anytime_test(scores)
    assert test.log_e < 0 < test.largest_log_e
    assert test.p == pytest.approx(np.exp(-log_e_path(scores).max()))
    assert test.crossed_at == 8


@pytest.mark.parametrize(("people", "gap"), [(10, 0), (60, 100), (300, 40), (1_000, 20)])
def test_the_confidence_sequence_is_what_betting_leaves(people, gap):
    """Just outside an end some look has E ≥ 20 against that mean, just inside none has."""
    scores = drawn(np.random.default_rng(people), 1, people, gap=gap, sd=0.5)[0]
    low, high = anytime_test(scores).interval

    def largest(mean):
        stakes = np.where(STAKES > 0, STAKES / (1 + mean), STAKES / (1 - mean))
        paths = np.log1p(np.outer(stakes, scores - mean)).cumsum(axis=1)
        return np.log(np.exp(paths).mean(axis=0)).max()

    assert low < scores.mean() < high
    assert largest(low - 1e-6) >= np.log(20) or low == -1
    assert largest(high + 1e-6) >= np.log(20) or high == 1
    if people <= 256:  # every look narrows it then
        assert largest(low + 1e-6) < np.log(20) and largest(high - 1e-6) < np.log(20)


@pytest.mark.parametrize("seed", range(30))
def test_the_interval_leaves_out_zero_exactly_when_p_is_small(seed):
    rng = np.random.default_rng(seed)
    test = anytime_test(drawn(rng, 1, 400, gap=rng.uniform(0, 60), sd=0.5)[0])
    assert (test.interval[0] > 0 or test.interval[1] < 0) == (test.p <= 0.05)


def test_no_mean_is_left_when_the_preference_turned_round():
    assert anytime_test(np.array([1.0] * 60 + [-1.0] * 60)).interval is None


def test_without_participants_nothing_is_known():
    test = anytime_test(np.zeros(0))
    assert (test.p, test.mean, test.interval, test.crossed_at) == (1.0, None, (-1.0, 1.0), None)


@pytest.mark.parametrize("scores", [[1.5], [0.2, float("nan")], [-1.0001]])
def test_refuses_what_is_no_score(scores):
    with pytest.raises(StatisticsError, match="A score must lie between -1 and 1, got"):
        anytime_test(np.array(scores))


@pytest.mark.parametrize("alpha", [0.0, 1.0, -1.0])
def test_refuses_a_level_outside_its_bounds(alpha):
    with pytest.raises(StatisticsError, match="`alpha` must lie between 0 and 1"):
        anytime_test(np.zeros(3), alpha=alpha)


class TestPairs:
    def test_participants_enter_once_when_they_finish(self, judge):
        table = JudgmentTable.of(
            judge(
                [
                    ("early", "x", "y", "a"),  # finishes last
                    ("second", "y", "x", "b"),
                    ("second", "x", "y", "tie"),
                    ("third", "x", "y", "b"),
                    ("early", "y", "x", "b"),
                ]
            )
        )
        (pair,) = anytime_pairs(table).pairs
        scores = np.array([0.5, -1.0, 1.0])  # second, third, early: x wins are +1
        assert (pair.a, pair.b, pair.participants) == ("x", "y", 3)
        assert pair.log_e == pytest.approx(log_e_path(scores)[-1], abs=1e-12)
        assert pair.win_rate_a == pytest.approx((1 + scores.mean()) / 2)

    def test_the_order_of_finishing_matters_to_the_looks_alone(self, judge):
        rows = [(f"p{at:02d}", "x", "y", "a" if at < 12 else "b") for at in range(24)]
        forward, backward = (anytime_pairs(JudgmentTable.of(judge(order))).pairs[0] for order in (rows, rows[::-1]))
        assert forward.log_e == pytest.approx(backward.log_e, abs=1e-12)
        mixed = anytime_pairs(
            JudgmentTable.of(judge([row for two in zip(rows[:12], rows[12:], strict=True) for row in two]))
        )
        assert forward.p_anytime < 0.05 < mixed.pairs[0].p_anytime

    def test_who_may_still_judge_is_left_out_whole(self, judge):
        rows = [(f"p{at}", "x", "y", "a") for at in range(8)]
        table = JudgmentTable.of(judge(rows))
        seven = anytime_pairs(table, complete=[f"p{at}" for at in range(7)])
        assert (seven.participants, seven.left_out, seven.pairs[0].participants) == (7, 1, 7)
        assert anytime_pairs(table).left_out == 0
        nobody = anytime_pairs(table, complete=[])
        assert (nobody.participants, nobody.left_out) == (0, 8)
        assert (nobody.pairs[0].win_rate_a, nobody.pairs[0].win_rate_a_ci, nobody.pairs[0].e) == (None, (0.0, 1.0), 1.0)

    def test_refuses_somebody_unknown(self, judge):
        table = JudgmentTable.of(judge([("p", "x", "y", "a")]))
        with pytest.raises(StatisticsError, match="There is no participant 'q' in the judgments"):
            anytime_pairs(table, complete=["q"])

    def test_holm_over_pairs(self, simulated):
        table = simulated(np.random.default_rng(4), 1_500, [0.6, 0.2, -0.4], 100, taste=0.3)
        pairs = anytime_pairs(table).pairs
        assert len(pairs) == 3
        assert [pair.p_anytime_holm for pair in pairs] == holm([pair.p_anytime for pair in pairs])

    def test_no_judgments_no_pairs(self):
        found = anytime_pairs(JudgmentTable.of([], ["x", "y"]))
        assert (found.pairs, found.participants, found.left_out) == ((), 0, 0)

    def test_is_part_of_the_analysis(self, judge):
        from evaluation.stats.analysis import analyze

        judgments = judge([(f"p{at}", "x", "y", "a" if at % 4 else "b") for at in range(20)])
        said = analyze(judgments, replicates=20, complete=[f"p{at}" for at in range(19)]).as_json()["anytime"]
        assert said["stopping"] == "You may stop at any time."
        assert said["fixed_stopping"] == "Valid only if the number of participants was fixed beforehand."
        assert (said["participants"], said["left_out"], said["alpha"]) == (19, 1, 0.05)
        assert set(said["pairs"][0]) == {
            "a", "b", "participants", "win_rate_a", "win_rate_a_ci", "e", "log_e", "p_anytime", "p_anytime_holm",
            "crossed_at",
        }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("sd", [0.0, 0.5, 1.0])
def test_false_alarms_stay_below_five_percent_with_a_look_after_every_participant(sd):
    """2,000 null studies of 500 participants, 10 judgments each; the error of the rate is at most 0.005."""
    paths = log_e_path(drawn(np.random.default_rng(11), 2_000, 500, gap=0, sd=sd))
    assert (paths.max(axis=1) >= np.log(20)).mean() <= 0.05


@pytest.mark.slow
@pytest.mark.parametrize(("sd", "most"), [(0.0, 90), (0.5, 120), (1.0, 230)])
def test_forty_elo_are_found_soon(sd, most):
    """Research: a median of 79, 104 and 208 participants."""
    paths = log_e_path(drawn(np.random.default_rng(12), 1_000, 600, gap=40, sd=sd))
    crossed = paths >= np.log(20)
    first = np.where(crossed.any(axis=1), crossed.argmax(axis=1) + 1, 10_000)
    assert np.median(first) <= most


@pytest.mark.slow
@pytest.mark.parametrize("gap", [0, 60])
def test_the_confidence_sequence_holds_the_truth_at_all_looks(gap):
    """500 studies of 200 participants; the running intersection misses in at most 5 %, None counts as a miss."""
    studies = drawn(np.random.default_rng(13), 500, 200, gap=gap, sd=0.5)
    truth = drawn(np.random.default_rng(14), 1_000, 2_000, gap=gap, sd=0.5).mean()
    held = [
        interval is not None and interval[0] <= truth <= interval[1]
        for interval in (anytime_test(study).interval for study in studies)
    ]
    assert np.mean(held) >= 0.95
