"""Tables of a report: every number of it, in a form that scripts and spreadsheets read."""

import csv
import io

import pytest

from annotation.agreement.confusion import confusion
from annotation.agreement.report import agreement_report
from annotation.agreement_tables import TABLES, table
from annotation.votes import Votes

TRIPLES = [(f"i{n}", who, "xy"[(n * len(who)) % 2]) for n in range(30) for who in ("=a", "bbb")]


@pytest.fixture(scope="module")
def kept() -> dict:
    votes = Votes.from_triples(TRIPLES, categories=("x", "y"))
    report = agreement_report(votes, groups={"x": "one", "y": "other"}, families=None, seed=1, resamples=50)
    return {"report": report.to_json(), "counted": {"votes": len(votes), "confusion": confusion(votes).as_json()}}


def rows_of(name: str, kept: dict) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table(name, kept)), strict=True))


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_every_column(name, kept):
    rows = rows_of(name, kept)
    assert rows
    assert all(None not in row and None not in row.values() for row in rows)


def test_numbers_are_those_of_the_report(kept):
    report = kept["report"]
    rows = {row["measure"]: row for row in rows_of("figures", kept) if row["of"] == "categories"}
    assert float(rows["gwet_ac1"]["value"]) == report["gwet_ac1"]["value"]
    assert [float(rows["gwet_ac1"][end]) for end in ("low", "high")] == report["gwet_ac1"]["ci"]
    assert int(rows["observed"]["votes"]) == 60
    pairs = {row["measure"]: row for row in rows_of("pairs", kept)}
    assert float(pairs["observed"]["value"]) == report["cohen_kappa"][0]["observed"]["value"]
    counts = {(row["row"], row["column"]): int(row["pairs"]) for row in rows_of("confusion", kept)}
    assert counts == {("x", "x"): 15, ("x", "y"): 15, ("y", "x"): 15, ("y", "y"): 0}


def test_a_pseudonym_cannot_start_a_formula(kept):
    assert {row["a"] for row in rows_of("pairs", kept)} == {"'=a"}
    assert {row["annotator"] for row in rows_of("annotators", kept)} == {"'=a", "bbb"}


def test_without_halves_there_are_no_rows_of_them(kept):
    alone = {**kept, "report": {**kept["report"], "binary": None}}
    assert {row["of"] for row in rows_of("figures", alone)} == {"categories"}
