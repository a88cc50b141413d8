import numpy as np

from annotation.agreement.undefined import lack_of_pairs, no_choice, one_category, same_category, unchosen
from annotation.votes import Votes


def test_why_no_votes_can_be_compared():
    assert lack_of_pairs(Votes.from_triples([])) == "There are no votes yet."
    alone = Votes.from_triples([("q1", "ann", "a"), ("q2", "ann", "b")])
    assert "All votes are by ann" in lack_of_pairs(alone)
    apart = Votes.from_triples([("q1", "ann", "a"), ("q2", "bob", "b")])
    assert "No item has votes of two annotators" in lack_of_pairs(apart)
    assert lack_of_pairs(Votes.from_triples([("q1", "ann", "a"), ("q1", "bob", "b")])) == ""


def test_why_chance_cannot_be_told_apart():
    assert "Every vote is for b" in one_category(("a", "b"), np.array([[0, 2], [0, 3]]))
    assert one_category(("a", "b"), np.array([[1, 2]])) == ""
    assert "a is the only category" in no_choice(("a",))
    assert no_choice(()) == "There is no category to choose."


def test_why_a_category_or_a_pair_has_no_value():
    assert "Nobody chose noise" in unchosen("noise", np.array([0, 0]), 4)
    assert "Every vote is for noise" in unchosen("noise", np.array([2, 2]), 4)
    assert unchosen("noise", np.array([1, 0]), 4) == ""
    assert same_category("ann", "bob", 0) == "ann and bob labelled no item in common."
    assert "all 3 common items" in same_category("ann", "bob", 3)
