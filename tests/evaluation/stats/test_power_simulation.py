from dataclasses import replace

import numpy as np
import pytest

from evaluation.stats.davidson import ELO_PER_LOGIT
from evaluation.stats.errors import StatisticsError
from evaluation.stats.power import BRADLEY_TERRY, Plan, outlook, power_of
from evaluation.stats.power_simulation import StudyModel, draw_studies, simulate_power


def test_studies_have_the_moments_of_the_plan():
    plan = Plan(gap=80, ties=0.2, taste_sd=0.8, judgments_each=6)
    counts = draw_studies(StudyModel.of_plan(plan), 500, 6, 200, np.random.default_rng(0))
    scores = (counts[..., 0] - counts[..., 1])[:, :, 0] / 6
    seen = outlook(plan)
    assert counts.sum(axis=3).min() == counts.sum(axis=3).max() == 6
    assert counts[..., 2].mean() / 6 == pytest.approx(0.2, abs=0.004)
    assert scores.mean() == pytest.approx(seen.mean, abs=0.005)
    assert scores.var() == pytest.approx(seen.between + seen.within / 6, rel=0.02)


def test_judgments_are_balanced_within_each_participant():
    model = StudyModel(tuple("wxyz"), (0.0,) * 4, 0.3, 0.0)
    n = draw_studies(model, 60, 8, 50, np.random.default_rng(1)).sum(axis=3)
    assert (n.sum(axis=2) == 8).all() and set(np.unique(n)) == {1, 2}
    assert n.mean(axis=(0, 1)) == pytest.approx(np.full(6, 8 / 6), abs=0.03)


def test_same_seed_same_result_and_another_seed_another():
    model = StudyModel.of_plan(Plan(systems=3, gap=100))
    settings = {"participants": 20, "judgments_each": 9, "runs": 60}
    one, again, other = (simulate_power(model, **settings, seed=seed) for seed in (3, 3, 4))
    assert one == again != other


def test_the_result_says_how_it_was_reached():
    told = []
    model = StudyModel(("good", "fair", "same"), (0.6, 0.0, 0.0), 0.3, 0.4)
    found = simulate_power(
        model, participants=30, judgments_each=9, runs=50, seed=2, progress=lambda *at: told.append(at)
    )
    assert (found.runs, found.seed, found.participants, found.judgments) == (50, 2, 30, 270)
    assert [(pair.a, pair.b) for pair in found.pairs] == [("good", "fair"), ("good", "same"), ("fair", "same")]
    assert [pair.gap for pair in found.pairs] == pytest.approx([0.6 * ELO_PER_LOGIT] * 2 + [0.0])
    assert "Holm" in found.methods[0] and "CR3" in found.methods[1]
    assert found.any_false.power <= 0.2 < found.pairs[0].sign_flip.power
    low, high = found.pairs[0].sign_flip.ci
    assert low < found.pairs[0].sign_flip.power < high
    assert found.all_pairs.power <= found.pairs[0].sign_flip.power
    assert found.pairs[0].sign_flip_bonferroni.power <= found.pairs[0].sign_flip.power
    assert told[-1] == ("simulated studies", 50, 50)


def test_too_few_participants_find_nothing():
    found = simulate_power(StudyModel.of_plan(Plan(gap=800)), participants=5, judgments_each=5, runs=40)
    assert found.pairs[0].sign_flip.power == 0.0  # 2/2^5 is above 5 %


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"participants": 1}, "The participants must be between 2 and 100000, got 1."),
        ({"judgments_each": 0}, "The judgments per participant must be between 1 and 10000, got 0."),
        ({"runs": 5}, "The runs must be between 10 and 100000, got 5."),
        ({"seed": -1}, "The seed must be at least 0, got -1."),
        ({"alpha": 0.7}, "The level must lie between 0 and 0.5, got 0.7."),
        ({"participants": 100_000, "runs": 100_000}, "would take hours; lower --runs or the plan."),
    ],
)
def test_refusals(wrong, words):
    with pytest.raises(StatisticsError) as refused:
        simulate_power(StudyModel.of_plan(Plan()), **{"participants": 20, "judgments_each": 5, **wrong})
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("names", "strengths", "nu", "sd"),
    [(("x",), (0.0,), 0.3, 0.5), (("x", "y"), (0.0,), 0.3, 0.5), (("x", "y"), (0.0, float("inf")), 0.3, 0.5),
     (("x", "y"), (0.0, 0.1), -1, 0.5), (("x", "y"), (0.0, 0.1), 0.3, 9)],
)  # fmt: skip
def test_refuses_what_is_no_model(names, strengths, nu, sd):
    with pytest.raises(StatisticsError):
        StudyModel(names, strengths, nu, sd)


def test_the_planner_is_near_in_one_quick_study():
    plan = Plan(gap=90, judgments_each=8, taste_sd=0.5)
    found = simulate_power(StudyModel.of_plan(plan), participants=30, judgments_each=8, runs=1_000, seed=5)
    assert power_of(plan, 30) == pytest.approx(found.pairs[0].sign_flip.power, abs=0.05)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("settings", "people"),
    [
        ({}, 72),
        ({"taste_sd": 0}, 47),
        ({"taste_sd": 1}, 60),
        ({"gap": 150}, 14),
        ({"gap": 100, "judgments_each": 4}, 20),
        ({"gap": 60, "judgments_each": 1, "taste_sd": 0}, 250),
        ({"gap": 40, "ties": 0.4}, 150),
        ({"gap": 40, "ties": 0.0, "judgments_each": 20}, 80),
        ({"systems": 3}, 100),
        ({"systems": 3, "gap": 120}, 40),
        ({"systems": 4, "gap": 100, "judgments_each": 12}, 80),
        ({"systems": 5, "gap": 100}, 150),
    ],
)
def test_the_planner_is_within_three_points_of_simulated_power(settings, people):
    """4,000 studies, error at most 0.008; the formula's Bonferroni against simulated Bonferroni."""
    plan = Plan(**settings)
    found = simulate_power(
        StudyModel.of_plan(plan), participants=people, judgments_each=int(plan.judgments_each), runs=4_000, seed=1
    ).pairs[0]
    assert power_of(plan, people) == pytest.approx(found.sign_flip_bonferroni.power, abs=0.03)
    assert found.sign_flip.power >= power_of(plan, people) - 0.03
    fitted = replace(plan, analysis=BRADLEY_TERRY)
    if plan.systems == 2:
        assert power_of(fitted, people) == pytest.approx(found.wald.power, abs=0.03)
    else:
        assert found.wald.power >= power_of(fitted, people) - 0.03


@pytest.mark.slow
def test_both_analyses_hold_the_familywise_level():
    model = StudyModel(("x", "y", "z"), (0.0, 0.0, 0.0), 0.35, 0.5)
    found = simulate_power(model, participants=30, judgments_each=9, runs=4_000, seed=7)
    assert found.any_false.power <= 0.06
    assert all(pair.wald.power <= 0.035 for pair in found.pairs)
