"""Who asks what and when in a rehearsal, and how often whom is preferred."""

import math
from collections import Counter

import pytest

from evaluation.rehearsal import Crowd, Plan, RehearsalError, asks

QUERIES = [f"wish {number}" for number in range(20)]


def test_everybody_asks_as_often_and_never_for_the_same_twice():
    found = asks(Plan(participants=7, judgments_each=5), QUERIES)
    assert Counter(ask.participant for ask in found) == dict.fromkeys(range(7), 5)
    assert len({(ask.participant, ask.query) for ask in found}) == len(found)
    assert [ask.at for ask in found] == sorted(ask.at for ask in found)


def test_the_seed_decides():
    assert asks(Plan(seed=3), QUERIES) == asks(Plan(seed=3), QUERIES)
    assert asks(Plan(seed=3), QUERIES) != asks(Plan(seed=4), QUERIES)


def test_choices_follow_davidson():
    plan = Plan(strength_sd=0.8, taste_sd=0.0, ties=0.2, unanswered=0.1, seed=5)
    crowd = Crowd(plan, [1, 2])
    said = Counter(crowd.choice(participant=0, trial=trial, first=1, second=2) for trial in range(20_000))
    d, nu = crowd.strengths[1] - crowd.strengths[2], 2 * 0.2 / 0.8
    total = math.exp(d / 2) + math.exp(-d / 2) + nu
    answered = said["a"] + said["b"] + said["equivalent"]
    assert said[None] / 20_000 == pytest.approx(0.1, abs=0.01)
    assert said["a"] / answered == pytest.approx(math.exp(d / 2) / total, abs=0.015)
    assert said["equivalent"] / answered == pytest.approx(nu / total, abs=0.015)


def test_tastes_spread_as_planned():
    crowd = Crowd(Plan(strength_sd=0.0, taste_sd=0.7), [1, 2])
    liked = [crowd._liking(person, 1) - crowd._liking(person, 2) for person in range(4000)]
    mean = sum(liked) / len(liked)
    assert mean == pytest.approx(0.0, abs=0.05)
    assert math.sqrt(sum((one - mean) ** 2 for one in liked) / len(liked)) == pytest.approx(0.7, rel=0.05)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"participants": 0}, "participants must be between 1 and 10000, got 0"),
        ({"judgments_each": 1001}, "judgments per participant must be between 1 and 1000"),
        ({"ties": 0.95}, "share of ties must be between 0 and 0.9"),
        ({"taste_sd": -1}, "SD of tastes"),
        ({"days": 0}, "days must be between"),
    ],
)
def test_refuses_a_plan_out_of_bounds(wrong, sentence):
    with pytest.raises(RehearsalError, match=sentence):
        Plan(**wrong)


def test_refuses_too_few_queries():
    with pytest.raises(RehearsalError, match="12 judgments per participant need as many different queries, got 2"):
        asks(Plan(), ["one", " one ", "two", ""])
