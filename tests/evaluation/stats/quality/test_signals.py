from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binomtest
from statsmodels.stats.multitest import multipletests

from evaluation.stats.quality.signals import read_signals
from evaluation.stats.tables import JudgmentTable


@pytest.fixture
def leaning(judge):
    """Participants with (first, second, tie) answers; the two systems take turns on the first side."""

    def build(*answers):
        rows = []
        for person, (first, second, ties) in enumerate(answers):
            for at, outcome in enumerate("a" * first + "b" * second + "t" * ties):
                sides = ("x", "y") if at % 2 else ("y", "x")
                rows.append((f"p{person:02d}", *sides, "tie" if outcome == "t" else outcome))
        return JudgmentTable.of(judge(rows))

    return build


def test_side_bias_is_the_exact_test_adjusted_over_participants(leaning):
    answers = [(14, 1, 3), (6, 5, 0), (4, 4, 4), (0, 9, 2), (0, 0, 5)]
    signals = read_signals(leaning(*answers))
    assert signals.answers.tolist() == [list(map(float, each)) for each in answers]
    expected = [binomtest(first, first + second).pvalue for first, second, _ in answers[:4]]
    assert signals.side_p[:4] == pytest.approx(expected, rel=1e-9)
    assert signals.side_q[:4] == pytest.approx(multipletests(expected, method="fdr_bh")[1], rel=1e-9)
    assert (signals.side_p[4], signals.side_q[4]) == (1.0, 1.0)  # ties alone have no side


def test_one_answer_over_and_over_stands_out(leaning):
    signals = read_signals(leaning(*[(5, 5, 2)] * 9, (0, 0, 12)))
    assert signals.common[9] == 2
    assert signals.common_share[9] == 1.0
    assert signals.common_q[9] < 1e-4
    assert (signals.common_q[:9] > 0.05).all()


def test_where_everybody_ties_a_tie_is_no_habit(leaning):
    signals = read_signals(leaning(*[(0, 0, 12)] * 10))
    assert (signals.common_q > 0.05).all()


def test_pace_is_the_median_gap(judge):
    table = JudgmentTable.of(judge([(name, "x", "y", "a") for name in "pqpppqr"]))
    signals = read_signals(table)  # a minute apart: p at 0 2 3 4, q at 1 5, r at 6
    assert signals.seconds[:2].tolist() == [60.0, 240.0]
    assert np.isnan(signals.seconds[2])
    assert signals.gaps.tolist() == [3, 1, 0]


def test_pace_equals_numpy_on_many(judge):
    rng = np.random.default_rng(0)
    table = JudgmentTable.of(judge([(f"p{rng.integers(6)}", "x", "y", "a") for _ in range(80)]))
    for person, seconds in enumerate(read_signals(table).seconds):
        assert seconds == np.median(np.diff(table.microseconds[table.participant == person])) / 1e6


def test_without_times_there_is_no_pace(leaning):
    signals = read_signals(replace(leaning((3, 3, 0)), microseconds=None))
    assert np.isnan(signals.seconds).all()


def test_no_judgment_is_no_signal():
    signals = read_signals(JudgmentTable.of([], systems=["x", "y"]))
    assert signals.judgments.tolist() == []
