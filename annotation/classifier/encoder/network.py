"""The network: encoder, pooling, and two linear heads of which either may teach the encoder."""

import torch
from torch import Tensor, nn

from annotation.taxonomy import SLUGS


def pool(states: Tensor, mask: Tensor, pooling: str) -> Tensor:
    """Return one vector per text, shape (texts, dimensions): the first token's, or the mean where `mask` is 1."""
    if pooling == "cls":
        return states[:, 0]
    weights = mask.unsqueeze(-1).to(states.dtype)
    return (states * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1.0)


class Network(nn.Module):
    """Logits for "personalised or not" (softmax over two classes, eq. 3 of "Learning When to Personalize") and for the
    19 categories.

    Args:
        target: whose loss teaches the encoder, `binary`, `categories` or `both`; the other head learns on vectors that
            let no gradient through.
    """

    def __init__(self, encoder: nn.Module, *, hidden_size: int, pooling: str, dropout: float, target: str) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.binary = nn.Linear(hidden_size, 2)
        self.categories = nn.Linear(hidden_size, len(SLUGS))
        self.pooling = pooling
        self.target = target

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits of shapes (texts, 2), not personalised first, and (texts, 19)."""
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        vectors = self.dropout(pool(states, mask, self.pooling))
        return (
            self.binary(vectors.detach() if self.target == "categories" else vectors),
            self.categories(vectors.detach() if self.target == "binary" else vectors),
        )


class ServedLogits(nn.Module):
    """What kind `encoder` serves: 19 logits, then the log-odds of "personalised"."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        binary, categories = self.network(ids, mask)
        return torch.cat([categories, binary[:, 1:] - binary[:, :1]], dim=1)


class ServedVectors(nn.Module):
    """What kind `embeddings` serves: sentence embeddings of length 1."""

    def __init__(self, encoder: nn.Module, pooling: str) -> None:
        super().__init__()
        self.encoder = encoder
        self.pooling = pooling

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        return nn.functional.normalize(pool(states, mask, self.pooling), dim=1)
