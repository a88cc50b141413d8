import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from annotation.active import learner
from annotation.active.errors import ActiveLearningError
from annotation.active.features import fit_vectoriser, text_vectors
from annotation.active.learner import COMMITTEE, assess
from annotation.active.strategies import STRATEGIES, pick

LABELLED = ["rock for running", "running fast", "music to run", "calm sleep music", "sleep well", "falling asleep"]
LABELS = ["sport"] * 3 + ["sleep"] * 3
POOL = {"sure-1": "running music", "torn": "sleep then running", "sure-2": "sleep deeply", "sure-3": "rock run"}
CATEGORIES = ["sleep", "sport", "party"]


def toy(strategy="margin", labelled=LABELLED, labels=LABELS, pool=POOL):
    return assess(
        list(pool),
        list(pool.values()),
        labelled_texts=labelled,
        labels=labels,
        categories=CATEGORIES,
        strategy=strategy,
        seed=1,
    )


def test_it_learns_the_categories_of_any_taxonomy():
    likeliest = [CATEGORIES[column] for column in toy().probabilities.argmax(axis=1)]
    assert [likeliest[0], likeliest[2], likeliest[3]] == ["sport", "sleep", "sport"]


@pytest.mark.parametrize("strategy", ["entropy", "margin"])
def test_what_stands_between_two_categories_is_asked_first(strategy):
    assert pick(strategy, toy(strategy), 1, seed=1) == ["torn"]


def test_a_committee_comes_where_it_is_needed():
    assert toy("margin").committee is None
    committee = toy("disagreement").committee
    assert committee.shape == (COMMITTEE, 4, 3)
    np.testing.assert_allclose(committee.sum(axis=2), 1, atol=1e-12)


@pytest.mark.parametrize("strategy", sorted(STRATEGIES))
@pytest.mark.parametrize("labels", [0, 1, 3, 4])
def test_it_works_from_the_first_label_on(strategy, labels):
    given = toy(strategy, LABELLED[:labels], LABELS[:labels])
    assert np.isfinite(given.probabilities).all()
    assert (given.probabilities > 0).all()
    np.testing.assert_allclose(given.probabilities.sum(axis=1), 1, atol=1e-12)
    assert sorted(pick(strategy, given, 4, seed=1)) == sorted(POOL)


@pytest.mark.parametrize("strategy", sorted(STRATEGIES))
def test_texts_without_a_letter_and_an_empty_pool_are_answered(strategy):
    given = toy(strategy, pool={"blank": "", "dots": "…", "known": "sleep"})
    assert len(pick(strategy, given, 3, seed=1)) == 3
    assert pick(strategy, toy(strategy, pool={}), 3, seed=1) == []


def test_the_same_seed_gives_the_same_answer():
    np.testing.assert_array_equal(toy("disagreement").committee, toy("disagreement").committee)
    np.testing.assert_array_equal(toy().probabilities, toy().probabilities)


def test_of_too_many_labels_the_rare_category_keeps_its_own(monkeypatch):
    monkeypatch.setattr(learner, "LABELS_AT_MOST", 6)
    numbers = np.array([0] * 50 + [1] * 2)
    kept = learner._balanced(numbers, seed=0)
    assert np.bincount(numbers[kept]).tolist() == [4, 2]
    assert kept.tolist() == sorted(kept.tolist())


def test_the_vectors_have_length_one_or_none():
    texts = ["rock", "rock rock pop", "", "ballad"]
    vectors = text_vectors(fit_vectoriser(texts[:3]), texts)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.sqrt(vectors.multiply(vectors).sum(axis=1))[:3], [1, 1, 0], atol=1e-6)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"labels": ["sport"] * 5 + ["jazz"]}, "The label 'jazz' is no category; use one of sleep, sport, party"),
        ({"labels": ["sport"]}, "6 labelled texts and 1 labels; give one label per text"),
        ({"strategy": "hunch"}, "no strategy 'hunch'"),
        ({"categories": [], "labels": ["sport"] * 6}, "`categories` is empty"),
        ({"texts": ["one"]}, "4 items and 1 texts; give one text per item"),
    ],
)
def test_what_does_not_fit_is_refused(change, words):
    given = {
        "texts": list(POOL.values()),
        "labelled_texts": LABELLED,
        "labels": LABELS,
        "categories": CATEGORIES,
        "strategy": "margin",
        "seed": 1,
        **change,
    }
    with pytest.raises(ActiveLearningError, match=words):
        assess(list(POOL), **given)


def test_no_learning_library_comes_in():
    program = "import sys; import annotation.active.simulate, annotation.active.rounds; print('sklearn' in sys.modules)"
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
