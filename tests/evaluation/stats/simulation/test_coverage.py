import pytest

from evaluation.stats.simulation.coverage import simulate_coverage


def test_each_method_has_both_columns():
    seen = []
    found = simulate_coverage(runs=3, cells=["20x13-skewed-52"], progress=lambda *step: seen.append(step))
    assert found.rows[0].values.keys() == {column.key for column in found.columns}
    assert all(0 <= value.value <= 1 for value in found.rows[0].values.values())
    assert seen[-1] == ("20x13-skewed-52", 3, 3)


@pytest.mark.slow
def test_coverage():
    """Intervals over participants hold the truth, those over judgments do not where tastes differ."""
    found = simulate_coverage(runs=300, seed=2, cells=["20x13-equal-104", "60x20-skewed-104", "200x20-skewed-104"])
    for row in found.rows:
        for what in ("rating", "gap"):
            own = row.values[f"default_{what}"]
            assert 0.93 - 3 * own.error < own.value < 0.97
            assert row.values[f"judgments_{what}"].value < own.value
    assert found.rows[2].values["judgments_rating"].value < 0.85
