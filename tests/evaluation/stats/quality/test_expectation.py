from dataclasses import replace

import numpy as np
import pytest

from evaluation.stats.davidson import fit_davidson
from evaluation.stats.quality import expectation
from evaluation.stats.quality.expectation import compare_with_others
from evaluation.stats.tables import JudgmentTable

STRENGTHS = [0.8, 0.2, -0.2, -0.8]


def by_hand(table, person):
    """Residual and likelihood ratio, judgment by judgment, against a fit without the participant."""
    others = fit_davidson(table.where(table.participant != person).cells(by_side=False), len(table.systems)).strengths
    nu = fit_davidson(table.cells(by_side=False), len(table.systems)).tie_parameter
    residual = variance = ratio = 0.0
    own = table.where(table.participant == person)
    for first, second, score in zip(own.first, own.second, own.score, strict=True):
        d = others[first] - others[second]
        chances = np.array([np.exp(d / 2), np.exp(-d / 2), nu])
        chances /= chances.sum()
        flips = np.array([1, 1, nu]) / (2 + nu)
        mean = chances @ [1, 0, 0.5]
        residual += np.sign(d) * (score - mean)
        variance += chances @ [1, 0, 0.25] - mean**2
        at = {1.0: 0, 0.0: 1, 0.5: 2}[score]
        ratio += np.log(chances[at] / flips[at])
    return residual / np.sqrt(variance), ratio


def test_equals_judgment_by_judgment(simulated):
    table = simulated(np.random.default_rng(0), 500, STRENGTHS, 15, taste=0.4)
    found = compare_with_others(table)
    for person in range(15):
        z, ratio = by_hand(table, person)
        assert found.z[person] == pytest.approx(z, abs=1e-7)
        assert found.log_likelihood_ratio[person] == pytest.approx(ratio, abs=1e-7)


def test_one_step_stands_in_for_refits_of_many(simulated, monkeypatch):
    table = simulated(np.random.default_rng(1), 4_000, STRENGTHS, 200, taste=0.3)
    refitted = compare_with_others(table)
    monkeypatch.setattr(expectation, "MOST_REFITS", 10)
    stepped = compare_with_others(table)
    assert stepped.z == pytest.approx(refitted.z, abs=0.02)
    assert stepped.log_likelihood_ratio == pytest.approx(refitted.log_likelihood_ratio, abs=0.02)


def test_sides_do_not_matter(simulated):
    table = simulated(np.random.default_rng(2), 400, STRENGTHS, 12)
    turned = replace(table, first=table.second, second=table.first, score=1 - table.score)
    assert compare_with_others(turned).z == pytest.approx(compare_with_others(table).z, abs=1e-9)


def test_against_the_others_is_below_zero_and_a_shared_taste_is_not_noise(simulated):
    table = simulated(np.random.default_rng(3), 3_000, STRENGTHS, 100, skew=0.0)
    score = np.where(table.participant == 0, 1 - table.score, table.score)
    found = compare_with_others(replace(table, score=score))
    assert found.z.argmin() == 0
    assert found.log_likelihood_ratio[0] < -2
    assert 0.7 < (found.z[1:] ** 2).mean() < 1.3
    varied = compare_with_others(simulated(np.random.default_rng(3), 3_000, STRENGTHS, 100, skew=0.0, taste=1.0))
    assert (varied.z**2).mean() > 1.5


def test_systems_that_never_met_are_compared_apart(judge):
    rows = [(f"p{at % 5}", *pair, "aab"[at % 3]) for at in range(60) for pair in (("w", "x"), ("y", "z"))]
    both = compare_with_others(JudgmentTable.of(judge(rows)))
    one = compare_with_others(JudgmentTable.of(judge([row for row in rows if row[1] == "w"])))
    assert both.log_likelihood_ratio == pytest.approx(2 * one.log_likelihood_ratio)
    assert both.z == pytest.approx(np.sqrt(2) * one.z)


def test_alone_there_is_nobody_to_compare_with(judge):
    found = compare_with_others(JudgmentTable.of(judge([("p", "x", "y", "a"), ("p", "x", "y", "b")])))
    assert np.isnan(found.z).all()
    assert np.isnan(found.log_likelihood_ratio).all()


def test_who_shares_no_part_with_others_is_left_out(judge):
    rows = [(f"p{at % 3}", "w", "x", "ab"[at % 2]) for at in range(12)] + [("q", "y", "z", "a")] * 4
    found = compare_with_others(JudgmentTable.of(judge(rows)))
    assert np.isnan(found.z).tolist() == [False, False, False, True]
