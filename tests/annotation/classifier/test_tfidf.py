import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.classifier.answers import Calibration, query_types
from annotation.classifier.calibration import Platt
from annotation.classifier.errors import ClassifierError
from annotation.classifier.ngrams import Vectoriser
from annotation.classifier.reading import read_queries
from annotation.classifier.registry import load_classifier, train_classifier
from annotation.classifier.spec import Spec
from annotation.classifier.splits import split_examples
from annotation.classifier.tfidf import TfidfParams, TfidfScorer, TfidfTrainer
from annotation.classifier.tfidf_training import fit_regressions
from annotation.classifier.trained import TrainedClassifier
from annotation.taxonomy import BY_SLUG, CATEGORIES
from tests.odd_texts import ODD_TEXTS

SAMPLE = Path(__file__).resolve().parents[3] / "sample" / "queries.jsonl"


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """(classifier, training result, split) of the sample's queries; some ten seconds."""
    examples = read_queries(SAMPLE)
    classifier, training = train_classifier(Spec("tfidf"), examples)
    return classifier, training, split_examples(examples, seed=0)


def check(classifier: TrainedClassifier, text: str) -> None:
    (answer,) = classifier.classify([text])
    assert list(answer.probabilities) == list(BY_SLUG)
    assert math.isclose(sum(answer.probabilities.values()), 1, abs_tol=1e-12)
    assert all(0 <= value <= 1 for value in answer.probabilities.values())
    assert answer.probabilities[answer.category] == max(answer.probabilities.values())
    assert 0 <= answer.alpha <= 1


@pytest.mark.parametrize("text", ODD_TEXTS, ids=range(len(ODD_TEXTS)))
def test_any_text_gets_a_finite_answer(trained, text):
    check(trained[0], text)


@given(st.text(st.characters(codec=None), max_size=200))
def test_any_text_at_all_gets_a_finite_answer(trained, text):
    check(trained[0], text)


def test_a_batch_is_answered_as_its_texts_alone(trained):
    texts = [*ODD_TEXTS, "for running", "День Победы"]
    assert trained[0].classify(texts) == [trained[0].classify([text])[0] for text in texts]
    assert trained[0].classify([]) == []


def test_learns_the_little_set(trained):
    metrics = trained[1].metrics
    assert metrics.categories.accuracy.value > 0.8
    assert metrics.binary.accuracy.value > 0.7


def test_the_same_seed_makes_the_same_bytes(little, trained, artifact, tmp_path):
    again, _ = train_classifier(Spec("tfidf", seed=7), little)
    again.save(tmp_path / "again")
    for path in artifact.iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes(), path.name
    other, _ = train_classifier(Spec("tfidf", seed=8), little)
    other.save(tmp_path / "other")
    assert (tmp_path / "other" / "weights.npz").read_bytes() != (artifact / "weights.npz").read_bytes()


def test_a_loaded_classifier_answers_and_saves_alike(trained, artifact, tmp_path):
    loaded = load_classifier(artifact)
    texts = [*ODD_TEXTS, *(category.examples("ru")[0] for category in CATEGORIES)]
    assert loaded.classify(texts) == trained[0].classify(texts)
    loaded.save(tmp_path / "copy")
    for path in artifact.iterdir():
        assert (tmp_path / "copy" / path.name).read_bytes() == path.read_bytes()


def test_reports_each_step(little):
    steps = []
    train_classifier(Spec("tfidf"), little, progress=lambda *step: steps.append(step))
    assert steps == [
        ("n-grams", 1, 1),
        ("regressions", 1, 2),
        ("regressions", 2, 2),
        ("calibration", 1, 1),
        ("measuring", 1, 1),
    ]


def test_a_category_without_examples_keeps_probability_zero(little):
    known = ("travel", "romantic", "children")
    examples = [example for example in little if example.category in known]
    vectoriser = Vectoriser.fit([example.text for example in examples], TfidfParams().lengths)
    scorer = TfidfScorer(vectoriser, *fit_regressions(vectoriser, examples, TfidfParams(), lambda *step: None))
    for source in ("binary", "categories"):
        calibration = Calibration(1.0, source, Platt(1.0, 0.0))
        for answer in query_types(scorer.logits(["", "qwerty", examples[0].text]), calibration):
            assert {slug for slug, value in answer.probabilities.items() if value > 0} == set(known)
            assert 0 < answer.alpha < 1


def test_files_that_do_not_fit_together_are_refused(artifact, monkeypatch):
    monkeypatch.setattr("annotation.classifier.tfidf.SLUGS", ("travel",))
    with pytest.raises(ClassifierError, match=r"do not fit together \(other categories or another vocabulary\)"):
        load_classifier(artifact)


def test_a_regression_that_does_not_settle_is_refused(little):
    params = TfidfParams(iterations=1)
    vectoriser = Vectoriser.fit([example.text for example in little], params.lengths)
    with pytest.warns(UserWarning), pytest.raises(ClassifierError, match="has not settled after 1 iterations"):
        fit_regressions(vectoriser, little, params, lambda *step: None)


def test_sample_figures_are_clearly_above_guessing(sample):
    _, training, split = sample
    majority = max(np.mean([e.personalised == value for e in split.test]) for value in (True, False))
    metrics = training.metrics
    assert metrics.binary.accuracy.ci[0] > majority + 0.1
    # always answering the majority has F1 2p / (1 + p) on it and 0 on the other class
    assert metrics.binary.macro_f1.value > majority / (1 + majority) + 0.2
    assert metrics.binary.roc_auc.value > 0.84
    assert metrics.categories.macro_f1.value > 0.45
    assert metrics.binary.ece.value < 0.08
    assert metrics.categories.ece.value < 0.08


def test_sample_split_is_70_20_10(sample):
    total = sum(sample[1].split.values())
    assert total == 4950
    assert {name: round(size / total, 2) for name, size in sample[1].split.items()} == {
        "train": 0.7,
        "validation": 0.2,
        "test": 0.1,
    }


@pytest.mark.parametrize("text", ["для бега", "punk rock that I will like", "for running", "грустно", "Для Бега!!!"])
def test_alpha_is_high_where_the_listener_matters(sample, text):
    assert sample[0].classify([text])[0].alpha > 0.6


@pytest.mark.parametrize(
    "text", ["Victory Day", "День Победы", "songs in the style of the Beatles", "для кофейни", "fjdhk.!!668!"]
)
def test_alpha_is_low_where_the_listener_does_not(sample, text):
    assert sample[0].classify([text])[0].alpha < 0.4


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"frozen": True}, "takes no frozen encoder"),
        ({"recipe": "paper"}, "no recipe but the default"),
        ({"device": "cuda"}, "no device but the cpu"),
        ({"overrides": {"lengths": 3}}, "has no parameter 'lengths'; it has c, iterations"),
        ({"overrides": {"depth": 3}}, "has no parameter 'depth'; it has c, iterations"),
        ({"overrides": {"c": "ten"}}, "`c` is a number, got 'ten'"),
        ({"overrides": {"iterations": 1.5}}, "`iterations` is a number, got 1.5"),
        ({"overrides": {"c": 0}}, "`c` must be above 0, got 0"),
        ({"overrides": {"iterations": 0}}, "`iterations` must be at least 1, got 0"),
    ],
)
def test_what_has_no_meaning_here_is_refused(options, words):
    with pytest.raises(ClassifierError, match=words):
        TfidfTrainer.of(Spec("tfidf", **options))


def test_overrides_reach_the_regressions():
    assert TfidfTrainer.of(Spec("tfidf", overrides={"c": 2})).params == TfidfParams(c=2)
