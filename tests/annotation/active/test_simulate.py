import numpy as np
import pytest
from sklearn.metrics import f1_score

from annotation.active.curves import labels_to_reach, measure
from annotation.active.cut import cut_sample
from annotation.active.errors import ActiveLearningError
from annotation.active.simulate import simulate
from annotation.active.strategies import STRATEGIES

CATEGORIES = 6


def skewed_pool(n=900, seed=0):
    """Nine texts in ten are versions of a few easy queries; the other categories have many words and few texts."""
    generator = np.random.default_rng(seed)
    texts, labels = [], []
    for number in range(n):
        if number % 10:
            texts.append(f"популярное {generator.integers(3)} {number % 7}")
            labels.append(0)
        else:
            category = int(generator.integers(1, CATEGORIES))
            texts.append(f"word{category}x{generator.integers(4)} {'abcdefgh'[generator.integers(8)]}")
            labels.append(category)
    return texts, labels


@pytest.fixture(scope="module")
def cut():
    texts, labels = skewed_pool()
    return cut_sample(texts, labels, list(range(len(texts))), categories=CATEGORIES, seed=1)


def curve(cut, strategy, seed=1, **change):
    settings = {"budget": 100, "batch": 20, "random_share": 0.1, "seed": seed, "groups": [0, 0, 0, 1, 1, 1], **change}
    return simulate(cut, strategy, **settings)


@pytest.mark.parametrize("strategy", sorted(STRATEGIES))
def test_asking_beats_chance_where_most_of_the_pool_is_the_same(cut, strategy):
    asked = np.mean([curve(cut, strategy, seed)[-1].macro_f1 for seed in range(3)])
    drawn = np.mean([curve(cut, "random", seed)[-1].macro_f1 for seed in range(3)])
    assert asked > drawn + 0.1


@pytest.mark.parametrize("strategy", ["random", *sorted(STRATEGIES)])
def test_a_curve_repeats_and_counts_every_label(cut, strategy):
    seen = []
    points = curve(cut, strategy, budget=50, report=seen.append)
    assert [point.labels for point in points] == [20, 40, 50]
    assert points == seen == curve(cut, strategy, budget=50)
    assert all(0 <= point.macro_f1 <= 1 and 0 <= point.grouped_f1 <= 1 for point in points)
    assert [point.grouped_f1 for point in curve(cut, strategy, budget=20, groups=None)] == [None]


@pytest.mark.parametrize("strategy", ["random", "margin"])
def test_the_whole_pool_can_be_labelled(strategy):
    texts, labels = skewed_pool(60)
    small = cut_sample(texts, labels, list(range(60)), categories=CATEGORIES, seed=1)
    points = curve(small, strategy, budget=len(small.labels), batch=len(small.labels))
    assert points[-1].labels == len(small.labels)


def test_families_are_not_torn_and_a_quarter_of_them_is_the_test():
    texts = [f"query {number // 3}" for number in range(120)]
    cut = cut_sample(texts, [number // 3 for number in range(120)], texts, categories=40, seed=2)
    assert len(cut.test_labels) == 30
    assert not set(cut.labels.tolist()) & set(cut.test_labels.tolist())
    assert cut.features.shape[0] == cut.similarities.shape[0] == cut.test_similarities.shape[1] == 90


def test_the_measure_is_scikit_learns():
    generator = np.random.default_rng(0)
    truth, probabilities = generator.integers(0, 5, 200), generator.dirichlet(np.ones(5), 200)
    groups = np.array([0, 1, 1, 0, 1])
    point = measure(truth, probabilities, 10, groups.tolist())
    assert point.macro_f1 == pytest.approx(f1_score(truth, probabilities.argmax(axis=1), average="macro"))
    second = probabilities[:, groups == 1].sum(axis=1) > 0.5
    assert point.grouped_f1 == pytest.approx(f1_score(groups[truth], second, average="macro"))


@pytest.mark.parametrize(
    ("target", "expected"), [(0.1, 100), (0.2, 100), (0.3, 150), (0.4, 200), (0.45, 350), (0.6, None)]
)
def test_labels_to_reach_by_hand(target, expected):
    assert labels_to_reach([100, 200, 300, 400], [0.2, 0.4, 0.4, 0.5], target) == (
        None if expected is None else pytest.approx(expected)
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"strategy": "hunch"}, "no strategy 'hunch'; use random or one of entropy"),
        ({"budget": 0}, "`budget` must be between 1 and"),
        ({"budget": 10_000}, "the pool's size, got 10000"),
        ({"batch": 101}, "`batch` must be between 1 and 100, the budget, got 101"),
        ({"random_share": 0.0}, "between 0.1 and 1, got 0.0"),
    ],
)
def test_a_simulation_out_of_range_is_refused(cut, change, words):
    with pytest.raises(ActiveLearningError, match=words):
        curve(cut, **{"strategy": "margin", **change})


@pytest.mark.parametrize(
    ("labels", "families", "words"),
    [([0, 1], [1], "2 texts, 2 labels and 1 families"), ([0, 9], [1, 2], "Label 9"), ([0, 1], [1, 1], "1 families")],
)
def test_a_sample_that_cannot_be_cut_is_refused(labels, families, words):
    with pytest.raises(ActiveLearningError, match=words):
        cut_sample(["a", "b"], labels, families, categories=2, seed=1)
