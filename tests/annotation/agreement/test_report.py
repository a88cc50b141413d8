import json

import pytest

from annotation.agreement.errors import AgreementError
from annotation.agreement.report import agreement_report
from annotation.votes import Votes

GROUPS = {"0": "low", "1": "low", "2": "high", "3": "high"}


@pytest.fixture(scope="module")
def report():
    import numpy as np

    rng = np.random.default_rng(0)
    triples = [
        (f"i{item}", f"a{who}", str(item % 4 if rng.random() < 0.7 else rng.integers(4)))
        for item in range(120)
        for who in rng.permutation(4)[: 1 + item % 3]
    ]
    votes = Votes.from_triples([*triples, triples[0]])
    return votes, agreement_report(votes, groups=GROUPS, families=None, seed=1, resamples=200)


def test_the_json_has_the_agreed_names_and_no_nan(report):
    value = report[1].to_json()
    json.dumps(value, allow_nan=False)
    for name in ("observed", "fleiss_kappa", "krippendorff_alpha", "gwet_ac1"):
        for section in (value, value["binary"]):
            assert section[name]["ci"][0] < section[name]["value"] < section[name]["ci"][1]
    assert {"a", "b", "value", "ci", "items"} <= value["cohen_kappa"][0].keys()
    assert [one["category"] for one in value["categories"]] == ["0", "1", "2", "3"]
    assert [one["category"] for one in value["binary"]["categories"]] == ["low", "high"]
    assert [one["annotator"] for one in value["annotators"]] == list(report[0].annotator_ids)
    assert value["confusion"]["categories"] == ["0", "1", "2", "3"]
    assert (value["items"], value["items_with_two_votes"], value["votes"]) == (120, 80, 240)


def test_says_what_to_know_before_using_it(report):
    assert report[1].warnings == (
        "Votes replaced by a later one of the same annotator on the same item: 1.",
        "40 of 120 items have one vote and say nothing about agreement.",
    )


def test_the_same_votes_and_seed_give_the_same_report(report):
    votes, first = report
    assert agreement_report(votes, groups=GROUPS, families=None, seed=1, resamples=200).to_json() == first.to_json()
    other = agreement_report(votes, groups=GROUPS, families=None, seed=2, resamples=200)
    assert other.overall.everybody.observed.low != first.overall.everybody.observed.low
    assert other.overall.everybody.observed.value == first.overall.everybody.observed.value


def test_families_widen_the_intervals(of_counts):
    votes = of_counts([[2, 0], [2, 0], [0, 2], [0, 2], [1, 1], [1, 1]] * 20)
    alone = agreement_report(votes, groups=None, families=None, seed=0, resamples=500)
    whole = agreement_report(votes, groups=None, families=[str(at // 2) for at in range(120)], seed=0, resamples=500)
    assert (alone.families, whole.families, whole.binary) == (None, 60, None)

    def width(figure):
        return figure.high - figure.low

    for name in ("observed", "krippendorff_alpha", "gwet_ac1"):
        narrow, wide = (getattr(one.overall.everybody, name) for one in (alone, whole))
        assert width(wide) / width(narrow) == pytest.approx(2**0.5, rel=0.15)
        assert "over families of items" in wide.method


def test_few_items_are_warned_of(krippendorff_2011):
    report = agreement_report(krippendorff_2011, groups=None, families=None, seed=0)
    assert any("Only 11 items have two votes" in warning for warning in report.warnings)


@pytest.mark.parametrize("triples", [[], [("q1", "ann", "a")], [("q1", "ann", "a"), ("q1", "bob", "a")]])
def test_hardly_any_votes_give_a_whole_report(triples):
    votes = Votes.from_triples(triples, categories=("a", "b"))
    report = agreement_report(votes, groups={"a": "x", "b": "x"}, families=None, seed=0, resamples=50)
    json.dumps(report.to_json(), allow_nan=False)
    assert report.overall.everybody.krippendorff_alpha.reason


def test_arguments_that_do_not_fit_are_refused(krippendorff_2011):
    for arguments, words in (
        ({"groups": {"1": "x"}, "families": None}, "`groups` lacks the category '2'"),
        ({"groups": None, "families": ["f"]}, "one family for each of the 12 items, got 1"),
        ({"groups": None, "families": None, "resamples": 1}, "between 2 and 100000, got 1"),
        ({"groups": None, "families": None, "times": {}}, "`times` lacks the vote of 'A' on 'u0'"),
    ):
        with pytest.raises(AgreementError, match=words):
            agreement_report(krippendorff_2011, seed=0, **arguments)
