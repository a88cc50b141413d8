import numpy as np
import pytest

from annotation.votes import Votes

TRIPLES = [("q1", "ann", "b"), ("q1", "bob", "a"), ("q2", "ann", "a"), ("q1", "ann", "a")]


def test_the_last_vote_of_an_annotator_on_an_item_counts():
    votes = Votes.from_triples(TRIPLES)
    assert (len(votes), votes.replaced) == (3, 1)
    assert votes.item_ids == ("q1", "q2")
    assert votes.annotator_ids == ("ann", "bob")
    assert votes.counts().tolist() == [[2, 0], [1, 0]]


def test_categories_are_sorted_unless_given():
    assert Votes.from_triples([("q", "x", "b"), ("q", "y", "a")]).categories == ("a", "b")
    given = Votes.from_triples([("q", "x", "b")], categories=("c", "b", "a"))
    assert given.categories == ("c", "b", "a")
    assert given.labels.tolist() == [1]


def test_a_label_outside_the_categories_is_refused():
    with pytest.raises(ValueError, match=r"'z'; use one of a, b"):
        Votes.from_triples([("q", "x", "z")], categories=("a", "b"))


def test_no_votes_at_all():
    votes = Votes.from_triples([], categories=("a", "b"))
    assert len(votes) == 0
    assert votes.counts().shape == (0, 2)
    assert len(votes.collapsed({"a": "all", "b": "all"})) == 0


def test_collapsing_keeps_the_votes():
    votes = Votes.from_triples([("q1", "x", "a"), ("q2", "x", "c"), ("q2", "y", "b")], categories=("a", "b", "c"))
    binary = votes.collapsed({"a": "yes", "b": "no", "c": "yes"})
    assert binary.categories == ("yes", "no")
    assert np.array_equal(binary.counts(), [[1, 0], [1, 1]])
