"""A transformer as an encoder: sentence-transformers models, plain encoders and decoders, frozen or fine-tuned."""

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from recsys.core.artifacts import read_json, write_json
from recsys.core.errors import ArtifactError
from recsys.training.neural.loading import load_network
from recsys.training.neural.network import weights_of
from recsys.training.neural.tokenizers import check, probes

_ABOUT = "fine_tuning.json"


class SentenceEncoder:
    """A network from the hub or a folder.

    Attributes:
        name: the hub id or folder that it came from.
        fine_tuned: whether it was trained here, and so belongs whole into whatever is made with it.
    """

    def __init__(self, network: Any, *, name: str, fine_tuned: bool = False) -> None:
        self.network = network
        self.name = name
        self.fine_tuned = fine_tuned

    @classmethod
    def load(cls, id_or_path: str, *, device: str, name: str = "") -> "SentenceEncoder":
        """Load from a folder, or from the hub.

        Raises:
            RequestError: It cannot be loaded.
            ArtifactError: It was trained here, and is not what it was then.
        """
        path = Path(id_or_path)
        location = str(path.resolve()) if path.is_dir() else id_or_path
        found = cls(load_network(location, device=device), name=name or location)
        if (path / _ABOUT).is_file():
            found._check(path)
        return found

    @cached_property
    def fingerprint(self) -> str:
        """Over the weights, the tokenizer and the rest that decides, so that it does not matter where it lies."""
        about = getattr(self.network, "description", None) or _modules(self.network)
        digest = hashlib.sha256(repr(about).encode())
        for name, tensor in sorted(weights_of(self.network).items()):
            digest.update(f"{name} {tuple(tensor.shape)}".encode())
            if tensor.is_floating_point():
                tensor = tensor.float()  # the same, whether a device keeps them short or long
            digest.update(tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy().tobytes())
        tokenizer = getattr(self.network.tokenizer, "backend_tokenizer", self.network.tokenizer)
        if hasattr(tokenizer, "to_str"):
            rules = json.loads(tokenizer.to_str())
            del rules["padding"], rules["truncation"]  # encoding changes them
            digest.update(json.dumps(rules, sort_keys=True).encode())
        return digest.hexdigest()

    def encode(self, texts: Sequence[str], *, kind: Literal["query", "track"] = "query") -> NDArray[np.float32]:
        vectors: NDArray[np.float32] = self.network.encode(texts, kind)
        return vectors

    def save(self, directory: Path) -> None:
        """Write the whole into an existing folder; a model with adapters as its base's name and the adapters."""
        self.network.save(directory)
        about = {"base": self.name, "tokenizer": probes(self.network.tokenizer)}
        if (directory / "adapter_config.json").is_file():
            about["fingerprint"] = self.fingerprint  # the base lies elsewhere and may become another
        write_json(directory, _ABOUT, about)

    def _check(self, path: Path) -> None:
        about = read_json(path, _ABOUT)
        try:
            self.name = str(about["base"])
            check(self.network.tokenizer, about["tokenizer"], str(path))
            expected = about.get("fingerprint")
        except (KeyError, TypeError, AttributeError):
            raise ArtifactError(f"{path / _ABOUT}: no word of a fine-tuned encoder; train it again.") from None
        if expected is not None and self.fingerprint != expected:
            raise ArtifactError(f"{path}: the base {self.name} of this encoder has changed since; train it again.")
        self.fine_tuned = True


def _modules(network: Any) -> str:
    return repr(network.model) + repr(sorted(network.model.prompts.items()))
