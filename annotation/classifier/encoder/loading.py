"""Loading a text encoder with its tokenizer; the libraries' many ways to fail become one sentence."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import AutoConfig, AutoModel, AutoTokenizer, PreTrainedTokenizerFast
from transformers.utils import logging as transformers_logging
from transformers.utils.hub import cached_file

from annotation.classifier.encoder.presets import PRESETS, Source
from annotation.classifier.encoder.tokens import FILE, Tokens, sound
from annotation.classifier.errors import ClassifierError

SAMPLES = (
    "",
    "for running",
    "Для ночной поездки по городу",
    "songs in the style of The Beatles, 1965-1970!",
    "ёлка, Й и ў",
    "🏃🏽‍♀️ lo-fi",
    "fjdhk.!!668!",
    "word " * 600,
)
"""Texts on which every way to tokenize must give the same ids."""


@dataclass(frozen=True)
class Loaded:
    """An encoder in single precision on the CPU, without a pooler of its own.

    Attributes:
        pooling: `cls` or `mean`.
        expected: ids that transformers itself gives to `SAMPLES`.
        notes: sentences for the model card.
    """

    encoder: nn.Module
    tokens: Tokens
    pooling: str
    expected: list[list[int]]
    notes: list[str]

    @property
    def hidden_size(self) -> int:
        return int(self.encoder.config.hidden_size)  # type: ignore[union-attr, arg-type]


def load_encoder(source: Source, *, pooling: str, max_length: int, frozen: bool = False) -> Loaded:
    """Load an encoder; code that comes with a model is not run.

    Args:
        pooling: `cls`, `mean`, or `auto` for what preset and files say.
        max_length: tokens per text; less where the model reads less.
        frozen: the vectors are used as they come, for which only a pooling that the model was trained with beats the
            mean.

    Raises:
        ClassifierError: It cannot be loaded or is no text encoder.
    """
    with _in_one_sentence(source), quiet():
        config = AutoConfig.from_pretrained(source.location, trust_remote_code=False)
        if getattr(config, "is_encoder_decoder", False):
            raise UnfitError("it has a decoder and is no plain text encoder")
        # transformers 5 would take the precision that the weights were stored in
        encoder, loading = AutoModel.from_pretrained(
            source.location, trust_remote_code=False, dtype=torch.float32, output_loading_info=True
        )
        _check_encoder(encoder, loading)
        tokenizer = AutoTokenizer.from_pretrained(source.location, trust_remote_code=False, use_fast=True)
        hints = _sentence_hints(source)
        resolved = _pooling(pooling, source, hints, config, frozen=frozen)
        length = min(max_length, _positions(encoder), hints.get("max_seq_length") or max_length)
        length = min(length, int(min(tokenizer.model_max_length, max_length)))
        notes = _revision(source)
        swapped = _stored_tokenizer(source, tokenizer)
        if swapped is not None:
            tokenizer = swapped
            notes.append("transformers reads the model's tokenizer.json as another tokenizer; the file was followed.")
        tokens = _tokens(tokenizer, encoder, length)
        expected = [tokenizer(text, truncation=True, max_length=length)["input_ids"] for text in SAMPLES]
    return Loaded(encoder.eval(), tokens, resolved, [ids or [tokens.empty_id] for ids in expected], notes)


class UnfitError(Exception):
    """What is wrong with a model that the libraries did load."""


def _check_encoder(encoder: nn.Module, loading: dict[str, Any]) -> None:
    """Take the pooler out, and refuse what would answer at random or does not read text."""
    if getattr(encoder, "main_input_name", "input_ids") != "input_ids" or not hasattr(encoder, "get_input_embeddings"):
        raise UnfitError("it does not read text")
    if isinstance(getattr(encoder, "pooler", None), nn.Module):
        # it is untrained in most models, and its weights without a gradient would stop training on several devices
        encoder.pooler = None  # type: ignore[assignment]
    missing = sorted(name for name in loading["missing_keys"] if not name.startswith("pooler."))
    if missing:
        raise UnfitError(f"{len(missing)} of its weights are missing, {missing[0]} first")


def _positions(encoder: nn.Module) -> int:
    """Return how many tokens the model has positions for."""
    positions = getattr(getattr(encoder, "embeddings", None), "position_embeddings", None)
    if isinstance(positions, nn.Embedding):
        # RoBERTa counts from behind the padding's id
        first = 0 if positions.padding_idx is None else positions.padding_idx + 1
        return positions.num_embeddings - first
    return int(getattr(encoder.config, "max_position_embeddings", None) or 8192)


def _tokens(tokenizer: Any, encoder: nn.Module, length: int) -> Tokens:
    if not getattr(tokenizer, "is_fast", False):
        raise UnfitError("its tokenizer has no fast form, which could be stored")
    backend = Tokenizer.from_str(tokenizer.backend_tokenizer.to_str())
    named = [tokenizer.cls_token_id, tokenizer.bos_token_id, tokenizer.unk_token_id, tokenizer.pad_token_id]
    known = [int(token) for token in named if token is not None]
    if not known:
        raise UnfitError("its tokenizer has no special tokens to pad with")
    rows = encoder.get_input_embeddings().num_embeddings  # type: ignore[operator]
    if backend.get_vocab_size() and max(backend.get_vocab().values()) >= rows:
        raise UnfitError(f"its tokenizer knows more tokens than its {rows} embeddings")
    pad = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else known[-1]
    return Tokens.of(backend, max_length=length, pad_id=int(pad), empty_id=known[0])


def check_ids(tokens: Tokens, expected: list[list[int]], name: str) -> None:
    """Compare with what transformers gave to the same texts.

    Raises:
        ClassifierError: An id differs.
    """
    for text, ours, theirs in zip(SAMPLES, tokens.encode(SAMPLES), expected, strict=True):
        if ours != theirs:
            raise ClassifierError(
                f"The tokenizer of {name} changes when it is stored (it reads {text[:30]!r} as {ours[:8]} instead of "
                f"{theirs[:8]}); use an encoder with a plain `tokenizer.json`."
            )


def _stored_tokenizer(source: Source, tokenizer: Any) -> Any:
    """Return the tokenizer of the model's own `tokenizer.json` where transformers made another one of it.

    transformers 5 builds a tokenizer by the type of the model; one that its owner trained can be swapped in silence.
    """
    path = _file(source, FILE)
    if path is None or not getattr(tokenizer, "is_fast", False):
        return None
    stored, built = Tokenizer.from_file(str(path)), Tokenizer.from_str(tokenizer.backend_tokenizer.to_str())
    for each in (stored, built):
        each.no_padding()
        each.no_truncation()
    if all(stored.encode(sound(text)).ids == built.encode(sound(text)).ids for text in SAMPLES):
        return None
    names = tokenizer.special_tokens_map
    known = {
        name: token for name, token in names.items() if isinstance(token, str) and stored.token_to_id(token) is not None
    }
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=stored, model_max_length=tokenizer.model_max_length, **known
    )


def _revision(source: Source) -> list[str]:
    """Say which commit of a hub repository the files are of."""
    path = _file(source, "config.json")
    in_cache = path is not None and not Path(source.location).is_dir() and path.parent.parent.name == "snapshots"
    return [f"Its revision on the hub is {path.parent.name}."] if path is not None and in_cache else []


def _sentence_hints(source: Source) -> dict[str, Any]:
    """Return what a sentence-transformers model says on pooling and length, of both of its generations."""
    hints: dict[str, Any] = {}
    pooling = _json(source, "config.json", "1_Pooling")
    if pooling is not None:
        old = [
            name.removeprefix("pooling_mode_").removesuffix("_token").removesuffix("_tokens")
            for name, value in pooling.items()
            if name.startswith("pooling_mode_") and value is True
        ]
        hints["pooling"] = pooling.get("pooling_mode") or "+".join(old)
    length = (_json(source, "sentence_bert_config.json") or {}).get("max_seq_length")
    if isinstance(length, int) and length > 0:
        hints["max_seq_length"] = length
    return hints


def _pooling(asked: str, source: Source, hints: dict[str, Any], config: Any, *, frozen: bool) -> str:
    if asked != "auto":
        return asked
    if "pooling" in hints:
        if hints["pooling"] not in ("cls", "mean"):
            raise UnfitError(f"its pooling {hints['pooling']!r} is not known here; set `pooling` to cls or mean")
        return str(hints["pooling"])
    if frozen:
        return "mean"
    if source.preset is not None and source.preset.pooling != "auto":
        return source.preset.pooling
    stated = getattr(config, "classifier_pooling", None)
    return stated if stated in ("cls", "mean") else "mean"


def _json(source: Source, name: str, subfolder: str = "") -> dict[str, Any] | None:
    path = _file(source, name, subfolder)
    value = json.loads(path.read_bytes()) if path else None
    return value if isinstance(value, dict) else None


def _file(source: Source, name: str, subfolder: str = "") -> Path | None:
    """Return a file of the model, from its folder or the hub; None where it has none."""
    folder = Path(source.location)
    if folder.is_dir():
        path = folder / subfolder / name
        return path if path.is_file() else None
    found = cached_file(
        source.location,
        name,
        subfolder=subfolder,
        _raise_exceptions_for_missing_entries=False,
        _raise_exceptions_for_connection_errors=False,
    )
    return Path(found) if found else None


@contextmanager
def _in_one_sentence(source: Source) -> Iterator[None]:
    try:
        yield
    except UnfitError as error:
        raise ClassifierError(f"{source.name} cannot be trained: {error}.") from None
    except Exception as error:  # whatever a broken folder, a wrong id or an absent network makes the libraries raise
        lines = str(error).strip().splitlines()
        reason = lines[0].rstrip(".:") if lines else type(error).__name__
        raise ClassifierError(
            f"The encoder {source.name} cannot be loaded ({reason}); name the hub id of a text encoder that this "
            f"machine can fetch, the folder of one, or one of the presets {', '.join(PRESETS)}."
        ) from error


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the libraries from writing to standard error: if they fail, our one sentence says why."""
    loggers = [logging.getLogger(name) for name in ("transformers", "huggingface_hub", "httpx")]
    levels = [logger.level for logger in loggers]
    bars = transformers_logging.is_progress_bar_enabled()
    try:
        for logger in loggers:
            logger.setLevel(logging.CRITICAL)
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
        if bars:
            transformers_logging.enable_progress_bar()  # type: ignore[no-untyped-call]
