from datetime import UTC, datetime, timedelta, timezone

import pytest

from annotation.export.errors import ExportError
from annotation.export.records import GOLD, VOTES, utc_seconds, votes_json


def test_columns_are_the_fields_in_order():
    assert VOTES.names[:5] == ("query_id", "text", "language", "annotator", "category")
    assert GOLD.names[-3:] == ("origin", "dataset", "external_id")
    assert {column.name for column in VOTES.columns if column.optional} == {"personalised", "seconds"}
    assert {column.name for column in GOLD.columns if column.optional} == {"personalised", "agreement"}


def test_times_are_whole_seconds_in_utc():
    moscow = timezone(timedelta(hours=3))
    assert utc_seconds(datetime(2026, 11, 21, 1, 2, 3, 999_999, moscow)) == "2026-11-20T22:02:03Z"
    assert utc_seconds(datetime(1, 1, 1, tzinfo=UTC)) == "0001-01-01T00:00:00Z"
    with pytest.raises(ExportError, match="no time zone"):
        utc_seconds(datetime(2026, 11, 21))


def test_votes_by_category_are_sorted_and_counted_only_if_any():
    assert votes_json({"travel": 1, "noise": 0, "fantasy": 2}) == '{"fantasy":2,"travel":1}'
    assert votes_json({}) == "{}"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "play"}, "`kind` must be one of work, gold, practice, got 'play'"),
        ({"seconds": -1.0}, "`seconds` must be at least 0"),
        ({"seconds": float("nan")}, "`seconds` must be at least 0 and finite, got nan"),
        ({"labelled_at": "2026-11-21 10:00"}, "`labelled_at` must be a time in UTC"),
    ],
)
def test_a_vote_that_cannot_be_is_refused(vote, changes, words):
    with pytest.raises(ExportError, match=words):
        vote(**changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"source": "guessed"}, "`source` must be one of adjudicated, unanimous, aggregated, got 'guessed'"),
        ({"probability": 1.01}, "`probability` must be between 0 and 1, got 1.01"),
        ({"probability": float("nan")}, "`probability` must be between 0 and 1, got nan"),
        ({"probability": None}, "`probability` must be between 0 and 1, got None"),
        ({"agreement": -0.1}, "`agreement` must be between 0 and 1"),
        ({"votes": -1}, "`votes` must be at least 0, got -1"),
    ],
)
def test_a_gold_label_that_cannot_be_is_refused(gold, changes, words):
    with pytest.raises(ExportError, match=words):
        gold(**changes)


def test_a_query_decided_without_votes_has_no_agreement(gold):
    assert gold(source="adjudicated", votes=0, agreement=None).agreement is None
