"""The pairs of an analysis: every test with what it was made of, every reading of Mann–Whitney, corrected together."""

import numpy as np
import pytest
from scipy.stats import mannwhitneyu, wilcoxon

from evaluation.stats.analysis import analyze
from evaluation.stats.errors import StatisticsError
from evaluation.stats.multiplicity import benjamini_hochberg, bonferroni, holm
from evaluation.stats.pairs import compare_pairs
from evaluation.stats.tables import JudgmentTable

SCORE = {"a": 1.0, "tie": 0.5, "b": 0.0}


@pytest.fixture
def rows():
    rng = np.random.default_rng(3)
    said = rng.choice(["a", "b", "tie"], 300, p=[0.5, 0.3, 0.2]).tolist()
    return [(f"p{at % 14:02d}", *rng.choice(list("xyz"), 2, replace=False).tolist(), said[at]) for at in range(300)]


def scores_of(rows, system, against=None):
    """(participant, score) of every judgment of the system."""
    found = []
    for who, first, second, outcome in rows:
        for own, other, score in ((first, second, SCORE[outcome]), (second, first, 1 - SCORE[outcome])):
            if own == system and against in (None, other):
                found.append((who, score))
    return found


def rates_of(rows, system, against=None):
    scores = scores_of(rows, system, against)
    return {who: np.mean([score for other, score in scores if other == who]) for who, _ in scores}


def samples(rows, pair, reading):
    if reading == "mirrored":
        return [score for _, score in scores_of(rows, pair.a, pair.b)], [s for _, s in scores_of(rows, pair.b, pair.a)]
    if reading == "all":
        return [score for _, score in scores_of(rows, pair.a)], [score for _, score in scores_of(rows, pair.b)]
    return list(rates_of(rows, pair.a).values()), list(rates_of(rows, pair.b).values())


@pytest.mark.parametrize("reading", ["mirrored", "all", "rates"])
def test_every_reading_equals_scipy_on_its_own_samples(judge, rows, reading):
    pairs = compare_pairs(JudgmentTable.of(judge(rows)), seed=0, reading=reading)
    for pair in pairs:
        x, y = samples(rows, pair, reading)
        theirs, ours = mannwhitneyu(x, y, method="asymptotic"), pair.mann_whitney
        assert ours.u == pytest.approx(theirs.statistic, rel=1e-12)
        assert ours.p == pytest.approx(theirs.pvalue, rel=1e-12, abs=1e-12)
        assert (ours.n_a, ours.n_b) == (len(x), len(y))
        assert {"mirrored": "(D1)", "all": "(D2)", "rates": "(D3)"}[reading] in ours.reading
        assert "its p-values are too small" in ours.warning and "rely on the test by participant" in ours.warning
        assert pair.by_participant.p is not None  # never alone


def test_the_reading_changes_nothing_else(judge, rows):
    table = JudgmentTable.of(judge(rows))
    one, other = (compare_pairs(table, seed=0, reading=reading) for reading in ("mirrored", "all"))
    for ours, theirs in zip(one, other, strict=True):
        assert ours.cles == theirs.cles and ours.cliffs_delta_ci == theirs.cliffs_delta_ci
        assert ours.by_participant == theirs.by_participant
        assert ours.mann_whitney.cliffs_delta == pytest.approx(ours.cliffs_delta)


def test_wilcoxon_equals_scipy(judge, rows):
    for pair in compare_pairs(JudgmentTable.of(judge(rows)), seed=0):
        differences = np.round([rate - 0.5 for rate in rates_of(rows, pair.a, pair.b).values()], 9)
        assert pair.wilcoxon.n == len(differences) == pair.by_participant.n == pair.cluster_mann_whitney.n
        assert pair.wilcoxon.statistic == wilcoxon(differences, zero_method="zsplit", method="asymptotic").statistic


@pytest.mark.parametrize("name", ["mann_whitney", "by_participant", "cluster_mann_whitney", "wilcoxon"])
def test_every_test_is_corrected_in_three_ways_over_all_pairs(judge, rows, name):
    tests = [getattr(pair, name) for pair in compare_pairs(JudgmentTable.of(judge(rows)), seed=0)]
    raw = [test.p for test in tests]
    assert len(raw) == 3
    assert [test.p_holm for test in tests] == holm(raw)
    assert [test.p_bonferroni for test in tests] == bonferroni(raw)
    assert [test.p_bh for test in tests] == benjamini_hochberg(raw)


def test_the_sign_test_is_made_only_of_the_pairs_for_which_it_is_valid(judge, rows):
    once = [(f"p{at:02d}", "x", "w", "aab"[at % 3]) for at in range(14)]
    pairs = {(p.a, p.b): p for p in compare_pairs(JudgmentTable.of(judge([*rows, *once])), seed=0)}
    made = pairs["w", "x"].sign_test
    assert (made.n, made.reason) == (14, "") and made.p == made.p_holm == made.p_bonferroni
    for pair in (pairs["x", "y"], pairs["x", "z"], pairs["y", "z"]):
        assert (pair.sign_test.p, pair.sign_test.p_holm, pair.sign_test.p_bh) == (None, None, None)
        assert "of 14 participants judged this pair more than once" in pair.sign_test.reason


def test_without_participants_no_test_is_made_and_intervals_are_over_judgments(judge, rows):
    nameless = [("", *row[1:]) for row in rows]
    apart = [(f"q{at:03d}", *row[1:]) for at, row in enumerate(rows)]
    ours = compare_pairs(JudgmentTable.of(judge(nameless)), seed=0)
    for pair, same in zip(ours, compare_pairs(JudgmentTable.of(judge(apart)), seed=0), strict=True):
        for name in ("by_participant", "wilcoxon", "sign_test", "cluster_mann_whitney"):
            test = getattr(pair, name)
            assert (test.p, test.p_holm, test.p_bonferroni, test.p_bh) == (None, None, None, None)
            assert test.reason == "The judgments do not say who made them, so there is no test by participant."
        for name in ("win_rate_a_ci", "win_rate_decisive_a_ci", "cles_ci", "cliffs_delta_ci", "tie_share_ci"):
            assert getattr(pair, name) == pytest.approx(getattr(same, name))
        assert pair.participants is None and pair.mann_whitney == same.mann_whitney


def test_win_rates_need_participants(judge, rows):
    nameless = judge([("", *row[1:]) for row in rows])
    with pytest.raises(StatisticsError, match="cannot be 'rates', as the judgments do not say who made them"):
        analyze(nameless, mann_whitney="rates", replicates=20)
    with pytest.raises(StatisticsError, match="must be one of mirrored, all, rates, got 'D2'"):
        analyze(nameless, mann_whitney="D2", replicates=20)
