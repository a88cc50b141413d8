"""Any sentence-transformers model as an encoder, frozen."""

import hashlib
import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from recsys.core.errors import RequestError
from recsys.training.text import sound

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

_BATCH = 32


class SentenceEncoder:
    """A model from the hub or a folder. Code that comes with a model is not run."""

    def __init__(self, id_or_path: str, *, device: str) -> None:
        path = Path(id_or_path)
        self.name = str(path.resolve()) if path.is_dir() else id_or_path
        self._model = _load(self.name, device)

    @cached_property
    def fingerprint(self) -> str:
        """Over the weights, the tokenizer and the modules, so that it does not matter where the model lies."""
        digest = hashlib.sha256(repr(self._model).encode())
        for name, tensor in sorted(self._model.state_dict().items()):
            digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
            digest.update(tensor.detach().cpu().contiguous().flatten().view(_bytes()).numpy().tobytes())
        tokenizer = getattr(self._model.tokenizer, "backend_tokenizer", self._model.tokenizer)
        if hasattr(tokenizer, "to_str"):
            rules = json.loads(tokenizer.to_str())
            del rules["padding"], rules["truncation"]  # encoding changes them
            digest.update(json.dumps(rules, sort_keys=True).encode())
        digest.update(repr(sorted(self._model.prompts.items())).encode())
        return digest.hexdigest()

    def encode(self, texts: Sequence[str], *, kind: Literal["query", "track"] = "query") -> NDArray[np.float32]:
        encode = self._model.encode_query if kind == "query" else self._model.encode_document
        vectors = encode(
            [sound(text) for text in texts],
            batch_size=_BATCH,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)


def _load(name: str, device: str) -> "SentenceTransformer":
    if name.startswith(("/", ".", "~")) and not Path(name).is_dir():
        raise RequestError(f"The encoder {name} cannot be loaded (there is no such folder); check the path.")
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise RequestError(f"The encoder {name} needs sentence-transformers; install the `ml` extra.") from error
    try:
        with _quiet():
            return SentenceTransformer(name, device=device, trust_remote_code=False)
    except Exception as error:  # whatever a broken folder, a wrong id or an absent network makes the library raise
        reason = str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else type(error).__name__
        raise RequestError(
            f"The encoder {name} cannot be loaded ({reason}); name a sentence-transformers folder or hub id."
        ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries from writing to standard error: if they fail, our one sentence says why."""
    from transformers.utils import logging as transformers_logging

    loggers = [
        logging.getLogger(name) for name in ("sentence_transformers", "transformers", "huggingface_hub", "httpx")
    ]
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


def _bytes() -> "torch.dtype":
    import torch

    return torch.uint8
