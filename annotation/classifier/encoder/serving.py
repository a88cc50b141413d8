"""Answering with a trained encoder: by ONNX Runtime with numpy and tokenizers alone, or by torch."""

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from annotation.classifier.encoder.tokens import FILE as TOKENIZER
from annotation.classifier.encoder.tokens import Integers, Tokens, by_length, padded
from annotation.classifier.errors import ClassifierError

if TYPE_CHECKING:
    from torch import nn

Floats = NDArray[np.float64]

SERVING, ONNX, WEIGHTS, CONFIG = "serving.json", "model.onnx", "weights.safetensors", "config.json"
RUNTIMES = {"torch": (WEIGHTS, CONFIG), "onnx": (ONNX,), "onnx-int8": (ONNX,)}
MAX_TOKENS, MAX_TEXTS = 4096, 64


class Runtime(Protocol):
    """Runs the network on one batch."""

    def run(self, ids: Integers, mask: Integers) -> NDArray[np.float32]: ...


class OnnxRuntime:
    """A graph in ONNX Runtime, on the CPU."""

    def __init__(self, path: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads()
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # its errors have no common family
            raise ValueError(f"{path.name}: {str(error).splitlines()[0]}") from error

    def run(self, ids: Integers, mask: Integers) -> NDArray[np.float32]:
        (output,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        return np.asarray(output, dtype=np.float32)


class TorchRuntime:
    """A torch module, on the CPU."""

    def __init__(self, module: "nn.Module") -> None:
        self.module = module.eval()

    def run(self, ids: Integers, mask: Integers) -> NDArray[np.float32]:
        import torch

        before = torch.get_num_threads()
        torch.set_num_threads(threads())
        try:
            with torch.inference_mode():
                output = self.module(torch.from_numpy(ids), torch.from_numpy(mask))
        finally:
            torch.set_num_threads(before)
        return np.asarray(output.numpy(), dtype=np.float32)


def threads() -> int:
    """Return how many threads one answer may use: one, or what OMP_NUM_THREADS says."""
    stated = os.environ.get("OMP_NUM_THREADS", "").split(",")[0]
    return max(1, int(stated)) if stated.isdecimal() else 1


@dataclass(frozen=True)
class Served:
    """A trained encoder that answers texts with rows of numbers, and the files it is made of.

    Attributes:
        folder: holds the files; other files may lie there too.
        description: what `serving.json` says.
        keeper: keeps a temporary folder for as long as this lives.
    """

    folder: Path
    description: Mapping[str, Any]
    tokens: Tokens
    runtime: Runtime
    keeper: "TemporaryDirectory[str] | None" = None

    @classmethod
    def read(cls, folder: Path, keeper: "TemporaryDirectory[str] | None" = None) -> Self:
        """Read the files in a folder.

        Raises:
            OSError, KeyError, TypeError, ValueError: They are missing or do not fit together.
            ClassifierError: The library that serves them is not installed.
        """
        description = json.loads((folder / SERVING).read_bytes())
        shape = description["tokens"]
        sizes = {name: int(shape[name]) for name in ("max_length", "pad_id", "empty_id")}
        try:
            tokens = Tokens.read(folder, **sizes)
            return cls(folder, description, tokens, _open(folder, description), keeper)
        except ImportError as error:
            raise ClassifierError(
                f"{folder}: this classifier is served by {description['runtime']}, which is not installed "
                f"({error}); install the `ml` extra."
            ) from error

    def write(self, directory: Path) -> None:
        for name in (SERVING, TOKENIZER, *RUNTIMES[self.description["runtime"]]):
            shutil.copyfile(self.folder / name, directory / name)

    def outputs(self, texts: Sequence[str]) -> Floats:
        """Return shape (texts, `outputs` of the description)."""
        return outputs(
            self.runtime,
            self.tokens,
            texts,
            self.description["outputs"],
            alone=self.description["runtime"] == "onnx-int8",
        )


def _open(folder: Path, description: Mapping[str, Any]) -> Runtime:
    name = description["runtime"]
    if name not in RUNTIMES:
        raise ValueError(f"{SERVING}: unknown runtime {name!r}")
    if name == "torch":
        from annotation.classifier.encoder.torch_files import read_module  # torch comes in here

        return TorchRuntime(read_module(folder, description))
    return OnnxRuntime(folder / ONNX)


def outputs(runtime: Runtime, tokens: Tokens, texts: Sequence[str], columns: int, *, alone: bool = False) -> Floats:
    """Run texts in batches of about equal length; the order of the rows is that of the texts.

    Args:
        alone: one text per batch, for int8: it scales a whole batch at once, so company would change the answers.
    """
    rows = np.empty((len(texts), columns))
    token_ids = tokens.encode(texts)
    lengths = [len(ids) for ids in token_ids]
    for batch in by_length(lengths, max_tokens=MAX_TOKENS, max_texts=1 if alone else MAX_TEXTS):
        rows[batch] = runtime.run(*padded([token_ids[index] for index in batch], tokens.pad_id))
    return rows
