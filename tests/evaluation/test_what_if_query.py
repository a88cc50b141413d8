from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.http import QueryDict

from evaluation.models import Study
from evaluation.stats.tables import JudgmentTable, Labels
from evaluation.what_if_query import WhatIf, read_what_if
from playoff.common.errors import InvalidInputError


@pytest.fixture
def read():
    table = JudgmentTable(
        participants=("1", "2", "3"),
        systems=("bm25", "r&d=1", "тихая"),
        participant=np.array([0, 1, 2]),
        first=np.array([0, 1, 2]),
        second=np.array([1, 2, 0]),
        score=np.array([1.0, 0.5, 0.0]),
        labels={"category": Labels(("", "mood"), np.array([0, 1, 1])), "language": Labels(("en",), np.zeros(3, int))},
    )
    return lambda query: read_what_if(QueryDict(query), study=Study(elo_k=32), table=table)


def test_nothing_asks_for_nothing(read):
    assert read("") == read("participant=&k=&least=&model=&since=&until=&system=") == WhatIf()
    assert read("").query_string() == ""
    assert read("elvis=1") == WhatIf()
    assert read("k=32&least=1&model=davidson") == WhatIf()


@pytest.mark.parametrize(
    "query",
    [
        "participant=1&participant=3",
        "system=bm25&system=r%26d%3D1&system=%D1%82%D0%B8%D1%85%D0%B0%D1%8F",
        "category=-&category=mood&language=en",
        "least=5&k=16&model=ties-half&since=2026-01-31&until=2026-02-01",
    ],
)
def test_an_address_comes_back_as_it_was(read, query):
    assert read(query).query_string() == query
    assert read(read(query).query_string()) == read(query)


def test_order_and_repetition_make_no_difference(read):
    assert read("participant=3&participant=1&participant=3") == read("participant=1&participant=3")
    assert read("participant=3,+1&participant=+") == read("participant=1&participant=3")
    assert read("k=8,5").elo_k == 8.5


def test_days_are_of_the_time_zone():
    asked = WhatIf(since=date(2026, 1, 31), until=date(2026, 1, 31))
    selection = asked.selection(ZoneInfo("Europe/Moscow"))
    assert selection.until - selection.since == 24 * 3600 * 1_000_000
    assert selection.since == 1_769_806_800 * 1_000_000  # date -d "2026-01-31 00:00 +0300" +%s


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("participant", "99", "numbered from 1 to 3"),
        ("participant", "0", "numbered from 1 to 3"),
        ("participant", "\u0661", "numbered from 1 to 3"),
        ("participant", "p3", "numbered from 1 to 3"),
        ("system", "elvis", "it has bm25, r&d=1, тихая"),
        ("category", "elvis", "there are -, mood"),
        ("language", "tlh", "there are en"),
        ("least", "0", "whole number"),
        ("least", "-3", "whole number"),
        ("least", "9" * 40, "whole number"),
        ("k", "nan", "between 0.1 and 400"),
        ("k", "1e9", "between 0.1 and 400"),
        ("k", "chess", "between 0.1 and 400"),
        ("model", "coin", "davidson"),
        ("since", "yesterday", "2026-01-31"),
        ("until", "0001-01-01", "2026-01-31"),
        ("until", "9999-12-31", "2026-01-31"),
    ],
)
def test_refuses_in_one_sentence(read, name, value, sentence):
    with pytest.raises(InvalidInputError) as refused:
        read(f"{name}={value}".replace("&", "%26"))
    assert sentence in str(refused.value) and repr(value) in str(refused.value)


def test_swapped_days(read):
    with pytest.raises(InvalidInputError, match="swap them"):
        read("since=2026-02-01&until=2026-01-01")
