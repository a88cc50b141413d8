import evalica
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.stats import elo as module
from evaluation.stats.elo import elo_over_orders, elo_ratings, weighted_elo_ratings
from evaluation.stats.errors import StatisticsError
from evaluation.stats.tables import JudgmentTable


def reference(table, k, start=1500.0):
    ratings = dict.fromkeys(range(len(table.systems)), start)
    for a, b, score in zip(table.first, table.second, table.score, strict=True):
        expected = 1 / (1 + 10 ** ((ratings[b] - ratings[a]) / 400))
        ratings[a] += k * (score - expected)
        ratings[b] -= k * (score - expected)
    return np.array(list(ratings.values()))


@pytest.fixture
def compiled(monkeypatch):
    """The compiled loops, whatever the size."""
    monkeypatch.setattr(module, "COMPILED", 0)
    monkeypatch.setattr(module, "COMPILED_REPLICATES", 0)


@pytest.mark.parametrize("k", [0.5, 32.0, 200.0])  # far above, rounding errors grow instead of fading
def test_compiled_loops_equal_the_plain_ones(simulated, monkeypatch, k):
    table = simulated(np.random.default_rng(8), 4_000, np.linspace(2, -2, 6), 40)
    weights = np.random.default_rng(9).poisson(1.0, (7, 40))
    found = []
    for least in (0, 10**12):
        monkeypatch.setattr(module, "COMPILED", least)
        monkeypatch.setattr(module, "COMPILED_REPLICATES", least)
        orders = elo_over_orders(table, np.random.default_rng(3), k=k, orders=5)
        found.append(np.vstack([elo_ratings(table, k=k), weighted_elo_ratings(table, weights, k=k), orders]))
    assert np.abs(found[0] - found[1]).max() < 1e-9
    assert np.abs(found[0].sum(axis=1) - 6 * 1500).max() < 1e-6
    assert np.abs(found[0][0] - reference(table, k)).max() < 1e-9


def test_compiled_equals_evalica(simulated, compiled):
    table = simulated(np.random.default_rng(2), 2_000, [0.5, 0.0, -0.5], 20)
    winners = [{1.0: evalica.Winner.X, 0.0: evalica.Winner.Y, 0.5: evalica.Winner.Draw}[s] for s in table.score]
    theirs = evalica.elo(table.first.tolist(), table.second.tolist(), winners, initial=1500.0, k=32.0)
    assert np.abs(elo_ratings(table) - theirs.scores.sort_index().to_numpy()).max() < 1e-9


def test_the_size_decides_which_loop_runs(simulated):
    """200,000 judgments are compiled; the plain loop, the reference and the weights of one say the same."""
    table = simulated(np.random.default_rng(10), 200_000, np.linspace(1, -1, 20), 900)
    assert len(table) >= module.COMPILED
    ratings = elo_ratings(table)
    assert np.abs(ratings - reference(table, 32.0)).max() < 1e-9
    weights = np.random.default_rng(1).poisson(1.0, (120, 900))
    weights[5] = 1
    weighted = weighted_elo_ratings(table, weights)
    assert np.abs(weighted[5] - ratings).max() < 1e-9
    assert np.abs(weighted.sum(axis=1) - 20 * 1500).max() < 1e-6


@pytest.mark.parametrize("loops", ["plain", "compiled"])
def test_ratings_go_on_from_where_they_were(simulated, loops, request):
    if loops == "compiled":
        request.getfixturevalue("compiled")
    table = simulated(np.random.default_rng(11), 1_000, np.linspace(1, -1, 4), 20)
    early, late = (table.where(np.arange(1_000) < 600), table.where(np.arange(1_000) >= 600))
    weights = np.random.default_rng(1).poisson(1.0, (5, 20))
    assert np.abs(elo_ratings(late, start=elo_ratings(early)) - elo_ratings(table)).max() < 1e-9
    went_on = weighted_elo_ratings(late, weights, start=weighted_elo_ratings(early, weights))
    assert np.abs(went_on - weighted_elo_ratings(table, weights)).max() < 1e-9


def test_the_compiled_tanh_is_tanh():
    from evaluation.stats.elo_kernels import _tanh_half

    x = np.concatenate([np.linspace(-60, 60, 4_001), [0.0, 1e-300, -1e-9, 690.0, 1e6, -1e6]])
    ours = np.array([_tanh_half(value) for value in x])
    assert np.abs(ours - np.tanh(x / 2)).max() < 1e-15


def test_one_win_between_equals_moves_half_of_k(judge):
    table = JudgmentTable.of(judge([("p", "x", "y", "a")]))
    assert elo_ratings(table).tolist() == [1516.0, 1484.0]
    assert elo_ratings(table, k=10).tolist() == [1505.0, 1495.0]


def test_the_second_win_moves_less(judge):
    table = JudgmentTable.of(judge([("p", "x", "y", "a"), ("p", "y", "x", "b")]))
    gained = 32 * (1 - 1 / (1 + 10 ** (-32 / 400)))  # 14.53: x is 32 points ahead by then
    assert elo_ratings(table)[0] == pytest.approx(1516 + gained, abs=1e-9)


@pytest.mark.parametrize("k", [1.0, 4.0, 32.0, 64.0])
def test_equals_the_plain_loop_and_conserves_the_sum(simulated, k):
    table = simulated(np.random.default_rng(1), 5_000, np.linspace(1, -1, 7), 50)
    ratings = elo_ratings(table, k=k)
    assert np.abs(ratings - reference(table, k)).max() < 1e-9
    assert abs(ratings.sum() - 7 * 1500) < 1e-6


