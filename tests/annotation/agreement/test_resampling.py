import numpy as np
import pytest

from annotation.agreement.resampling import Resampling
from annotation.agreement.sums import item_rows


def test_items_with_the_same_votes_share_a_row(make_random):
    counts = make_random(2, items=300).counts()
    units = Resampling(0, 100).item_units(counts)
    assert len(units) == 300
    assert len(units.rows) < 150
    assert units.times @ units.rows == pytest.approx(item_rows(counts).sum(axis=0))


def test_families_add_their_items(make_random):
    counts = make_random(2, items=30).counts()
    units = Resampling(0, 100, families=np.arange(30) % 7).item_units(counts)
    assert len(units) == 7
    assert units.times @ units.rows == pytest.approx(item_rows(counts).sum(axis=0))


def test_says_what_was_drawn():
    assert Resampling(0, 100).method == "BCa bootstrap over items, 100 resamples"
    assert Resampling(0, 9, np.zeros(3, int)).method == "BCa bootstrap over families of items, 9 resamples"


def test_blocks_have_generators_of_their_own(make_random):
    drawing = Resampling(3, 200)
    units = drawing.item_units(make_random(2, items=60).counts())
    first, again, other = (
        drawing.intervals(units, lambda totals: totals[:, -3:-2] / totals[:, -2:-1], *block)
        for block in ((0,), (0,), (1, 2))
    )
    assert first.low == again.low
    assert first.low != other.low
