"""Rows in the order a lead looks for, shades of the matrix, what is called shown."""

import pytest

from annotation.agreement.report import agreement_report
from annotation.agreement_page import (
    STEPS,
    category_rows,
    matrix_rows,
    methods_of,
    most_confused,
    pair_rows,
    person_rows,
)
from annotation.votes import Votes


@pytest.fixture(scope="module")
def report() -> dict:
    """Ann takes every fourth x for y in her second half; Bo and Cy always agree; nobody chooses z."""
    triples = []
    for n in range(80):
        label = "xy"[n % 2]
        hers = "y" if n >= 40 and n % 4 == 0 else label
        triples += [(f"i{n}", "a", hers), (f"i{n}", "b", label), (f"i{n}", "c", label)]
    triples.append(("alone", "d", "x"))
    votes = Votes.from_triples(triples, categories=("x", "y", "z"))
    return agreement_report(votes, groups=None, families=None, seed=1, resamples=200).to_json()


def test_lowest_first_and_undefined_last(report):
    rows = category_rows(report, {"x": "Ex"})
    assert rows[-1].slug == "z"
    assert rows[0].alpha["value"] <= rows[1].alpha["value"]
    assert {row.title for row in rows} == {"Ex", "y", "z"}
    pairs = pair_rows(report, {"a": "Ann"})
    assert {str(pairs[0].first), str(pairs[0].second)} & {"Ann"}
    assert pairs[-1].kappa["value"] is None
    people = person_rows(report, {}, {})
    assert (people[0].who.pseudonym, people[-1].who.pseudonym) == ("a", "d")


def test_a_person_leans_and_changes(report):
    by_name = {row.who.pseudonym: row for row in person_rows(report, {}, {"y": "Why"})}
    ann = by_name["a"]
    assert ann.trend == "falls"
    assert [leaning.title for leaning in ann.more] == ["Why"]
    assert ann.more[0].figure["value"] == pytest.approx(10 / 80)
    assert [leaning.slug for leaning in ann.fewer] == ["x"]
    assert ann.plot is not None
    assert len(ann.plot.dots) == 5
    alone = by_name["d"]
    assert (alone.trend, alone.plot, alone.more) == ("", None, [])
    assert alone.drift["reason"]


def test_shades_of_diagonal_and_rest_have_their_own_scales():
    counts = [[100, 4, 0], [4, 25, 16], [0, 16, 0]]
    rows = matrix_rows({"categories": ["x", "y", "z"], "counts": counts}, {})
    steps = [[cell.step for cell in row.cells] for row in rows]
    assert steps == [[STEPS, 3, 0], [3, 3, STEPS], [0, STEPS, 0]]
    assert [cell.same for cell in rows[1].cells] == [False, True, False]


def test_a_matrix_without_a_count_has_no_shade():
    rows = matrix_rows({"categories": ["x"], "counts": [[0]]}, {})
    assert rows[0].cells[0].step == 0
    assert most_confused(rows, directed=False) == []


def test_most_confused_names_each_pair_once_unless_it_has_a_direction():
    counts = [[9, 4, 0], [2, 9, 7], [0, 7, 9]]
    rows = matrix_rows({"categories": ["x", "y", "z"], "counts": counts}, {})
    both = [(cell.row, cell.column, cell.count) for cell in most_confused(rows, directed=True)]
    assert both == [("y", "z", 7), ("z", "y", 7), ("x", "y", 4), ("y", "x", 2)]
    once = [(cell.row, cell.column) for cell in most_confused(rows, directed=False)]
    assert once == [("y", "z"), ("x", "y")]


def test_methods_are_named_once(report):
    methods = methods_of(report)
    assert methods["observed"] == [report["observed"]["method"]]
    assert len(methods["drift"]) == 1
    assert all(len(found) == len(set(found)) for found in methods.values())
