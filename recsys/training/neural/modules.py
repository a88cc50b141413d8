"""A model of modules that only sentence-transformers knows: dense layers, other poolings, encoders of T5."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from recsys.training.neural.network import Features, encode
from recsys.training.text import sound


class ModulesNetwork(nn.Module):
    """A `SentenceTransformer`, whose vectors are brought to length 1 if its own modules do not."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model: Any = model

    @classmethod
    def load(cls, location: str, *, device: str) -> Self:
        from sentence_transformers import SentenceTransformer  # seconds and half a gigabyte

        return cls(SentenceTransformer(location, device=device, trust_remote_code=False).eval())

    @property
    def tokenizer(self) -> Any:
        return self.model.tokenizer

    def prepare(self, texts: Sequence[str], kind: str, *, length: int | None = None) -> Features:
        prompt = self.model.prompts.get("query" if kind == "query" else "document") or None
        cut = {} if length is None else {"max_length": min(length, self.model.max_seq_length or length)}
        task = {"task": "query" if kind == "query" else "document"}
        return dict(self.model.preprocess([sound(text) for text in texts], prompt=prompt, **task, **cut))

    def vectors(self, features: Features) -> Tensor:
        moved = {
            name: value.to(self.model.device) if isinstance(value, Tensor) else value
            for name, value in features.items()
        }
        found: Tensor = self.model(moved)["sentence_embedding"]
        normal = type(self.model[-1]).__name__ == "Normalize"
        return found if normal else nn.functional.normalize(found, p=2, dim=-1)

    def served(self, features: Features) -> Tensor:
        return self.vectors(features)

    def encode(self, texts: Sequence[str], kind: str) -> NDArray[np.float32]:
        return encode(self, texts, kind)

    def save(self, directory: Path) -> None:
        from sentence_transformers.base.modules.normalize import Normalize

        if type(self.model[-1]).__name__ != "Normalize":
            self.model.append(Normalize())
        self.model.save(str(directory), create_model_card=False)
