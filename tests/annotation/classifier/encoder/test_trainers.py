"""From an order to a trainer, and what decides the outcome."""

import shutil

import pytest

from annotation.classifier.encoder.params import PAPER
from annotation.classifier.encoder.trainers import EmbeddingsTrainer, EncoderTrainer
from annotation.classifier.errors import ClassifierError
from annotation.classifier.spec import Spec


def test_the_parameters_are_all_that_decides(encoders):
    trainer = EncoderTrainer.of(Spec(str(encoders["bert"]), target="binary", overrides={"epochs": 3}))
    assert trainer.kind == "encoder"
    assert trainer.parameters["model"] == "bert"
    assert len(trainer.parameters["weights"]) == 64
    assert (trainer.parameters["target"], trainer.parameters["epochs"]) == ("binary", 3)
    assert "device" not in trainer.parameters
    assert (
        trainer.parameters
        == EncoderTrainer.of(
            Spec(str(encoders["bert"]), target="binary", overrides={"epochs": 3}, device="cuda", seed=5)
        ).parameters
    )


def test_other_weights_are_other_parameters(encoders, tmp_path):
    copy = shutil.copytree(encoders["bert"], tmp_path / "bert")
    same = EmbeddingsTrainer.of(Spec(str(copy), frozen=True)).parameters
    assert same == EmbeddingsTrainer.of(Spec(str(encoders["bert"]), frozen=True)).parameters
    with (copy / "config.json").open("a") as stream:
        stream.write("\n")
    assert EmbeddingsTrainer.of(Spec(str(copy), frozen=True)).parameters["weights"] != same["weights"]


def test_the_paper_s_recipe_can_be_had_with_single_changes():
    trainer = EncoderTrainer.of(Spec("rumodernbert", recipe="paper", overrides={"epochs": 5}))
    assert trainer.params == type(PAPER)(**{name: getattr(PAPER, name) for name in PAPER.__slots__} | {"epochs": 5})
    notes = " ".join(trainer.notes)
    assert "deepvk/RuModernBERT-base" in notes
    assert "macro-F1 86.7 %" in notes
    assert "section 5.2" in notes


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("both", 'by "personalised or not" and by the 19 categories'),
        ("binary", 'by "personalised or not" alone'),
        ("categories", "by the 19 categories alone"),
    ],
)
def test_the_card_says_what_taught_the_encoder(target, words):
    assert words in " ".join(EncoderTrainer.of(Spec("sbert", target=target)).notes)


def test_orders_that_cannot_be_are_refused():
    with pytest.raises(ClassifierError, match="`recipe` paper fine-tunes the encoder, which `frozen` forbids"):
        EmbeddingsTrainer.of(Spec("minilm", frozen=True, recipe="paper"))
    with pytest.raises(ClassifierError, match="`epochs` is no hyper-parameter here; use c, folds"):
        EmbeddingsTrainer.of(Spec("minilm", frozen=True, overrides={"epochs": 3}))
    with pytest.raises(ClassifierError, match="there is no such folder"):
        EncoderTrainer.of(Spec("./nowhere"))
