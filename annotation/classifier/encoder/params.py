"""Hyper-parameters of the kinds `encoder` and `embeddings`, with the limits that orders are held to."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

from annotation.classifier.errors import ClassifierError

Params = TypeVar("Params", "EncoderParams", "EmbeddingsParams")


def _number(default: float, low: float, high: float, *, above: bool = False) -> Any:
    """Declare a number within [low, high], or (low, high] with `above`; it is whole if its default is."""
    return field(default=default, metadata={"low": low, "high": high, "above": above})


def _choice(default: str, *allowed: str) -> Any:
    return field(default=default, metadata={"choices": allowed})


@dataclass(frozen=True, slots=True)
class EncoderParams:
    """Parameters of fine-tuning.

    Attributes:
        learning_rate: of the encoder, per optimiser step of AdamW.
        head_learning_rate: of the two linear heads, which start from nothing and one of which may learn alone.
        epochs: passes over the training queries, at most.
        batch_size: queries per optimiser step, all devices together.
        accumulation: parts into which a batch is cut so that it fits into memory; changes nothing but rounding.
        max_length: tokens of a query that are read, the special ones included.
        warmup: share of all steps in which the learning rate rises from 0.
        decay: whether the learning rate then falls to 0 in a straight line, or stays.
        weight_decay: per step and unit of learning rate, on matrices only.
        dropout: probability, on the pooled vector.
        clip: largest norm of the gradient; 0 leaves it alone.
        class_weights: the weight of a class is its frequency to the power of minus this; 0 is plain cross-entropy, 1
            gives every class the same say.
        patience: epochs without a better validation macro-F1 until training ends, and the best epoch is kept; 0 trains
            all epochs and keeps the last.
        precision: of the arithmetic on a GPU; `auto` is bf16 where the GPU has it, else fp16. The CPU uses fp32.
        pooling: how token vectors become one: the first, or the mean of all. `auto` asks preset and model files.
    """

    learning_rate: float = _number(3e-5, 0.0, 1.0, above=True)
    head_learning_rate: float = _number(1e-3, 0.0, 1.0, above=True)
    epochs: int = _number(20, 1, 100_000)
    batch_size: int = _number(32, 1, 100_000)
    accumulation: int = _number(1, 1, 10_000)
    max_length: int = _number(128, 4, 8192)
    warmup: float = _number(0.1, 0.0, 1.0)
    decay: str = _choice("linear", "linear", "none")
    weight_decay: float = _number(0.01, 0.0, 1.0)
    dropout: float = _number(0.1, 0.0, 0.9)
    clip: float = _number(1.0, 0.0, 1e6)
    class_weights: float = _number(0.5, 0.0, 1.0)
    patience: int = _number(4, 0, 100_000)
    precision: str = _choice("auto", "auto", "fp32", "fp16", "bf16")
    pooling: str = _choice("auto", "auto", "cls", "mean")


PAPER = EncoderParams(
    learning_rate=5e-4,
    head_learning_rate=5e-4,
    epochs=2000,
    batch_size=200,
    warmup=0.0,
    decay="none",
    dropout=0.0,
    clip=0.0,
    class_weights=0.0,
    patience=0,
)
"""Section 5.2. It names batch size, learning rate, epochs and the loss; where it is silent, nothing is added, and the
optimiser is AdamW as PyTorch has it."""


@dataclass(frozen=True, slots=True)
class EmbeddingsParams:
    """Parameters of the linear heads on sentence embeddings.

    Attributes:
        c: inverse strength of the L2 penalty, scikit-learn's `C`; 0 chooses by cross-validation on the training
            queries.
        folds: of the cross-validation.
        iterations: of L-BFGS at most.
        standardise: give every dimension mean 0 and deviation 1 over the training queries.
        max_length: tokens of a query that are read, the special ones included.
        pooling: how token vectors become one; `auto` is what the model's own files say, else the mean.
    """

    c: float = _number(0.0, 0.0, 1e6)
    folds: int = _number(4, 2, 20)
    iterations: int = _number(2000, 1, 1_000_000)
    standardise: bool = True
    max_length: int = _number(128, 4, 8192)
    pooling: str = _choice("auto", "auto", "cls", "mean")


def override(params: Params, overrides: Mapping[str, int | float | str | bool]) -> Params:
    """Return the parameters with single ones replaced.

    Raises:
        ClassifierError: A name is unknown, or its value has the wrong type or lies outside its limits.
    """
    known = {each.name: each for each in fields(params)}
    checked: dict[str, Any] = {}
    for name, value in overrides.items():
        if name not in known:
            raise ClassifierError(f"`{name}` is no hyper-parameter here; use {', '.join(known)}.")
        limits = known[name].metadata
        if "choices" in limits:
            checked[name] = _one_of(name, value, limits["choices"])
        elif "low" in limits:
            checked[name] = _within(name, value, limits, whole=isinstance(known[name].default, int))
        elif not isinstance(value, bool):
            raise ClassifierError(f"`{name}` must be true or false, got {value!r}.")
        else:
            checked[name] = value
    return replace(params, **checked)


def _one_of(name: str, value: object, choices: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in choices:
        raise ClassifierError(f"`{name}` must be one of {', '.join(choices)}, got {value!r}.")
    return value


def _within(name: str, value: object, limits: Mapping[str, Any], *, whole: bool) -> int | float:
    low, high, above = limits["low"], limits["high"], limits["above"]
    kind = "a whole number" if whole else "a number"
    bound = f"above {low:g} and at most {high:g}" if above else f"between {low:g} and {high:g}"
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or (whole and not isinstance(value, int)):
        raise ClassifierError(f"`{name}` must be {kind} {bound}, got {value!r}.")
    assert isinstance(value, int | float)
    if not low <= value <= high or (above and value == low):
        raise ClassifierError(f"`{name}` must be {kind} {bound}, got {value!r}.")
    return value if whole else float(value)
