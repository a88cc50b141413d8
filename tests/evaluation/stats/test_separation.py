"""Undefeated, never-winning, disconnected and single-judgment-bridge data are named, with no false certainty."""

import numpy as np
import pytest

from evaluation.stats.analysis import analyze

MODELS = pytest.mark.parametrize("model", ["davidson", "rao-kupper", "ties-half"])


@pytest.fixture
def round_robin(judge):
    """24 participants on three systems; `change` may turn an outcome."""

    def build(change=lambda a, b, outcome: outcome):
        rng = np.random.default_rng(0)
        rows = []
        for participant in range(24):
            for _ in range(9):
                a, b = rng.permutation(["x", "y", "z"])[:2].tolist()
                rows.append((f"p{participant:02d}", a, b, change(a, b, rng.choice(["a", "b", "tie"]).item())))
        return judge(rows)

    return build


def has_no_false_certainty(result):
    for system in result.systems:
        assert system.bt_ci is None or system.bt_ci[0] < system.bt < system.bt_ci[1]
        assert system.bt_ci is None or system.bt_ci[1] - system.bt_ci[0] > 1
    for pair in result.pairs:
        assert pair.bt_gap_ci is None or pair.bt_gap_ci[1] - pair.bt_gap_ci[0] > 1


@MODELS
def test_clean_data_have_nothing_to_name(round_robin, model):
    result = analyze(round_robin(), replicates=100, model=model)
    told = result.separation
    assert (told.finite, told.undefeated, told.never_won, told.layers, told.bridges) == (True, (), (), (), ())
    assert told.components == (("x", "y", "z"),)
    assert (told.resamples, told.penalised_resamples, told.penalised_resamples_share) == (100, (0,), (0.0,))
    assert told.penalised_left_out == (0,)
    has_no_false_certainty(result)


@MODELS
def test_an_undefeated_system_is_named(round_robin, model):
    data = round_robin(lambda a, b, outcome: "a" if a == "x" else "b" if b == "x" else outcome)
    result = analyze(data, replicates=100, model=model)
    told = result.separation
    assert (told.finite, told.undefeated, told.never_won) == (False, ("x",), ())
    assert told.layers == ((("x",), ("y", "z")),)
    assert (told.penalised_resamples, told.penalised_resamples_share) == ((100,), (1.0,))
    assert told.penalised_left_out == (24,)
    assert result.model.penalised and result.goodness_of_fit is None
    has_no_false_certainty(result)


@MODELS
def test_a_system_that_never_wins_is_named(round_robin, model):
    data = round_robin(lambda a, b, outcome: "b" if a == "z" else "a" if b == "z" else outcome)
    told = analyze(data, replicates=100, model=model).separation
    assert (told.finite, told.undefeated, told.never_won) == (False, (), ("z",))
    assert told.layers == ((("x", "y"), ("z",)),)
    # with ties of its own it never won either, but its rating is finite
    tied = round_robin(lambda a, b, outcome: {"a": "b", "b": "a"}.get(outcome, outcome) if "z" in (a, b) else outcome)
    tied = [one for one in tied if not ("z" in (one.system_a, one.system_b) and won_by(one) == "z")]
    told = analyze(tied, replicates=100, model=model).separation
    assert (told.finite, told.never_won, told.layers) == (True, ("z",), ())


def won_by(judgment):
    return {"a": judgment.system_a, "b": judgment.system_b, "tie": None}[judgment.outcome]


@MODELS
def test_replicates_that_fall_apart_are_counted(judge, model):
    """One participant alone saw x lose: without them, and in 1/e of the resamples, no finite rating exists."""
    rows = [
        (f"p{i % 20:02d}", *(("x", "y") if i % 2 else ("y", "z")), "a" if i % 2 else "ab"[i % 3 == 0])
        for i in range(80)
    ]
    rows += [("p20", "x", "y", "b"), ("p20", "x", "y", "a")]
    result = analyze(judge(rows), replicates=400, model=model)
    told = result.separation
    assert told.finite
    assert told.penalised_left_out == (1,)
    assert told.penalised_resamples_share[0] == pytest.approx(np.exp(-1), abs=0.1)
    assert told.penalised_resamples[0] == told.penalised_resamples_share[0] * 400
    assert any("1 of the 21 cases in which one participant is left out" in said for said in result.warnings)
    has_no_false_certainty(result)


@MODELS
def test_parts_that_never_met_have_no_joint_numbers(judge, model):
    rows = [(f"p{i % 8}", *(("w", "x") if i % 2 else ("y", "z")), "aab"[i % 3]) for i in range(96)]
    result = analyze(judge(rows), replicates=100, model=model)
    assert result.separation.components == (("w", "x"), ("y", "z"))
    assert all((s.bt, s.bt_ci, s.rank_ci, s.share_first) == (None, None, None, None) for s in result.systems)
    assert all((pair.bt_gap, pair.bt_gap_ci) == (None, None) for pair in result.pairs)
    assert (result.goodness_of_fit, result.influence, result.flips) == (None, None, None)
    assert len(result.separation.penalised_resamples) == 2
    assert all(part.bt_ci[0] < part.bt < part.bt_ci[1] for group in result.model.components for part in group)


@MODELS
def test_a_bridge_of_one_judgment_is_named(judge, model):
    rows = [(f"p{i % 8}", *(("w", "x") if i % 2 else ("y", "z")), "aab"[i % 3]) for i in range(96)]
    result = analyze(judge([*rows, ("p1", "x", "y", "tie")]), replicates=200, model=model)
    assert result.separation.bridges == (("x", "y"),)
    assert result.separation.penalised_left_out == (1,)
    assert 0.2 < result.separation.penalised_resamples_share[0] < 0.6
    has_no_false_certainty(result)


def test_nothing_judged_and_one_participant(judge):
    told = analyze([]).separation
    assert (told.finite, told.components, told.penalised_resamples, told.resamples) == (None, (), (), 0)
    told = analyze(judge([("p", "x", "y", "a"), ("p", "x", "y", "b")]), replicates=10).separation
    assert (told.finite, told.penalised_resamples, told.penalised_resamples_share) == (True, (None,), (None,))
    assert (told.penalised_left_out, told.resamples) == ((None,), 0)
