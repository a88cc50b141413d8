import numpy as np
import pytest

from evaluation.stats.analysis import analyze
from evaluation.stats.errors import StatisticsError
from evaluation.stats.quick import analyze_quickly

FOUR = np.array([0.5, 0.2, 0.0, -0.7])


@pytest.fixture
def table(simulated):
    return simulated(np.random.default_rng(3), 600, FOUR, 30, taste=0.3)


@pytest.mark.parametrize("model", ["davidson", "rao-kupper", "ties-half"])
def test_equals_the_whole_analysis_where_both_say_something(table, model):
    quick, whole = analyze_quickly(table, elo_k=16, model=model), analyze(table, elo_k=16, replicates=50, model=model)
    assert (quick.judgments, quick.participants, quick.ties) == (whole.judgments, whole.participants, whole.ties)
    for one, other in zip(quick.systems, whole.systems, strict=True):
        assert one.name == other.name and one.judgments == other.judgments
        assert (one.bt, one.elo, one.win_rate) == pytest.approx((other.bt, other.elo, other.win_rate), abs=1e-9)
        assert one.bt_ci == pytest.approx(other.bt_ci, abs=1e-9)
    for pair, same in zip(quick.pairs, whole.pairs, strict=True):
        assert (pair.a, pair.b, pair.judgments, pair.participants) == (
            same.a,
            same.b,
            same.judgments,
            same.participants,
        )
        assert pair.win_rate_a == pytest.approx(same.win_rate_a)
        assert (pair.p, pair.p_holm) == pytest.approx((same.cluster_mann_whitney.p, same.cluster_mann_whitney.p_holm))
    assert quick.interval == whole.model.interval


def test_ties_as_half_equals_choix(table):
    """choix knows no ties: every judgment counts twice, a tie once for each."""
    choix = pytest.importorskip("choix")
    wins = []
    for first, second, score in zip(table.first.tolist(), table.second.tolist(), table.score.tolist(), strict=True):
        wins += [(first, second)] * round(2 * score) + [(second, first)] * round(2 * (1 - score))
    strengths = choix.opt_pairwise(4, wins, tol=1e-12)
    quick = analyze_quickly(table, model="ties-half")
    expected = 1500 + 400 / np.log(10) * (strengths - strengths.mean())
    assert [system.bt for system in quick.systems] == pytest.approx(expected.tolist(), abs=0.01)


def test_ties_as_half_shrinks_the_gaps_by_about_the_share_of_ties(table):
    davidson, half = analyze_quickly(table), analyze_quickly(table, model="ties-half")
    spread = [max(s.bt for s in each.systems) - min(s.bt for s in each.systems) for each in (davidson, half)]
    assert spread[1] / spread[0] == pytest.approx(1 - davidson.ties / davidson.judgments, abs=0.05)


def test_no_judgment_one_participant_two_islands(counted, table):
    empty = analyze_quickly(table.where(np.zeros(len(table), dtype=bool)))
    assert empty.judgments == 0 and empty.pairs == () and all(system.bt is None for system in empty.systems)
    alone = analyze_quickly(counted([(0, 1, 5, 3, 2)], participants=1))
    assert alone.interval is None and alone.systems[0].bt_ci is None and alone.pairs[0].p is None
    islands = analyze_quickly(counted([(0, 1, 4, 4, 1), (2, 3, 4, 4, 1)]))
    assert islands.groups == 2 and all(system.bt is None for system in islands.systems)
    assert analyze_quickly(counted([(0, 1, 5, 0, 0)])).penalised


def test_refuses_another_word(table):
    with pytest.raises(StatisticsError, match="coin"):
        analyze_quickly(table, model="coin")
