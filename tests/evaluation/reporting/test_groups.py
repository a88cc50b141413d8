"""What the groups of a breakdown are called in tables for print."""

import pytest

from evaluation.reporting.groups import group_section
from tests.evaluation.reporting.conftest import drawn, reported

SYSTEMS = ("bm25", "popularity")
TITLES = {"travel": {"en": "Travel", "ru": "Поездки"}}


@pytest.fixture(scope="module")
def report():
    return reported(
        drawn(SYSTEMS, people=11, categories=("travel", "mood", "mine")),
        halves={"travel": "personalised", "mood": "personalised", "mine": "non-personalised"},
    )


def groups(report, language):
    return {row[0] for row in group_section(report, "kinds", language).tables[0].rows}


def test_categories_and_halves_go_by_their_titles(report):
    titled = report | {"category_titles": TITLES}
    assert "Поездки" in groups(titled, "ru") and "travel" not in groups(titled, "ru")
    assert "Travel" in groups(titled, "en")
    assert not groups(titled, "ru") & {"personalised", "non-personalised"}


def test_without_titles_a_category_is_its_own_name(report):
    assert "travel" in groups(report, "ru")
