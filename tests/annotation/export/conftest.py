import pytest

from annotation.export.records import GoldRecord, VoteRecord


def _vote(**changes):
    values = {
        "query_id": "q1",
        "text": "для бега",
        "language": "ru",
        "annotator": "annotator-7",
        "category": "sports-activity",
        "personalised": True,
        "taxonomy": "personalisation",
        "taxonomy_version": 2,
        "seconds": 2.5,
        "labelled_at": "2026-11-21T10:00:00Z",
        "origin": "random",
    }
    return VoteRecord(**values | changes)


def _gold(**changes):
    values = {
        "query_id": "q1",
        "text": "для бега",
        "language": "ru",
        "family": "длябега",
        "split": "train",
        "category": "sports-activity",
        "personalised": True,
        "probability": 0.75,
        "method": "majority",
        "source": "aggregated",
        "votes": 3,
        "agreement": 2 / 3,
        "votes_by_category": '{"sports-activity":2,"travel":1}',
        "origin": "random",
    }
    return GoldRecord(**values | changes)


@pytest.fixture(scope="session")
def vote():
    """Make a vote, the given fields changed."""
    return _vote


@pytest.fixture(scope="session")
def gold():
    """Make a gold label, the given fields changed."""
    return _gold
