import pytest
from django.utils.translation import override

from annotation.templatetags.workbench_format import count, seconds, worked


@pytest.mark.parametrize(("value", "shown"), [(None, "–"), (0, "0"), (999, "999"), (1_842, "1,842"), (554.6, "555")])
def test_counts(value, shown):
    assert count(value) == shown


def test_counts_in_russian():
    with override("ru"):
        assert count(1_842_000).replace("\xa0", " ") == "1 842 000"


@pytest.mark.parametrize(("value", "shown"), [(None, "–"), (3.44, "3.4 s"), (0.0, "0.0 s"), (12.96, "13.0 s")])
def test_seconds(value, shown):
    assert seconds(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "0 minutes"), (62, "1 minute"), (3_599, "1 h 0 min"), (7_500, "2 h 5 min")]
)
def test_work(value, shown):
    assert worked(value) == shown
