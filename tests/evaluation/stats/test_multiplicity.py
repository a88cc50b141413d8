import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.stats.errors import StatisticsError
from evaluation.stats.multiplicity import holm


def test_equals_r():
    # R: p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm")
    assert holm([0.01, 0.02, 0.03, 0.04, 0.05]) == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.09])


def test_keeps_the_given_order_and_stops_at_one():
    assert holm([0.9, 0.01, 0.6]) == pytest.approx([1.0, 0.03, 1.0])
    assert holm([]) == []
    assert holm([0.3]) == [0.3]


@pytest.mark.parametrize("values", [[-0.1], [1.1], [float("nan")]])
def test_refuses_what_is_no_p_value(values):
    with pytest.raises(StatisticsError, match="between 0 and 1"):
        holm(values)


@given(st.lists(st.floats(0, 1), max_size=30))
def test_between_the_raw_value_and_bonferroni(values):
    adjusted = np.array(holm(values))
    raw = np.array(values)
    assert (adjusted >= raw).all()
    assert (adjusted <= np.minimum(1.0, raw * len(values)) + 1e-12).all()
    order = np.argsort(raw, kind="stable")
    assert (np.diff(adjusted[order]) >= 0).all()
