import numpy as np
import pytest

from evaluation.stats.simulation.ranks import _from_pairs, _true_ranks, simulate_ranks
from evaluation.stats.simulation.studies import Design


def test_equal_systems_share_their_true_ranks():
    assert _true_ranks(np.array([1.0, 1.0, 0.0, 0.0, 0.0])).tolist() == [[1, 2]] * 2 + [[3, 5]] * 3


def test_ranks_count_who_is_above_and_below():
    # of the pairs 01 02 12 only 0 over 2 is significant, so 1 may be anywhere
    design = Design((0.0, 0.0, 0.0), 2, 2)
    ranks = _from_pairs(design, np.array([False, True, False]), np.array([0.1, 2.0, 0.1]))
    assert ranks.tolist() == [[1, 2], [1, 3], [2, 3]]
    turned = _from_pairs(design, np.array([False, True, False]), np.array([0.1, -2.0, 0.1]))
    assert turned.tolist() == [[2, 3], [1, 3], [1, 2]]


def test_each_rule_has_its_chance():
    row = simulate_ranks(runs=3, cells=["blocks-104"]).rows[0]
    assert row.values.keys() == {
        "overlap", "unadjusted", "holm", "max_t", "holm_width", "max_t_width", "relative_width",
    }  # fmt: skip
    assert 1 <= row.values["max_t_width"].value <= 10
    assert row.values["unadjusted"].value <= row.values["holm"].value


@pytest.mark.slow
def test_rank_sets_hold_all_true_ranks():
    found = simulate_ranks(runs=500, seed=1, cells=["equal-104", "blocks-104"])
    for row in found.rows:
        assert row.values["max_t"].value >= 0.93
        assert row.values["unadjusted"].value < 0.7
        assert row.values["relative_width"].value <= 1.05
