import pytest

from annotation.active import rounds
from annotation.active.errors import ActiveLearningError
from annotation.active.ordering import split_pool
from annotation.active.rounds import next_round

CATEGORIES = ["sleep", "sport"]
WORDS = {"sport": "run fast gym", "sleep": "calm night bed"}


def sample(n):
    """Items with texts of either category in turn."""
    return [(number, f"{WORDS[CATEGORIES[number % 2]]} {number}", CATEGORIES[number % 2]) for number in range(n)]


def ask(labelled, unlabelled, size=20, strategy="margin", random_share=0.2, seed=3):
    return next_round(
        labelled,
        [(item, text) for item, text, _ in unlabelled],
        categories=CATEGORIES,
        strategy=strategy,
        size=size,
        random_share=random_share,
        seed=seed,
    )


@pytest.mark.parametrize("strategy", ["entropy", "margin", "disagreement", "diversity"])
def test_a_round_asks_chosen_items_and_a_fifth_of_random_ones(strategy):
    items = sample(200)
    asked = ask(items[:40], items[40:], strategy=strategy)
    assert [pick.rank for pick in asked.picks] == list(range(1, 21))
    assert [pick.rank for pick in asked.picks if pick.origin == "random"] == [1, 6, 11, 16]
    assert {pick.origin for pick in asked.picks} == {"random", strategy}
    assert {pick.item for pick in asked.picks} <= set(range(40, 200))
    assert asked == ask(items[:40], items[40:], strategy=strategy)


def test_the_random_part_is_neither_chosen_from_nor_learned_from():
    items = sample(200)
    reserve = set(split_pool(range(200), random_share=0.2, seed=3).reserve)
    asked = ask(items[:40], items[40:])
    assert {pick.item for pick in asked.picks if pick.origin == "random"} <= reserve
    assert not {pick.item for pick in asked.picks if pick.origin != "random"} & reserve
    assert asked.learned_from == 40 - len(reserve & set(range(40)))
    assert asked.considered == 160 - len(reserve & set(range(40, 200)))


def test_labelling_a_pool_round_by_round_asks_everything_once():
    items = sample(60)
    open_, done, origins = list(items), [], {}
    while open_:
        asked = ask(done, open_, size=7)
        assert asked.picks
        origins.update({pick.item: pick.origin for pick in asked.picks})
        now = {pick.item for pick in asked.picks}
        done += [item for item in open_ if item[0] in now]
        open_ = [item for item in open_ if item[0] not in now]
    reserve = split_pool(range(60), random_share=0.2, seed=3).reserve
    assert {item for item, origin in origins.items() if origin == "random"} == set(reserve)


def test_a_large_pool_is_drawn_from_anew_in_each_round(monkeypatch):
    monkeypatch.setattr(rounds, "CONSIDERED_AT_MOST", 30)
    items = sample(400)
    first, second = ask([], items, size=30), ask(items[:1], items[1:], size=30)
    assert first.considered == second.considered == 30
    assert {pick.item for pick in first.picks} != {pick.item for pick in second.picks}


def test_nothing_to_ask_is_an_empty_round():
    assert ask(sample(4), []).picks == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"strategy": "hunch"}, "no strategy 'hunch'"),
        ({"random_share": 0.05}, "between 0.1 and 1, got 0.05"),
        ({"size": -1}, "`size` must be 0 or more, got -1"),
    ],
)
def test_what_does_not_fit_is_refused(change, words):
    with pytest.raises(ActiveLearningError, match=words):
        ask(sample(4), sample(8)[4:], **change)
