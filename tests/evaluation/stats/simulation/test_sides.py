from evaluation.stats.simulation.sides import simulate_sides


def test_the_term_takes_the_bias_away():
    row = simulate_sides(runs=6, seed=1, cells=["two"]).rows[0]
    assert 7 < row.values["without"].value < 13  # (2 * 0.6 - 1) * 0.3 log-odds are 10.4 Elo
    assert abs(row.values["with"].value) < 2 + 2 * row.values["with"].error
    assert 0.27 < row.values["delta"].value < 0.33
