import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from evaluation.stats.errors import StatisticsError
from evaluation.stats.multiplicity import Adjusted, adjust, benjamini_hochberg, bonferroni, holm


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


@pytest.mark.parametrize(
    ("adjust_", "name"), [(holm, "holm"), (bonferroni, "bonferroni"), (benjamini_hochberg, "fdr_bh")]
)
@settings(deadline=None)
@given(values=st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_equals_statsmodels(adjust_, name, values):
    assert adjust_(values) == pytest.approx(multipletests(values, method=name)[1].tolist(), abs=1e-12)


def test_the_others_equal_r():
    values = [0.01, 0.02, 0.03, 0.04, 0.05]
    # R: p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "bonferroni"); p.adjust(…, "BH")
    assert bonferroni(values) == pytest.approx([0.05, 0.10, 0.15, 0.20, 0.25])
    assert benjamini_hochberg(values) == pytest.approx([0.05, 0.05, 0.05, 0.05, 0.05])
    # R: p.adjust(c(0.001, 0.5, 0.02, 0.04), "BH")
    assert benjamini_hochberg([0.001, 0.5, 0.02, 0.04]) == pytest.approx([0.004, 0.5, 0.04, 4 / 3 * 0.04])


def test_comparisons_that_were_not_made_do_not_count():
    made = adjust([0.01, None, 0.04])
    assert made[1] == Adjusted(None, None, None)
    assert (made[0].holm, made[0].bonferroni, made[0].bh) == pytest.approx((0.02, 0.02, 0.02))
    assert (made[2].holm, made[2].bonferroni, made[2].bh) == pytest.approx((0.04, 0.08, 0.04))
    assert adjust([]) == [] and adjust([None]) == [Adjusted(None, None, None)]


@given(st.lists(st.floats(0, 1), max_size=30))
def test_bh_is_never_above_holm_and_holm_never_above_bonferroni(values):
    for one in adjust(values):
        assert one.bh <= one.holm + 1e-12 and one.holm <= one.bonferroni + 1e-12


@pytest.mark.parametrize("adjust_", [bonferroni, benjamini_hochberg, adjust])
def test_the_others_refuse_what_is_no_p_value(adjust_):
    with pytest.raises(StatisticsError, match="between 0 and 1"):
        adjust_([0.5, 1.5])