def test_equals_evalica(simulated):
    table = simulated(np.random.default_rng(2), 2_000, [0.5, 0.0, -0.5], 20)
    winners = [{1.0: evalica.Winner.X, 0.0: evalica.Winner.Y, 0.5: evalica.Winner.Draw}[s] for s in table.score]
    theirs = evalica.elo(table.first.tolist(), table.second.tolist(), winners, initial=1500.0, k=32.0)
    assert np.abs(elo_ratings(table) - theirs.scores.sort_index().to_numpy()).max() < 1e-6


def test_equal_times_are_taken_in_file_order(judge):
    forward = [
        ("p", "x", "y", "a"),
        ("p", "x", "y", "b"),
    ]
    same_time = [type(one)(**{**_as_dict(one), "created_at": judge(forward)[0].created_at}) for one in judge(forward)]
    later_lost = elo_ratings(JudgmentTable.of(same_time))
    later_won = elo_ratings(JudgmentTable.of(same_time[::-1]))
    assert later_lost[0] < 1500 < later_won[0]
    assert np.allclose(elo_ratings(JudgmentTable.of(judge(forward)[::-1])), later_lost)  # times differ: order is theirs


def _as_dict(judgment):
    return {name: getattr(judgment, name) for name in type(judgment).__dataclass_fields__}


def test_weights_of_one_are_the_plain_rating(simulated):
    table = simulated(np.random.default_rng(3), 3_000, np.linspace(1, -1, 5), 30)
    assert np.abs(weighted_elo_ratings(table, np.ones((2, 30))) - elo_ratings(table)).max() < 1e-9


def test_weight_zero_leaves_a_participant_out_and_the_sum_stays(simulated):
    table = simulated(np.random.default_rng(4), 800, np.linspace(1, -1, 4), 10)
    weights = np.random.default_rng(5).integers(0, 4, (6, 10)).astype(float)
    weights[0] = 1.0
    weights[0, 3] = 0.0
    ratings = weighted_elo_ratings(table, weights)
    kept = table.participant != 3
    without = JudgmentTable(
        table.participants,
        table.systems,
        table.participant[kept],
        table.first[kept],
        table.second[kept],
        table.score[kept],
    )
    assert np.abs(ratings[0] - elo_ratings(without)).max() < 1e-9
    assert np.abs(ratings.sum(axis=1) - 4 * 1500).max() < 1e-6


def test_random_orders_are_what_shuffling_gives(simulated):
    table = simulated(np.random.default_rng(6), 400, np.linspace(1, -1, 4), 10)
    ours = elo_over_orders(table, np.random.default_rng(0), orders=2_000)
    rng = np.random.default_rng(1)
    theirs = []
    for _ in range(500):
        order = rng.permutation(len(table))
        shuffled = JudgmentTable(
            table.participants,
            table.systems,
            table.participant[order],
            table.first[order],
            table.second[order],
            table.score[order],
        )
        theirs.append(elo_ratings(shuffled))
    assert np.abs(ours.mean(axis=0) - np.mean(theirs, axis=0)).max() < 6
    assert np.abs(ours.std(axis=0) / np.std(theirs, axis=0) - 1).max() < 0.15
    assert np.abs(ours.sum(axis=1) - 4 * 1500).max() < 1e-6


def test_the_order_spread_grows_with_k(simulated):
    # expected from simulation: about 5, 22 and 37 points
    table = simulated(np.random.default_rng(1), 254, np.array([100, 0, -100]) / 173.7, 20)
    spread = [elo_over_orders(table, np.random.default_rng(0), k=k).std(axis=0).mean() for k in (4, 16, 32)]
    assert all(low < value < high for low, value, high in zip((3, 15, 27), spread, (8, 30, 47), strict=True))


@pytest.mark.parametrize("k", [0.0, -1.0, float("nan"), float("inf"), 1e9])
def test_refuses_an_impossible_k(judge, k):
    with pytest.raises(StatisticsError, match="K must be above 0"):
        elo_ratings(JudgmentTable.of(judge([("p", "x", "y", "a")])), k=k)


outcomes = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3), st.sampled_from([0.0, 0.5, 1.0])), max_size=60)


@settings(max_examples=60, deadline=None)
@given(outcomes, st.floats(0.1, 200))
def test_sum_and_symmetry(rows, k):
    first = np.array([a for a, _, _ in rows], dtype=np.intp)
    second = np.array([(a + shift) % 4 for a, shift, _ in rows], dtype=np.intp)
    score = np.array([s for _, _, s in rows], dtype=float)
    person = np.zeros(len(rows), dtype=np.intp)
    names = ("w", "x", "y", "z")
    ratings = elo_ratings(JudgmentTable(("p",), names, person, first, second, score), k=k)
    swapped = elo_ratings(JudgmentTable(("p",), names, person, second, first, 1 - score), k=k)
    renamed = elo_ratings(JudgmentTable(("p",), names, person, 3 - first, 3 - second, score), k=k)
    assert abs(ratings.sum() - 6000) < 1e-6
    assert np.allclose(ratings, swapped, atol=1e-9)
    assert np.allclose(ratings, renamed[::-1], atol=1e-9)
