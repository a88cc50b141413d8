import pytest

from annotation.classifier.encoder.params import PAPER, EmbeddingsParams, EncoderParams, override
from annotation.classifier.errors import ClassifierError


def test_the_paper_recipe_is_section_5_2():
    assert (PAPER.batch_size, PAPER.learning_rate, PAPER.epochs) == (200, 5e-4, 2000)
    assert PAPER.head_learning_rate == 5e-4
    # plain cross-entropy, no warm-up, no early stopping
    assert (PAPER.class_weights, PAPER.warmup, PAPER.patience, PAPER.clip, PAPER.decay) == (0, 0, 0, 0, "none")


def test_single_values_are_replaced():
    params = override(EncoderParams(), {"epochs": 3, "dropout": 0, "pooling": "cls"})
    assert (params.epochs, params.dropout, params.pooling) == (3, 0.0, "cls")
    assert isinstance(params.dropout, float)
    assert params.batch_size == EncoderParams().batch_size
    assert override(EmbeddingsParams(), {"standardise": False}).standardise is False


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        ({"learnign_rate": 1}, "`learnign_rate` is no hyper-parameter here; use learning_rate, "),
        ({"learning_rate": 0}, "`learning_rate` must be a number above 0 and at most 1, got 0."),
        ({"learning_rate": 1.5}, "at most 1, got 1.5"),
        ({"learning_rate": "fast"}, "`learning_rate` must be a number above 0 and at most 1, got 'fast'."),
        ({"learning_rate": float("nan")}, "got nan"),
        ({"epochs": 2.0}, "`epochs` must be a whole number between 1 and 100000, got 2.0."),
        ({"epochs": True}, "`epochs` must be a whole number"),
        ({"epochs": 0}, "got 0"),
        ({"dropout": -0.1}, "`dropout` must be a number between 0 and 0.9, got -0.1."),
        ({"pooling": "max"}, "`pooling` must be one of auto, cls, mean, got 'max'."),
        ({"precision": 16}, "`precision` must be one of auto, fp32, fp16, bf16, got 16."),
    ],
)
def test_wrong_values_are_named(overrides, sentence):
    with pytest.raises(ClassifierError) as error:
        override(EncoderParams(), overrides)
    assert sentence in str(error.value)


def test_a_switch_is_true_or_false():
    with pytest.raises(ClassifierError, match="`standardise` must be true or false, got 1"):
        override(EmbeddingsParams(), {"standardise": 1})
