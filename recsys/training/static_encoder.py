"""An encoder that sums one vector per piece of a word: no network, no torch, under a millisecond.

The folder is that of a sentence-transformers model (StaticEmbedding and Normalize), so that
`SentenceTransformer(folder)` gives the same vectors.
"""

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

from recsys.core.errors import ArtifactError
from recsys.training.contrastive import normalise
from recsys.training.text import sound
from recsys.training.tokenizer import token_ids

_STATIC, _NORMALIZE = "0_StaticEmbedding", "1_Normalize"
_MODULES = [
    {
        "idx": 0,
        "name": "0",
        "path": _STATIC,
        "type": "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding",
    },
    {"idx": 1, "name": "1", "path": _NORMALIZE, "type": "sentence_transformers.base.modules.normalize.Normalize"},
]
_WEIGHTS = "embedding.weight"


class StaticEncoder:
    """Token vectors and the tokenizer that they belong to.

    Args:
        embeddings: shape (pieces, dimensions).
    """

    name = "static"

    def __init__(self, tokenizer: Tokenizer, embeddings: NDArray[np.float32]) -> None:
        self.tokenizer = tokenizer
        self.embeddings = embeddings

    @cached_property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.tokenizer.to_str().encode() + self.embeddings.tobytes()).hexdigest()

    def encode(self, texts: Sequence[str], *, kind: Literal["query", "track"] = "query") -> NDArray[np.float32]:
        ids = token_ids(self.tokenizer, [sound(text) for text in texts])
        sums = np.zeros((len(ids), self.embeddings.shape[1]), dtype=np.float32)
        for row, tokens in enumerate(ids):
            sums[row] = self.embeddings[tokens].sum(axis=0)
        return normalise(sums)[0]

    def save(self, directory: Path) -> None:
        static = directory / _STATIC
        static.mkdir()
        (directory / _NORMALIZE).mkdir()
        save_file({_WEIGHTS: self.embeddings}, static / "model.safetensors")
        self.tokenizer.save(str(static / "tokenizer.json"), pretty=False)
        for name, value in (
            ("modules.json", _MODULES),
            ("config_sentence_transformers.json", {"similarity_fn_name": "cosine"}),
        ):
            (directory / name).write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Load from a folder that `is_static` recognises.

        Raises:
            ArtifactError: A file is missing or damaged, or tokenizer and vectors do not fit each other.
        """
        static = directory / _static_path(directory)
        try:
            tokenizer = Tokenizer.from_file(str(static / "tokenizer.json"))
            weights = load_file(static / "model.safetensors")
        except (OSError, SafetensorError) as error:
            raise ArtifactError(f"{static}: the encoder cannot be read ({error}).") from error
        except Exception as error:  # the tokenizers library raises the bare class
            raise ArtifactError(f"{static / 'tokenizer.json'}: this is not a tokenizer ({error}).") from error
        if _WEIGHTS not in weights or len(weights[_WEIGHTS]) < tokenizer.get_vocab_size():
            raise ArtifactError(f"{static}: the vectors do not fit the tokenizer; bring the whole folder again.")
        tokenizer.no_padding()
        embeddings = np.ascontiguousarray(weights[_WEIGHTS], dtype=np.float32)
        return cls(tokenizer, embeddings)


def is_static(directory: Path) -> bool:
    """Tell whether a folder holds a static encoder, with its normalisation, and nothing else."""
    try:
        modules = json.loads((directory / "modules.json").read_bytes())
        kinds = [module["type"].rsplit(".", 1)[-1] for module in modules]
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return False
    return kinds in (["StaticEmbedding"], ["StaticEmbedding", "Normalize"])


def _static_path(directory: Path) -> str:
    return str(json.loads((directory / "modules.json").read_bytes())[0]["path"])
