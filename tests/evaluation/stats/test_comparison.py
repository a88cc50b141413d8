import numpy as np
import pytest
from scipy.stats import ttest_ind_from_stats

from evaluation.stats.clusters import cluster_covariance
from evaluation.stats.comparison import compare_studies
from evaluation.stats.models import ELO_PER_LOGIT, RatingModel
from evaluation.stats.ratings import all_equal_test
from evaluation.stats.tables import JudgmentTable

THREE = np.array([0.4, 0.0, -0.4])


def one_study(simulated, seed, strengths=THREE, *, judgments=600, participants=30, taste=0.3):
    table = simulated(np.random.default_rng(seed), judgments, strengths, participants, taste=taste)
    return JudgmentTable(
        tuple(f"{seed}-{name}" for name in table.participants),
        table.systems,
        table.participant,
        table.first,
        table.second,
        table.score,
    )


def gap_and_error(table):
    model = RatingModel(table.cells(by_side=False), len(table.systems))
    covariance = cluster_covariance(model)
    contrast = np.array([1.0, -1.0])
    error = np.sqrt(contrast @ covariance.matrix @ contrast)
    return float(contrast @ model.best.strengths), float(error), covariance.df + 1


def test_two_systems_are_welchs_test(simulated):
    """With one gap the test is scipy's Welch test of two means with these errors."""
    first = one_study(simulated, 1, THREE[:2], participants=12)
    second = one_study(simulated, 2, THREE[:2], judgments=900, participants=40)
    (gap,) = compare_studies(first, second).gaps
    one, other = gap_and_error(first), gap_and_error(second)
    welch = ttest_ind_from_stats(
        one[0], one[1] * np.sqrt(one[2]), one[2], other[0], other[1] * np.sqrt(other[2]), other[2], equal_var=False
    )
    assert gap.difference == pytest.approx(ELO_PER_LOGIT * (one[0] - other[0]), abs=1e-9)
    assert gap.statistic == pytest.approx(welch.statistic, rel=1e-9)
    assert gap.p == pytest.approx(welch.pvalue, rel=1e-9)
    assert min(one[2], other[2]) - 1 < gap.df < one[2] + other[2] - 2


def test_with_one_gap_homogeneity_is_the_same_test(simulated):
    result = compare_studies(one_study(simulated, 1, THREE[:2]), one_study(simulated, 2, THREE[:2], participants=11))
    (gap,) = result.gaps
    assert result.homogeneity.df_1 == 1
    assert result.homogeneity.df_2 == pytest.approx(gap.df, rel=1e-9)
    assert result.homogeneity.statistic == pytest.approx(gap.statistic**2, rel=1e-9)
    assert result.homogeneity.p == pytest.approx(gap.p, rel=1e-9)


def test_against_a_study_that_knows_all_it_is_hotellings_test(simulated):
    """A second study of no variance leaves T squared of one sample, which the ratings' own test computes."""
    first = one_study(simulated, 3)
    huge = one_study(simulated, 4, np.zeros(3), judgments=300_000, participants=20_000, taste=0.0)
    model = RatingModel(first.cells(by_side=False), 3)
    ratio, p = all_equal_test(model.best, cluster_covariance(model))
    result = compare_studies(first, huge).homogeneity
    assert result.statistic == pytest.approx(ratio, rel=0.1)
    assert result.p == pytest.approx(p, abs=0.02)


def test_a_study_against_itself_differs_nowhere(simulated):
    table = one_study(simulated, 5)
    result = compare_studies(table, table)
    assert [gap.difference for gap in result.gaps] == pytest.approx([0.0] * 3, abs=1e-9)
    assert result.homogeneity.p == pytest.approx(1.0)
    assert result.shared_participants == 30
    assert "judged in both: 30." in result.notes[0].text
    assert {gap.relation for gap in result.gaps} <= {"agree", "neither"}


def test_exchanging_the_studies_turns_the_signs(simulated):
    first, second = one_study(simulated, 6), one_study(simulated, 7, THREE[::-1])
    there, back = compare_studies(first, second), compare_studies(second, first)
    for one, other in zip(there.gaps, back.gaps, strict=True):
        assert one.difference == pytest.approx(-other.difference, abs=1e-9)
        assert one.p == pytest.approx(other.p)
    assert there.homogeneity.p == pytest.approx(back.homogeneity.p)


def test_opposite_studies_contradict(simulated):
    first = one_study(simulated, 8, judgments=3000, taste=0.0)
    second = one_study(simulated, 9, THREE[::-1], judgments=3000, taste=0.0)
    result = compare_studies(first, second)
    assert [gap.relation for gap in result.gaps] == ["contradict"] * 3
    assert result.homogeneity.p < 1e-6
    assert compare_studies(first, one_study(simulated, 10, judgments=3000, taste=0.0)).gaps[1].relation == "agree"


def test_other_systems_do_not_move_the_scale(simulated):
    """Ratings are centred on the common systems, so a strong third system in one study lifts nobody."""
    first = one_study(simulated, 11, THREE[:2], judgments=4000, taste=0.0)
    second = one_study(simulated, 12, np.array([0.4, 0.0, 3.0]), judgments=4000, taste=0.0)
    result = compare_studies(first, second)
    assert result.only_second == ("s02",)
    for side in (0, 1):
        assert sum(system.bt[side] for system in result.systems) == pytest.approx(3000.0)
    assert result.gaps[0].difference_ci[0] < 0 < result.gaps[0].difference_ci[1]


def test_nothing_in_common_says_so(counted):
    first = counted([(0, 1, 5, 5, 2)])
    renamed = JudgmentTable(first.participants, ("x", "y"), first.participant, first.first, first.second, first.score)
    result = compare_studies(first, renamed)
    assert (result.gaps, result.systems, result.homogeneity, result.method) == ((), (), None, None)
    assert result.notes[0].code == "nothing_in_common"


def test_empty_and_lonely_studies(counted):
    some = counted([(0, 1, 5, 5, 2)])
    empty = some.where(np.zeros(len(some), dtype=bool))
    assert "it takes two systems" in compare_studies(some, empty).notes[0].text
    alone = counted([(0, 1, 5, 5, 2)], participants=1)
    result = compare_studies(some, alone)
    assert result.gaps[0].p is None and result.homogeneity is None
    assert any("one participant" in note.text for note in result.notes)
    assert result.as_json()["gaps"][0]["difference_ci"] is None


def test_common_systems_that_never_met_in_one_study(counted):
    whole = counted([(0, 1, 4, 4, 1), (1, 2, 4, 4, 1), (2, 3, 4, 4, 1)])
    broken = counted([(0, 1, 4, 4, 1), (2, 3, 4, 4, 1)])
    result = compare_studies(whole, broken, labels=("one", "two"))
    assert result.gaps == ()
    assert "In two no chain of judgments connects" in result.notes[0].text


@pytest.mark.slow
def test_level_under_no_difference(simulated):
    """1,000 pairs of studies whose systems are equally far apart: of each test 5 % may be below 5 %."""
    rejected = np.zeros(2)
    runs = 1000
    for run in range(runs):
        first = one_study(simulated, 2 * run, judgments=300, participants=20)
        second = one_study(simulated, 2 * run + 1, judgments=500, participants=40, taste=0.6)
        result = compare_studies(first, second)
        rejected += [result.homogeneity.p < 0.05, result.gaps[0].p < 0.05]
    assert (rejected / runs < 0.07).all(), rejected
    assert (rejected / runs > 0.03).all(), rejected
