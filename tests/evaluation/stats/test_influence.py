import json
from dataclasses import asdict

import numpy as np
import pytest

from evaluation.stats.influence import influence, leaders, one_step_changes, strengths_without
from evaluation.stats.likelihoods import LIKELIHOODS
from evaluation.stats.models import ELO_PER_LOGIT, RatingModel, fit_ratings
from evaluation.stats.tables import JudgmentTable

MODELS = pytest.mark.parametrize("likelihood", LIKELIHOODS.values(), ids=list(LIKELIHOODS))


def model_of(table, likelihood=LIKELIHOODS["davidson"]):
    return RatingModel(table.cells(by_side=False), len(table.systems), likelihood=likelihood)


@MODELS
def test_one_step_is_close_to_leaving_each_out(simulated, likelihood):
    table = simulated(np.random.default_rng(0), 3_000, np.linspace(0.6, -0.6, 4), 60, taste=0.4)
    model = model_of(table, likelihood)
    step = one_step_changes(model)
    refitted = strengths_without(model, np.arange(60)) - model.best.strengths
    assert np.corrcoef(step.ravel(), refitted.ravel())[0, 1] > 0.999
    assert np.abs(step - refitted).max() < 0.1 * np.abs(refitted).max()
    alone = fit_ratings(table.where(table.participant != 7).cells(by_side=False), 4, likelihood=likelihood)
    assert refitted[7] == pytest.approx(alone.strengths - model.best.strengths, abs=1e-8)


@MODELS
def test_counts_those_who_change_the_top(simulated, likelihood):
    """Against refits without each of all participants, over studies with and without a clear winner."""
    for seed, gap in ((0, 0.0), (1, 0.02), (2, 1.0)):
        table = simulated(np.random.default_rng(seed), 800, [gap, 0.0, -0.5], 40, taste=0.5, skew=1.0)
        model = model_of(table, likelihood)
        result = influence(model, ["x", "y", "z"])
        without = strengths_without(model, np.arange(40))
        top = leaders(model.best.strengths)[0]
        assert result.changing_top == (without.argmax(axis=1) != top).sum()
        assert result.top_holds_without_each is (result.changing_top == 0)
        assert result.top == "xyz"[top]
        assert result.gap == pytest.approx(ELO_PER_LOGIT * np.diff(np.sort(model.best.strengths))[-1])
        assert result.largest_change == pytest.approx(abs(result.most_influential[0].change))


def test_a_participant_of_many_judgments_stands_first_and_nobody_is_named(judge):
    rng = np.random.default_rng(0)
    rows = [(f"secret-{i % 20}", "x", "y", "ab"[int(rng.random() < 0.5)]) for i in range(200)]
    rows += [("secret-fan", "x", "y", "a")] * 60
    table = JudgmentTable.of(judge(rows))
    result = influence(model_of(table), table.systems)
    first = result.most_influential[0]
    assert (first.ordinal, first.judgments, first.system) == (1, 60, "x")
    assert first.change < 0 and first.change_refitted < 0
    assert "secret" not in json.dumps(asdict(result))


def test_one_participant_has_no_influence_to_speak_of(counted):
    assert influence(model_of(counted([(0, 1, 5, 3, 2)], participants=1)), ["x", "y"]) is None


def test_names_and_order_do_not_matter(simulated):
    table = simulated(np.random.default_rng(5), 900, np.linspace(0.4, -0.4, 4), 30)
    mix = np.random.default_rng(1).permutation(len(table))
    one, other = influence(model_of(table), "abcd"), influence(model_of(table.where(mix)), "abcd")
    assert (one.top, one.changing_top) == (other.top, other.changing_top)
    assert one.largest_change == pytest.approx(other.largest_change)
