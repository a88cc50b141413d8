"""Every sentence of the agreement core has its words."""

import pytest

from annotation.agreement.report import agreement_report
from annotation.agreement_words import in_words, is_known, sentences, worded
from annotation.votes import Votes

CASES = {
    "no votes": [],
    "one annotator": [("i1", "a", "x"), ("i2", "a", "y")],
    "no pairs": [("i1", "a", "x"), ("i2", "b", "y")],
    "one category": [("i1", "a", "x"), ("i1", "b", "x"), ("i2", "a", "x"), ("i2", "b", "x")],
    "perfect": [(f"i{n}", who, "xy"[n % 2]) for n in range(40) for who in "ab"],
    "mixed": [(f"i{n}", who, "xyz"[(n * len(who) + n // 7) % 3]) for n in range(40) for who in ("a", "bb", "ccc")],
    "strangers": [("i1", "a", "x"), ("i1", "b", "y"), ("i2", "c", "x"), ("i2", "d", "x"), ("i3", "e", "y")],
    "again": [
        ("i1", "a", "x"),
        ("i1", "a", "y"),
        ("i1", "b", "y"),
        ("i2", "a", "x"),
        ("i2", "b", "y"),
        ("i3", "b", "y"),
    ],
}


def report_of(triples, *, families: bool, categories=("x", "y", "z")) -> dict:
    votes = Votes.from_triples(triples, categories=categories)
    named = list(votes.item_ids) if families else None
    groups = {name: "one" if name == "x" else "other" for name in categories}
    return agreement_report(votes, groups=groups, families=named, seed=1, resamples=50).to_json()


@pytest.mark.parametrize("name", CASES)
def test_every_sentence_is_known(name):
    for sentence in sentences(report_of(CASES[name], families=False)):
        assert is_known(sentence), sentence


@pytest.mark.parametrize("name", ["perfect", "mixed", "one category"])
def test_every_sentence_with_families_is_known(name):
    for sentence in sentences(report_of(CASES[name], families=True)):
        assert is_known(sentence), sentence


def test_every_sentence_of_a_single_category_is_known():
    for sentence in sentences(report_of([("i1", "a", "x"), ("i1", "b", "x")], families=False, categories=("x",))):
        assert is_known(sentence), sentence


def test_a_crowd_is_known():
    crowd = [(f"i{n}", f"a{who}", "xy"[(n + who) % 2]) for n in range(3) for who in range(26)]
    found = report_of(crowd, families=False)
    assert any("300 pairs" in warning for warning in found["warnings"])
    assert all(is_known(sentence) for sentence in sentences(found))


def test_codes_become_titles_and_names():
    names = {"x": "Travel", "a": "Ann", "b": "Bo"}
    report = worded(report_of(CASES["one category"], families=False), names)
    assert report["krippendorff_alpha"]["reason"].startswith("Every label is “Travel”")
    assert report["cohen_kappa"][0]["reason"] == (
        "Ann and Bo chose one and the same category on all their common queries (2); chance would too."
    )
    assert report["cohen_kappa"][0]["a"] == "a"  # data stays data


def test_an_unknown_sentence_stays_as_it_is():
    assert not is_known("Something else.")
    assert in_words("Something else.", {}) == "Something else."


def test_a_name_with_a_percent_sign_is_no_format():
    assert in_words("Nobody else labelled an item of 100%s.", {}) == "Nobody else labelled a query of 100%s."
