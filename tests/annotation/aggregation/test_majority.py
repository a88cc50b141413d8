import pytest

from annotation.aggregation.errors import AggregationError
from annotation.aggregation.majority import majority
from annotation.votes import Votes

TRIPLES = [
    *(("q1", "ann", "a"), ("q1", "bob", "a"), ("q1", "cat", "b")),
    *(("q2", "ann", "b"), ("q2", "bob", "a")),
    ("q3", "cat", "c"),
]


def test_probability_is_the_smoothed_share():
    consensus = majority(Votes.from_triples(TRIPLES))
    assert consensus.probabilities[0] == pytest.approx([(2 + 1 / 3) / 4, (1 + 1 / 3) / 4, (1 / 3) / 4])
    assert consensus.labels() == {"q1": "a", "q2": "a", "q3": "c"}
    assert (consensus.iterations, consensus.converged, consensus.log_likelihood) == (0, True, None)


def test_a_tie_goes_to_the_first_category_and_is_reported():
    assert majority(Votes.from_triples(TRIPLES)).ties == ("q2",)
    turned = majority(Votes.from_triples(TRIPLES, categories=("c", "b", "a")))
    assert turned.labels()["q2"] == "b"


def test_accuracy_is_agreement_with_the_others():
    ann, bob, cat = majority(Votes.from_triples(TRIPLES)).annotator_quality
    # ann: q1 against (a, b), a tie of two, 1/2; q2 against (a), 0.
    assert (ann.annotator, ann.votes, ann.compared, ann.accuracy) == ("ann", 2, 2, 0.25)
    assert bob.accuracy == 0.25
    # cat: q1 against (a, a), 0; nobody else voted on q3.
    assert (cat.votes, cat.compared, cat.accuracy) == (2, 1, 0.0)


def test_gold_is_taken_and_not_counted():
    consensus = majority(Votes.from_triples(TRIPLES), gold={"q2": "c", "elsewhere": "a"})
    assert consensus.labels()["q2"] == "c"
    assert consensus.probabilities[1].tolist() == [0, 0, 1]
    assert (consensus.gold_used, consensus.ties) == (1, ())


@pytest.mark.parametrize("smoothing", [0.0, -1.0, float("nan")])
def test_smoothing_must_be_positive(smoothing):
    with pytest.raises(AggregationError, match="above 0"):
        majority(Votes.from_triples(TRIPLES), smoothing=smoothing)


@pytest.mark.parametrize("task", ["rte", "temp", "wsd"])
def test_equals_crowd_kit_on_snows_sets(public_crowd, crowd_kit, task):
    triples, _ = public_crowd(task)
    assert majority(Votes.from_triples(triples)).labels() == crowd_kit("majority", triples)
