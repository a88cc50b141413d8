import pytest

from evaluation.stats.simulation.quality import _KINDS, simulate_quality


def test_clickers_pass_by_luck_alone():
    assert _KINDS["thirds"].passes == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    assert _KINDS["halves"].passes == pytest.approx((1 / 2, 0.0, 1 / 2))


def test_where_everybody_listens_nobody_is_to_be_found():
    row = simulate_quality(runs=3, cells=["none"]).rows[0]
    assert row.values.keys() == {"side_fdr", "side_clean", "clean"}


def test_who_clicks_one_side_is_found():
    row = simulate_quality(runs=5, cells=["first"]).rows[0]
    assert row.values["recall"].value > 0.8


@pytest.mark.slow
def test_flags_find_clickers_and_spare_listeners():
    """Recall of at least 0.8 of 5 % random clickers, at most 5 % false side flags, few listeners flagged."""
    for row in simulate_quality(runs=150, seed=1).rows:
        assert row.values["side_fdr"].value <= 0.05 + 2 * row.values["side_fdr"].error
        assert row.values["clean"].value < 0.05
        if "recall" in row.values:
            assert row.values["recall"].value >= 0.8
