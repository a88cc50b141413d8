import numpy as np
import pytest
from sklearn.metrics import confusion_matrix

from annotation.agreement.confusion import confusion, items_behind
from annotation.agreement.errors import AgreementError
from annotation.votes import Votes

VOTES = Votes.from_triples(
    [
        ("q1", "ann", "a"), ("q1", "bob", "a"), ("q1", "cy", "b"),
        ("q2", "ann", "b"), ("q2", "bob", "a"),
        ("q3", "bob", "c"),
    ],
    categories=("a", "b", "c"),
)  # fmt: skip


def test_pairs_of_votes_in_any_order():
    assert confusion(VOTES).counts.tolist() == [[1, 3, 0], [3, 0, 0], [0, 0, 0]]


def test_every_pair_of_votes_is_counted_once(make_random):
    votes = make_random(3)
    m = votes.counts().sum(axis=1)
    counts = confusion(votes).counts
    assert np.triu(counts).sum() == (m * (m - 1) // 2).sum()
    assert (counts == counts.T).all()


def test_from_one_annotator_to_another():
    assert confusion(VOTES, between=("ann", "bob")).counts.tolist() == [[1, 0, 0], [1, 0, 0], [0, 0, 0]]
    assert confusion(VOTES, between=("bob", "ann")).counts.tolist() == [[1, 1, 0], [0, 0, 0], [0, 0, 0]]


def test_equals_scikit_learn(make_random):
    votes = make_random(3, annotators=2, votes=(2,))
    first, second = votes.labels.reshape(-1, 2).T
    ids = votes.annotator_ids
    names = (ids[votes.annotators[0]], ids[votes.annotators[1]])
    expected = confusion_matrix(first, second, labels=range(4))
    assert (confusion(votes, between=names).counts == expected).all()


def test_the_items_behind_a_cell():
    assert items_behind(VOTES, "a", "b") == items_behind(VOTES, "b", "a") == ("q1", "q2")
    assert items_behind(VOTES, "a", "a") == ("q1",)
    assert items_behind(VOTES, "b", "b") == ()
    assert items_behind(VOTES, "b", "a", between=("ann", "bob")) == ("q2",)
    assert items_behind(VOTES, "a", "b", between=("ann", "bob")) == ()


def test_unknown_names_are_refused():
    with pytest.raises(AgreementError, match="no category 'z'; use one of a, b, c"):
        items_behind(VOTES, "a", "z")
    with pytest.raises(AgreementError, match="Nobody called 'eve'"):
        confusion(VOTES, between=("ann", "eve"))
    with pytest.raises(AgreementError, match="twice"):
        confusion(VOTES, between=("ann", "ann"))
