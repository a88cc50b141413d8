import numpy as np
import pytest
from scipy.stats import binomtest

from evaluation.stats.position import position_bias
from evaluation.stats.tables import JudgmentTable


def test_counts_decisive_judgments_by_side(judge):
    outcomes = ["a"] * 9 + ["b"] * 2 + ["tie"] * 5
    table = JudgmentTable.of(
        judge([(f"p{i % 4}", *(("x", "y") if i % 2 else ("y", "x")), o) for i, o in enumerate(outcomes)])
    )
    bias = position_bias(table)
    assert (bias.first, bias.second) == (9, 2)
    assert bias.p == pytest.approx(binomtest(9, 11).pvalue)
    assert bias.share_first == pytest.approx(9 / 11)
    low, high = bias.share_first_interval
    assert low < 9 / 11 < high


def test_ties_alone_say_nothing(judge):
    bias = position_bias(JudgmentTable.of(judge([("p", "x", "y", "tie")])))
    assert (bias.first, bias.second, bias.p, bias.share_first) == (0, 0, None, None)


def test_an_unbiased_study_is_seldom_called_biased(simulated):
    rng = np.random.default_rng(0)
    values = [position_bias(simulated(rng, 200, [0.5, 0.0, -0.5], 20)).p for _ in range(300)]
    assert np.mean(np.array(values) < 0.05) < 0.08
