import pytest
from django.utils import translation

from recsys.templatetags.system_format import breakable, milliseconds, part, under, width


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (12.34, "12.3"),
        (99, "99.0"),
        (0.1236, "0.124"),
        (0.00123, "0.00123"),
        (0, "0.000"),
        (-0.5, "−0.500"),
        (None, "–"),
    ],
)
def test_part_has_decimals_enough(value, shown):
    assert part(value) == shown


def test_part_in_russian():
    with translation.override("ru"):
        assert part(0.1236) == "0,124"
        assert width(33.333) == "33.3"  # SVG knows no decimal comma


@pytest.mark.parametrize(("value", "shown"), [(2.345, "2.3"), (12.5, "12"), (100.4, "100"), (None, "–")])
def test_milliseconds(value, shown):
    assert milliseconds(value) == shown


def test_under_a_name_that_no_template_can_spell():
    assert under({"hits@10": 1}, "hits@10") == 1
    assert under({}, "hits@10") is None
    assert under(None, "hits@10") is None


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("success@10", "success<wbr>@10"),
        ("artist_entropy", "artist_<wbr>entropy"),
        ("mrr", "mrr"),
        ("<b>@1", "&lt;b&gt;<wbr>@1"),
    ],
)
def test_a_metrics_name_may_break_where_its_parts_meet(name, shown):
    assert breakable(name) == shown
