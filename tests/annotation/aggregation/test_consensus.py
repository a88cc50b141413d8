from dataclasses import replace

import numpy as np
import pytest

from annotation.aggregation.consensus import AGGREGATORS, NO_LABEL, aggregate
from annotation.aggregation.errors import AggregationError
from annotation.votes import Votes

every_method = pytest.mark.parametrize("method", AGGREGATORS)


def check(consensus, votes):
    """What holds for every result."""
    shape = (len(votes.item_ids), len(votes.categories))
    assert consensus.probabilities.shape == shape
    assert np.isfinite(consensus.probabilities).all()
    assert consensus.probabilities.min(initial=0.0) >= 0
    assert np.allclose(consensus.probabilities.sum(axis=1), 1.0, atol=1e-9)
    assert len(consensus.best) == shape[0]
    assert [one.annotator for one in consensus.annotator_quality] == list(votes.annotator_ids)
    for one in consensus.annotator_quality:
        assert (one.accuracy is None) == (one.compared == 0)
        assert one.accuracy is None or 0 <= one.accuracy <= 1 + 1e-12
        assert one.competence is None or 0 <= one.competence <= 1
    assert consensus.log_likelihood is None or np.isfinite(consensus.log_likelihood)
    assert all(np.isfinite(array).all() for array in consensus.parameters.values())


@every_method
def test_a_clear_majority_of_careful_people_wins(method, crowd):
    votes, truth = crowd(300, votes_per_item=9, people=12, seed=8)
    consensus = aggregate(votes, method)
    check(consensus, votes)
    assert consensus.method == method
    assert np.mean(consensus.best == truth) > 0.95
    assert consensus.converged


@every_method
def test_no_votes(method):
    nothing = Votes.from_triples([], categories=("a", "b"))
    consensus = aggregate(nothing, method, gold={"q1": "a"})
    check(consensus, nothing)
    assert (consensus.labels(), consensus.iterations, consensus.annotator_quality) == ({}, 0, ())
    check(aggregate(Votes.from_triples([]), method), Votes.from_triples([]))


@every_method
def test_items_without_votes_get_no_label_unless_it_is_gold(method):
    voted = Votes.from_triples([("q1", "ann", "a"), ("q1", "bob", "a")], categories=("a", "b", "c"))
    votes = replace(voted, item_ids=("q1", "q2", "q3"), annotator_ids=("ann", "bob", "cat"))
    consensus = aggregate(votes, method, gold={"q3": "b"})
    check(consensus, votes)
    assert consensus.labels() == {"q1": "a", "q3": "b"}
    assert (consensus.unlabelled, consensus.best[1]) == (("q2",), NO_LABEL)
    assert consensus.annotator_quality[2].votes == 0
    unvoted = replace(Votes.from_triples([], categories=("a", "b")), item_ids=("q1", "q2"))
    assert aggregate(unvoted, method, gold={"q1": "b"}).labels() == {"q1": "b"}


@every_method
def test_one_annotator_is_believed_but_not_measured(method):
    votes = Votes.from_triples([(f"q{i}", "ann", "ab"[i % 2]) for i in range(6)])
    consensus = aggregate(votes, method)
    check(consensus, votes)
    assert consensus.labels() == {f"q{i}": "ab"[i % 2] for i in range(6)}
    assert consensus.annotator_quality[0].accuracy is None


@every_method
def test_one_category(method):
    votes = Votes.from_triples([("q1", "ann", "a"), ("q1", "bob", "a"), ("q2", "bob", "a")])
    consensus = aggregate(votes, method)
    check(consensus, votes)
    assert consensus.labels() == {"q1": "a", "q2": "a"}
    assert consensus.ties == ()


@every_method
def test_two_against_each_other_are_a_tie(method):
    votes = Votes.from_triples([("q1", "ann", "b"), ("q1", "bob", "a")])
    consensus = aggregate(votes, method)
    check(consensus, votes)
    assert (consensus.labels(), consensus.ties) == ({"q1": "a"}, ("q1",))


@every_method
def test_thousands_of_people_on_one_item(method):
    rows = [("q1", f"p{i}", "a" if i % 3 else "b") for i in range(4000)]
    votes = Votes.from_triples([*rows, ("q2", "p0", "c")])
    consensus = aggregate(votes, method)
    check(consensus, votes)
    assert consensus.labels()["q1"] == "a"


@every_method
def test_the_order_of_the_votes_does_not_matter(method, crowd, triples_of):
    votes, _ = crowd(120, seed=9)
    turned = Votes.from_triples(reversed(triples_of(votes)), categories=votes.categories)
    assert aggregate(votes, method).labels() == aggregate(turned, method).labels()


@pytest.mark.parametrize("method", [method for method in AGGREGATORS if method != "majority"])  # it does not iterate
def test_not_converging_is_said(method, crowd):
    votes, _ = crowd(200, seed=3)
    consensus = AGGREGATORS[method](votes, gold=None, start=None, seed=0, max_iterations=1)
    check(consensus, votes)
    assert (consensus.converged, consensus.iterations) == (False, 1)


def test_what_cannot_be_done_is_refused():
    votes = Votes.from_triples([("q1", "ann", "a")])
    with pytest.raises(AggregationError, match=r"no method 'glad'; use one of majority, dawid-skene, mace\."):
        aggregate(votes, "glad")
    with pytest.raises(AggregationError, match="`seed` must be at least 0, got -1"):
        aggregate(votes, "mace", seed=-1)
    with pytest.raises(AggregationError, match="'q1' has the gold label 'z'; use one of a"):
        aggregate(votes, "majority", gold={"q1": "z"})
