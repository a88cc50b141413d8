import json

import numpy as np
import pytest

from evaluation.stats.simulation.results import CellError, Column, Estimate, Row, Simulation, chosen

LEVEL = Column("level", "level", 0.05, 0.035, 0.065)
WIDTH = Column("width", "width", high=2.0, digits=1)


def simulation(**values):
    row = Row("20x4", "20 participants", 400, values)
    return Simulation("level", "False alarms", 3, (LEVEL, WIDTH), (row,))


def test_the_error_of_a_rate_is_binomial_and_never_zero():
    rate = Estimate.rate(20, 400)
    assert (rate.value, rate.error) == pytest.approx((0.05, np.sqrt(0.05 * 0.95 / 400)))
    assert Estimate.rate(0, 400).error > 0
    assert Estimate.rate(400, 400).error == pytest.approx(Estimate.rate(0, 400).error)


def test_the_error_of_a_mean_is_over_studies():
    mean = Estimate.mean([1.0, 2.0, 3.0, 4.0])
    assert mean.value == 2.5
    assert mean.error == pytest.approx(np.std([1, 2, 3, 4], ddof=1) / 2)


def test_the_table_has_values_errors_and_what_is_wanted():
    lines = simulation(level=Estimate(0.05, 0.011)).lines()
    assert lines[0] == "False alarms; seed 3; in brackets the Monte-Carlo error"
    assert lines[3].split() == ["20", "participants", "400", "0.050", "(0.011)", "-"]
    assert lines[4].split() == ["nominal", "0.050"]
    assert lines[5].split() == ["wanted", "0.035", "to", "0.065", "at", "most", "2.0"]
    assert lines[-1] == "Every estimate is within what is wanted."


def test_what_is_outside_is_said_and_whether_it_may_be_chance():
    found = simulation(level=Estimate(0.09, 0.004), width=Estimate(2.1, 0.2))
    assert found.outside == (
        "level, 20x4: 0.090 (0.004) is not 0.035 to 0.065",
        "width, 20x4: 2.1 (0.2) is not at most 2.0, by less than two errors",
    )
    assert found.lines()[-2:] == [f"! {sentence}" for sentence in found.outside]


def test_json_is_plain():
    result = simulation(level=Estimate.mean([0.1])).as_json()
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    assert result["rows"][0]["values"] == {"level": {"value": 0.1, "error": None}}


def test_cells_are_chosen_in_the_tables_order():
    assert chosen(("a", "b", "c"), ["c", "a"]) == ["a", "c"]
    assert chosen(("a", "b"), None) == ["a", "b"]
    with pytest.raises(CellError, match="There is no cell 'd' in this table; choose from a, b"):
        chosen(("a", "b"), ["a", "d"])
