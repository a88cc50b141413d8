import numpy as np
import pytest

from annotation.active.errors import ActiveLearningError
from annotation.active.strategies import STRATEGIES, Candidates, pick

ITEMS = tuple(f"q{number}" for number in range(6))
PROBABILITIES = np.array(
    [
        [0.98, 0.01, 0.01],
        [0.50, 0.49, 0.01],
        [0.40, 0.30, 0.30],
        [0.90, 0.05, 0.05],
        [0.70, 0.20, 0.10],
        [0.55, 0.40, 0.05],
    ]
)


def candidates(probabilities=PROBABILITIES, items=ITEMS):
    n = len(probabilities)
    committee = np.stack([probabilities, probabilities[:, ::-1]])
    return Candidates(items, probabilities, committee, np.eye(n, 8) if n <= 8 else np.ones((n, 1)))


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [("entropy", ["q2", "q5", "q4"]), ("margin", ["q1", "q2", "q5"]), ("diversity", ["q2", "q1", "q5"])],
)
def test_the_most_uncertain_come_first(strategy, expected):
    assert pick(strategy, candidates(), 3, seed=1) == expected


def test_disagreement_asks_what_the_members_vote_differently_on():
    same, apart = [0.9, 0.1], [0.1, 0.9]
    committee = np.array([[same, same, same], [same, apart, same]])
    asked = pick("disagreement", Candidates(("a", "b", "c"), committee.mean(axis=0), committee), 1, seed=0)
    assert asked == ["b"]


def test_votes_alike_are_ordered_by_the_doubt_of_all_members():
    committee = np.array([[[0.9, 0.1], [0.6, 0.4], [0.8, 0.2]]] * 2)
    asked = pick("disagreement", Candidates(("a", "b", "c"), committee[0], committee), 3, seed=0)
    assert asked == ["b", "c", "a"]


def test_diversity_takes_one_of_twenty_versions_of_one_query():
    probabilities = np.vstack([np.full((20, 2), 0.5), [[0.6, 0.4], [0.7, 0.3]]])
    features = np.repeat(np.eye(3), [20, 1, 1], axis=0)
    asked = pick("diversity", Candidates(tuple(range(22)), probabilities, None, features), 5, seed=3)
    assert asked[0] < 20
    assert set(asked[1:3]) == {20, 21}


@pytest.mark.parametrize("strategy", sorted(STRATEGIES))
def test_equal_scores_are_drawn_by_seed_and_item_whatever_the_order(strategy):
    items = tuple(f"q{number}" for number in range(40))
    level = candidates(np.full((40, 4), 0.25), items)
    backwards = candidates(np.full((40, 4), 0.25), items[::-1])
    once = pick(strategy, level, 10, seed=1)
    assert once == pick(strategy, level, 10, seed=1) == pick(strategy, backwards, 10, seed=1)
    assert once != pick(strategy, level, 10, seed=2)
    assert once != sorted(once)


@pytest.mark.parametrize("strategy", sorted(STRATEGIES))
@pytest.mark.parametrize("probabilities", [np.ones((6, 1)), np.zeros((6, 3)), np.zeros((0, 3)), np.eye(6)])
def test_degenerate_candidates_are_all_picked_once(strategy, probabilities):
    items = ITEMS[: len(probabilities)]
    assert sorted(pick(strategy, candidates(probabilities, items), 10, seed=0)) == sorted(items)
    assert pick(strategy, candidates(probabilities, items), 0, seed=0) == []


@pytest.mark.parametrize(
    ("strategy", "given", "size", "words"),
    [
        ("hunch", candidates(), 1, "no strategy 'hunch'; use one of entropy, margin, disagreement, diversity"),
        ("margin", candidates(), -1, "`size` must be 0 or more, got -1"),
        ("margin", candidates(PROBABILITIES[:4]), 1, "give one row for each of the 6 items"),
        ("margin", candidates(np.full((6, 2), np.nan)), 1, "holds NaN or infinity"),
        ("disagreement", Candidates(ITEMS, PROBABILITIES), 1, r"needs a committee of the shape \(members, 6, 3\)"),
        ("diversity", Candidates(ITEMS, PROBABILITIES), 1, "needs features with one row for each of the 6 items"),
    ],
)
def test_what_does_not_fit_is_refused(strategy, given, size, words):
    with pytest.raises(ActiveLearningError, match=words):
        pick(strategy, given, size, seed=0)
