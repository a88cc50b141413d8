from datetime import UTC, datetime

import pytest

from recsys.data.timestamps import moment

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["2026-01-05T12:00:00Z", "2026-01-05 12:00", "2026-01-05T15:00:00+03:00", "20260105T120000Z", "1767614400"],
)
def test_one_moment_in_many_spellings(text):
    assert moment(text) == NOON
    assert moment(text).utcoffset().total_seconds() == 0


def test_a_bare_day_begins_at_midnight_utc():
    assert moment("2026-01-05") == moment("20260105") == datetime(2026, 1, 5, tzinfo=UTC)


def test_seconds_reach_from_1970_to_2100():
    assert moment("0") == datetime(1970, 1, 1, tzinfo=UTC)
    assert moment("4102444800") == datetime(2100, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2026-02-30", "1767607200000", "9" * 5000, "-5", "1.5", "0001-01-01T00:00+05:00", "١٢٣"],
)
def test_refuses_what_is_no_moment(text):
    with pytest.raises(ValueError, match=r"\w"):
        moment(text)
