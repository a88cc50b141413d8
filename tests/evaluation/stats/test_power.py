from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm
from scipy.stats import t as student
from statsmodels.stats.power import TTestPower

from evaluation.stats.davidson import ELO_PER_LOGIT
from evaluation.stats.errors import StatisticsError
from evaluation.stats.power import (
    ANALYSES,
    BRADLEY_TERRY,
    Plan,
    fewest_participants,
    judgments_by_formula,
    need,
    outlook,
    power_of,
    smallest_gap,
    tie_parameter,
)

GAPS = (10, 20, 30, 50, 75, 100, 150, 200)
# Judgments for 80 % power at 5 % two-sided and 15 % ties, as the normal approximation gave them elsewhere
TABLE = {
    1: (11_150, 2_790, 1_242, 450, 202, 115, 53, 32),
    3: (14_873, 3_722, 1_657, 600, 270, 154, 72, 43),
    190: (28_651, 7_172, 3_194, 1_157, 521, 298, 139, 84),
}
ALONE = Plan(taste_sd=0, judgments_each=1)  # everybody judges once


@pytest.mark.parametrize("pairs", sorted(TABLE))
def test_the_table_of_judgments(pairs):
    found = [need(replace(ALONE, gap=gap, alpha=0.05 / pairs)).judgments_per_pair for gap in GAPS]
    assert found == list(TABLE[pairs])


def test_three_and_twenty_systems_are_corrected_for_their_pairs():
    assert need(replace(ALONE, systems=3)).judgments_per_pair == 600
    twenty = need(replace(ALONE, systems=20, gap=100))
    assert (twenty.judgments_per_pair, twenty.judgments) == (298, 298 * 190)


def test_the_chances_of_the_table():
    wins = [round(outlook(replace(ALONE, gap=gap)).win, 3) for gap in GAPS]
    assert wins == [0.514, 0.529, 0.543, 0.571, 0.606, 0.640, 0.703, 0.760]


@pytest.mark.parametrize(("sd", "measured", "effect"), [(0.3, 0.018, 1.17), (0.5, 0.048, 1.44), (1.0, 0.156, 2.40)])
def test_the_correlation_is_the_measured_one(sd, measured, effect):
    found = outlook(Plan(gap=1e-9, taste_sd=sd)).correlation
    assert found == pytest.approx(measured, abs=0.003)
    assert 1 + 9 * found == pytest.approx(effect, abs=0.03)


@pytest.mark.parametrize(("gap", "ties", "sd"), [(0.3, 0.15, 0.5), (1.0, 0.0, 1.0), (0.1, 0.4, 0.3)])
def test_the_moments_equal_adaptive_integration(gap, ties, sd):
    nu = tie_parameter(gap, ties, sd)

    def over_tastes(f):
        return quad(
            lambda u: f(np.exp((gap + u) / 2), np.exp(-(gap + u) / 2)) * norm.pdf(u, scale=sd), -12 * sd, 12 * sd
        )[0]

    win, loss = (
        over_tastes(lambda up, down: up / (up + down + nu)),
        over_tastes(lambda up, down: down / (up + down + nu)),
    )
    squared = over_tastes(lambda up, down: ((up - down) / (up + down + nu)) ** 2)
    found = outlook(Plan(gap=gap * ELO_PER_LOGIT, ties=ties, taste_sd=sd))
    assert 1 - win - loss == pytest.approx(ties, abs=1e-9)
    assert found.win == pytest.approx(win / (win + loss), abs=1e-9)
    assert found.mean == pytest.approx(win - loss, abs=1e-9)
    assert found.between == pytest.approx(squared - (win - loss) ** 2, abs=1e-9)
    assert found.between + found.within == pytest.approx(win + loss - (win - loss) ** 2, abs=1e-9)


def test_the_formula_with_clusters_by_hand():
    plan = Plan(gap=60, ties=0.2, judgments_each=8, taste_sd=0.7)
    seen = outlook(plan)
    p = seen.win
    independent = ((1.959964 / 2 + 0.841621 * np.sqrt(p * (1 - p))) / (p - 0.5)) ** 2 / 0.8
    assert judgments_by_formula(plan) == pytest.approx(independent * (1 + 7 * seen.correlation), rel=1e-6)


def test_a_bradley_terry_fit_needs_two_kths():
    direct, fitted = (replace(ALONE, systems=5, gap=80, analysis=analysis) for analysis in ANALYSES)
    assert judgments_by_formula(fitted) == pytest.approx(2 / 5 * judgments_by_formula(direct), rel=1e-9)
    two = Plan(analysis=BRADLEY_TERRY)
    assert judgments_by_formula(two) == pytest.approx(judgments_by_formula(Plan()), rel=1e-9)


def test_the_contrast_of_a_complete_design_has_the_variance_behind_two_kths():
    """Unit information per judgment: a contrast among K systems has 2/K of the variance of its pair alone."""
    for k in (2, 3, 7):
        laplacian = k * np.eye(k) - 1
        contrast = np.zeros(k)
        contrast[:2] = 1, -1
        assert contrast @ np.linalg.pinv(laplacian) @ contrast == pytest.approx(2 / k)


def test_power_is_that_of_a_t_test_by_participant():
    """statsmodels' one-sample t power, of the mean less half a step of the flipped sum."""
    plan = Plan(gap=80, judgments_each=6, taste_sd=0.8)
    seen = outlook(plan)
    for people in (6, 20, 60, 400):
        effect = (seen.mean - 1 / (6 * people)) / np.sqrt(seen.between + seen.within / 6)
        theirs = TTestPower().power(effect, people, 0.025, alternative="larger")
        assert power_of(plan, people) == pytest.approx(theirs, abs=1e-6)


