import numpy as np
import pytest

from evaluation.stats.errors import StatisticsError
from evaluation.stats.quality.expectation import Expectation
from evaluation.stats.quality.flags import FLAGS, QualityRules, raise_flags
from evaluation.stats.quality.signals import Signals


def flags_of(rules=None, *, taken=3, failed=0, z=0.0, ratio=1.0, seconds=60.0, **own):
    """The names of one participant's flags, whose signals are inconspicuous but for those given."""
    usual = {"side_p": 0.8, "side_q": 0.9, "common_share": 0.5, "common_q": 0.9}
    values = {name: np.array([own.get(name, value)]) for name, value in usual.items()}
    signals = Signals(
        answers=np.array([[9.0, 8.0, 3.0]]),
        common=np.array([0]),
        seconds=np.array([seconds]),
        gaps=np.array([19]),
        **values,
    )
    expected = Expectation(np.array([z]), np.array([ratio]))
    raised = raise_flags(signals, expected, np.array([taken]), np.array([failed]), rules or QualityRules())
    return [flag for flag, up in zip(FLAGS, raised[0], strict=True) if up]


def test_nothing_conspicuous_is_no_flag():
    assert flags_of() == []


@pytest.mark.parametrize(
    ("own", "flags"),
    [
        ({"failed": 1}, []),
        ({"failed": 2}, ["checks"]),
        ({"side_q": 0.04}, ["side"]),
        ({"side_p": 0.001, "side_q": 0.06}, []),
        ({"common_share": 0.95, "common_q": 0.01}, ["one_answer"]),
        ({"common_share": 0.95, "common_q": 0.2}, []),
        ({"common_share": 0.7, "common_q": 0.01}, []),
        ({"ratio": -4.0}, []),
        ({"ratio": -4.0, "failed": 1}, ["chance"]),
        ({"ratio": -0.5, "failed": 1}, []),
        ({"z": -5.0, "ratio": -9.0}, []),
        ({"z": -5.0, "side_p": 0.04}, ["against"]),
        ({"z": 5.0, "side_p": 0.04}, []),
        ({"seconds": 0.5}, []),
        ({"z": np.nan, "ratio": np.nan, "seconds": np.nan, "common_share": np.nan, "failed": 1}, []),
    ],
)
def test_each_flag_has_its_reason(own, flags):
    assert flags_of(**own) == flags


def test_haste_needs_a_floor():
    rules = QualityRules(floor_seconds=5.0)
    assert flags_of(rules, seconds=4.9) == ["fast"]
    assert flags_of(rules, seconds=5.0) == []
    assert flags_of(rules, seconds=np.nan) == []
    assert flags_of(rules, seconds=4.9, z=-3.0) == ["fast", "against"]


@pytest.mark.parametrize(
    ("name", "value"), [("false_discovery_rate", 0.0), ("one_answer_share", 1.5), ("side_sign", -1.0)]
)
def test_a_share_outside_0_and_1_is_refused(name, value):
    with pytest.raises(StatisticsError, match=f"`{name}` must be between 0 and 1, got {value}"):
        QualityRules(**{name: value})


def test_a_floor_of_nothing_is_refused():
    with pytest.raises(StatisticsError, match="`floor_seconds` must be above 0, got 0"):
        QualityRules(floor_seconds=0.0)
