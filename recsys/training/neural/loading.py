"""Loading a network; the libraries' many ways to fail become one sentence."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import AutoConfig, AutoModel
from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES, MODEL_FOR_MASKED_LM_MAPPING_NAMES
from transformers.utils import logging as transformers_logging

from recsys.core.errors import RequestError
from recsys.training.neural.files import Description, describe, model_file
from recsys.training.neural.network import TransformerNetwork
from recsys.training.neural.tokenizers import load_tokenizer

_MOST = 512
"""Tokens that a model without a word on it reads of a text: titles and requests are short."""


class UnfitError(Exception):
    """What is wrong with a model that the libraries did load."""


def load_network(location: str, *, device: str) -> nn.Module:
    """Load a sentence-transformers model, a plain encoder or a decoder, from a folder or the hub.

    The usual modules (a transformer, pooling) are built here; anything else is left to sentence-transformers. Code that
    comes with a model is not run.

    Raises:
        RequestError: It cannot be loaded or is no text encoder.
    """
    if location.startswith(("/", ".", "~")) and not Path(location).is_dir():
        raise RequestError(f"The encoder {location} cannot be loaded (there is no such folder); check the path.")
    try:
        with quiet():
            description = describe(location)
            if description is None:
                from recsys.training.neural.modules import ModulesNetwork

                return ModulesNetwork.load(location, device=device)
            return _transformer(location, description, device).eval()
    except ImportError as error:
        raise RequestError(f"The encoder {location} needs {error.name}; install the `ml` extra.") from error
    except Exception as error:  # whatever a broken folder, a wrong id or an absent network makes the libraries raise
        lines = str(error).strip().splitlines()
        reason = lines[0].rstrip(".:") if lines else type(error).__name__
        raise RequestError(
            f"The encoder {location} cannot be loaded ({reason}); name a folder or hub id of a sentence-transformers"
            " model, an encoder or a decoder."
        ) from error


def _transformer(location: str, description: Description, device: str) -> nn.Module:
    base = _base_of_adapters(location)
    config = AutoConfig.from_pretrained(base or location, trust_remote_code=False)
    if getattr(config, "is_encoder_decoder", False):
        if model_file(location, "modules.json") is None:
            raise UnfitError("it has an encoder and a decoder, and is no plain text encoder")
        from recsys.training.neural.modules import ModulesNetwork

        return ModulesNetwork.load(location, device=device)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)  # a head that is not used is made anew where the files lack it: always the same one
        backbone, report = AutoModel.from_pretrained(
            base or location,
            trust_remote_code=False,
            output_loading_info=True,
            # the precision of the files is for devices that compute in it; on a CPU it is slower and less exact
            dtype=torch.float32 if device == "cpu" else "auto",
        )
    missing = [name for name in report["missing_keys"] if not name.startswith("pooler.")]
    if getattr(backbone, "main_input_name", "input_ids") != "input_ids":
        raise UnfitError("it does not read text")
    if missing:
        raise UnfitError(f"{len(missing)} of its weights are missing, {sorted(missing)[0]} first")
    if hasattr(backbone.config, "use_cache"):
        backbone.config.use_cache = False  # what a decoder keeps in order to go on writing
    if base is not None:
        from peft import PeftModel

        backbone = PeftModel.from_pretrained(backbone, location)
    tokenizer = load_tokenizer(location)
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token or tokenizer.unk_token
    if tokenizer.pad_token is None:
        raise UnfitError("its tokenizer has no token to pad with")
    settled = Description(
        pooling=_pooling(backbone.config) if description.pooling == "auto" else description.pooling,
        max_length=_length(description, tokenizer, backbone.config),
        query=description.query,
        track=description.track,
    )
    return TransformerNetwork(backbone.to(device), tokenizer, settled)


def _base_of_adapters(location: str) -> str | None:
    """Return where the weights lie that a folder's adapters stand beside; None where there are no adapters."""
    path = model_file(location, "adapter_config.json")
    return None if path is None else str(json.loads(path.read_bytes())["base_model_name_or_path"])


def is_decoder(config: Any) -> bool:
    """Tell whether a model reads each token in the light of those before it only."""
    kind = getattr(config, "model_type", "")
    return kind in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES and kind not in MODEL_FOR_MASKED_LM_MAPPING_NAMES


def _pooling(config: Any) -> str:
    return "last" if is_decoder(config) else "mean"


def _length(description: Description, tokenizer: Any, config: Any) -> int:
    if description.max_length:
        return int(description.max_length)
    known = getattr(config, "max_position_embeddings", None)
    most = min(int(tokenizer.model_max_length), known if known and known > 0 else _MOST)
    # a sentence-transformers folder that does not say reads all there is room for; a plain model is not asked to
    return most if description.pooling != "auto" else min(most, _MOST)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the libraries from writing to standard error: if they fail, our one sentence says why."""
    names = ("sentence_transformers", "transformers", "huggingface_hub", "httpx", "peft")
    loggers = [logging.getLogger(name) for name in names]
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