def test_wald_has_the_slope_of_the_log_odds():
    """Two systems without ties or tastes: Wald's signal is logit(p) p (1 - p), the delta method's."""
    plan = Plan(gap=200, ties=0, taste_sd=0, judgments_each=5, analysis=BRADLEY_TERRY)
    p = outlook(plan).win
    effect = np.log(p / (1 - p)) * np.sqrt(p * (1 - p)) * np.sqrt(5)
    theirs = TTestPower().power(effect, 12, 0.025, alternative="larger")
    assert power_of(plan, 12) == pytest.approx(theirs, abs=1e-6)


@pytest.mark.parametrize("analysis", sorted(ANALYSES))
@pytest.mark.parametrize("systems", [2, 3, 6])
@pytest.mark.parametrize(("gap", "each", "sd"), [(40, 1, 0.0), (60, 10, 0.5), (150, 25, 1.0)])
def test_the_need_is_enough_and_not_much_more(analysis, systems, gap, each, sd):
    plan = Plan(gap=gap, judgments_each=each, taste_sd=sd, systems=systems, analysis=analysis)
    found = need(plan)
    assert found.power >= plan.power
    assert found.collected >= found.judgments - systems**2 * each
    fewer = found.participants - 1
    too_few_judgments = fewer * each / plan.pairs < found.judgments_per_pair
    assert power_of(plan, fewer) < plan.power or too_few_judgments


def test_everything_moves_the_right_way():
    base = need(Plan()).participants
    assert need(Plan(gap=70)).participants < base < need(Plan(gap=35)).participants
    assert need(Plan(taste_sd=0.2)).participants < base < need(Plan(taste_sd=1)).participants
    assert need(Plan(ties=0.05)).participants < base < need(Plan(ties=0.4)).participants
    assert need(Plan(power=0.7)).participants < base < need(Plan(power=0.95)).participants
    assert need(Plan(alpha=0.1)).participants < base < need(Plan(systems=4)).participants
    assert need(Plan(judgments_each=40)).participants < base < need(Plan(judgments_each=3)).participants


def test_more_judgments_of_the_same_people_do_not_replace_people():
    """With tastes the power of 20 participants has a ceiling, however often they judge."""
    ceiling = power_of(Plan(gap=60, taste_sd=1, judgments_each=10_000), 20)
    assert power_of(Plan(gap=60, taste_sd=1, judgments_each=100), 20) == pytest.approx(ceiling, abs=0.05)
    assert ceiling < 0.35


@pytest.mark.parametrize("people", [12, 40, 300, 5_000])
def test_the_smallest_gap_is_the_inverse_of_power(people):
    plan = Plan(systems=3)
    gap = smallest_gap(plan, people)
    assert power_of(replace(plan, gap=gap), people) == pytest.approx(0.8, abs=1e-4)


def test_the_published_study_could_find_about_130_elo():
    """254 judgments by 20 participants on three pairs, no correction: 120 were it not that tastes blur the mean too."""
    plan = Plan(systems=2, judgments_each=254 / 60, taste_sd=0.5)
    assert judgments_by_formula(replace(plan, gap=135)) <= 85 <= judgments_by_formula(replace(plan, gap=125))
    assert smallest_gap(plan, 20) == pytest.approx(140, abs=10)


def test_too_few_participants_have_no_power_at_all():
    assert [power_of(Plan(gap=2_000), people) for people in (1, 5)] == [0.0, 0.0]
    assert power_of(Plan(gap=2_000), 6) > 0.9
    assert smallest_gap(Plan(), 5) is None
    assert fewest_participants(Plan()) == 6  # 2/2^6 = .031
    assert fewest_participants(Plan(systems=3)) == 7  # 2/2^7 = .0156 against .0167
    assert fewest_participants(Plan(systems=3, judgments_each=1)) == 21  # a third of them meets a pair


def test_far_beyond_the_need_power_is_one_without_a_warning():
    assert power_of(Plan(gap=1_500, analysis=BRADLEY_TERRY), 1_000) == pytest.approx(1.0)
    assert power_of(Plan(gap=400), 1_000_000) == 1.0


def test_t_and_normal_meet():
    below, above = power_of(Plan(gap=8), 2_000), power_of(Plan(gap=8), 2_002)
    assert below == pytest.approx(above, abs=1e-3)
    assert student.isf(0.025, 2_000) == pytest.approx(norm.isf(0.025), abs=2e-3)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"gap": 0}, "The gap must be above 0 and at most 2000 Elo, got 0."),
        ({"gap": float("nan")}, "The gap must be above 0"),
        ({"gap": 2001}, "got 2001."),
        ({"ties": 1}, "The share of ties must be at least 0 and at most 0.95, got 1."),
        ({"ties": -0.1}, "The share of ties"),
        ({"judgments_each": 0.5}, "The judgments per participant must be at least 1"),
        ({"taste_sd": 6}, "The taste SD must be at least 0 and at most 5"),
        ({"systems": 1}, "The number of systems must be at least 2"),
        ({"power": 0.04}, "The power must be above the level"),
        ({"power": 1}, "The power must be above the level and at most 0.999, got 1."),
        ({"alpha": 0}, "The level must be at least 0.000001 and below 0.5, got 0."),
        ({"analysis": "bayes"}, "The analysis must be one of direct, bradley-terry, got 'bayes'."),
    ],
)
def test_refusals(wrong, words):
    with pytest.raises(StatisticsError) as refused:
        Plan(**wrong)
    assert words in str(refused.value)


def test_refuses_what_nobody_could_collect():
    with pytest.raises(StatisticsError, match="more than 10,000,000 participants"):
        need(Plan(gap=0.5, systems=20))
    with pytest.raises(StatisticsError, match="The participants must be between 1 and 10000000, got 0"):
        power_of(Plan(), 0)
