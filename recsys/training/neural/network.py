"""A transformer with pooling: what sentence-transformers computes, without its import of seven seconds."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recsys.training.neural.files import Description, write_description
from recsys.training.neural.packing import packed_states, packs
from recsys.training.neural.tokenizers import save_tokenizer
from recsys.training.text import sound

BATCH = 32
Features = dict[str, Any]


class Network(Protocol):
    """What is trained and served: texts to features, features to vectors of length 1."""

    def prepare(self, texts: Sequence[str], kind: str, *, length: int | None = None) -> Features:
        """Return what `vectors` takes for some texts, queries or tracks, cut at `length` tokens."""
        ...

    def vectors(self, features: Features) -> Tensor:
        """Return vectors of length 1, shape (texts, dimensions)."""
        ...

    def served(self, features: Features) -> Tensor:
        """Return what `vectors` returns, but for the last bits, in the quickest way; nothing is learned from it."""
        ...

    def encode(self, texts: Sequence[str], kind: str) -> NDArray[np.float32]:
        """Return the vectors as they are served."""
        ...

    def save(self, directory: Path) -> None:
        """Write a folder that `SentenceTransformer` and `load_network` load to the same vectors."""
        ...


class TransformerNetwork(nn.Module):
    """The last states of a transformer, pooled: the mean of all tokens, the first token, or the last one.

    The arithmetic and the batches are those of sentence-transformers, so that the vectors are the same to the bit,
    unless a batch has more padding than is worth computing: then they differ in the last bits.
    """

    def __init__(self, backbone: nn.Module, tokenizer: Any, description: Description) -> None:
        super().__init__()
        self.backbone = backbone
        self.tokenizer = tokenizer
        self.description = description

    @property
    def device(self) -> torch.device:
        return next(self.backbone.parameters()).device

    def prepare(self, texts: Sequence[str], kind: str, *, length: int | None = None) -> Features:
        prefix = self.description.query if kind == "query" else self.description.track
        features = self.tokenizer(
            [prefix + sound(text) for text in texts],
            padding=True,
            truncation="longest_first",
            max_length=min(filter(None, (length, self.description.max_length))),
            return_tensors="pt",
        )
        return _with_a_token(dict(features), self.tokenizer.pad_token_id, self.tokenizer.padding_side)

    def vectors(self, features: Features) -> Tensor:
        features = {name: value.to(self.device) for name, value in features.items()}
        return self._pooled(self.backbone(**features, return_dict=True).last_hidden_state, features)

    def served(self, features: Features) -> Tensor:
        if self.device.type == "cpu" and packs(self.backbone):
            return self._pooled(packed_states(self.backbone, features), features)
        return self.vectors(features)

    def _pooled(self, states: Tensor, features: Features) -> Tensor:
        pooled = pool(states, features["attention_mask"], self.description.pooling)
        return nn.functional.normalize(pooled.float() if pooled.dtype in _HALF else pooled, p=2, dim=-1)

    def encode(self, texts: Sequence[str], kind: str) -> NDArray[np.float32]:
        return encode(self, texts, kind)

    def save(self, directory: Path) -> None:
        backbone: Any = self.backbone
        backbone.save_pretrained(str(directory))
        save_tokenizer(self.tokenizer, directory)
        write_description(directory, self.description, int(backbone.config.hidden_size))


_HALF = (torch.float16, torch.bfloat16)


def pool(states: Tensor, mask: Tensor, pooling: str) -> Tensor:
    """Return one vector per text, wherever its padding stands.

    Args:
        states: shape (texts, tokens, dimensions).
        mask: 1 for tokens of the text and 0 for padding, shape (texts, tokens).
        pooling: `mean`, `cls` for the first token, or `last` for the last one, in which a decoder has read all others.
    """
    if pooling == "mean":
        weights = mask.unsqueeze(-1).to(states.dtype)
        exact = torch.float32 if states.dtype in _HALF else states.dtype
        sums = (states * weights).sum(dim=1, dtype=exact)
        return (sums / weights.sum(dim=1, dtype=exact).clamp(min=1e-9)).to(states.dtype)
    if pooling == "cls":
        place = mask.to(torch.int32).argmax(dim=1)
    else:
        place = mask.shape[1] - 1 - mask.flip(1).to(torch.int32).argmax(dim=1)
    return states[torch.arange(len(states), device=states.device), place]


def encode(network: Network, texts: Sequence[str], kind: str, *, batch: int = BATCH) -> NDArray[np.float32]:
    """Return the vectors of texts, long ones together, in batches that do not depend on chance."""
    # two texts more or less in a batch change the last bits of a vector, so the order is that of sentence-transformers
    order = np.argsort([-len(sound(text)) for text in texts])
    found = []
    with torch.inference_mode():
        for start in range(0, len(texts), batch):
            rows = order[start : start + batch]
            found.append(network.served(network.prepare([texts[row] for row in rows], kind)).float().cpu().numpy())
    if not found:
        with torch.inference_mode():
            return np.zeros((0, network.served(network.prepare(["a"], kind)).shape[1]), dtype=np.float32)
    vectors = np.concatenate(found)
    return np.ascontiguousarray(vectors[np.argsort(order)], dtype=np.float32)


def weights_of(network: nn.Module) -> Mapping[str, Tensor]:
    """Return all weights that have a say in a vector: not those of the head that BERT has for another task."""
    return {name: tensor for name, tensor in network.state_dict().items() if ".pooler." not in f".{name}"}


def _with_a_token(features: Features, pad: int, side: str) -> Features:
    """Give a text without a single token one, the padding's: an empty text has a vector too."""
    mask = features["attention_mask"]
    if not mask.shape[1]:
        features = {name: value.new_zeros((len(mask), 1)) for name, value in features.items()}
        features["input_ids"] = torch.full((len(mask), 1), pad)
        mask = features["attention_mask"]
    mask[mask.sum(dim=1) == 0, 0 if side == "right" else -1] = 1
    return {**features, "attention_mask": mask.long()}
