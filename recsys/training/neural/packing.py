"""Several texts in one row, so that short texts do not pay for the longest one beside them.

A batch is a rectangle, padded to its longest text, and a processor computes the padding too. Here the texts stand one
after the other in rows as long as the longest of them. Each token sees its own text only, and its positions count from
that text's beginning, so that a text's states are what they are on a row of its own, but for the last bits (Krell et
al. 2021, "Efficient Sequence Packing without Cross-contamination").
"""

from typing import Any, cast

import torch
from torch import Tensor

_WORTH = 1.25
"""Tokens of the padded batch for each one of the texts from which on packing is quicker."""


def packs(backbone: Any) -> bool:
    """Tell whether a network can be given packed rows: where each token stands in its text, and whom it sees."""
    config = backbone.config
    return (
        config.model_type in ("bert", "roberta", "xlm-roberta")
        and getattr(config, "position_embedding_type", None) in (None, "absolute")
        and not getattr(config, "is_decoder", False)
        and config._attn_implementation == "sdpa"
    )


def packed_states(backbone: Any, features: dict[str, Tensor]) -> Tensor:
    """Return the last states of a padded batch, (texts, tokens, dimensions); at padding they mean nothing.

    Args:
        backbone: a network that `packs`.
        features: of the batch, shape (texts, tokens) each, padded at either end.
    """
    mask = features["attention_mask"].bool()
    lengths = mask.sum(dim=1)
    if mask.numel() < _WORTH * int(lengths.sum()):
        return cast(Tensor, backbone(**features, return_dict=True).last_hidden_state)
    rows, starts, width = _layout(lengths.tolist())
    texts, places = mask.nonzero(as_tuple=True)
    within = torch.cat([torch.arange(length) for length in lengths.tolist()])
    at = torch.tensor(rows)[texts], torch.tensor(starts)[texts] + within

    def laid(values: Tensor, empty: int) -> Tensor:
        out = torch.full((max(rows) + 1, width), empty, dtype=torch.long)
        out[at] = values
        return out

    owners = laid(texts, -1)
    packed = {
        **{name: laid(value[texts, places], 0) for name, value in features.items() if name != "attention_mask"},
        "position_ids": laid(within + _first_position(backbone.config), 0),
        "attention_mask": owners[:, None, :, None] == owners[:, None, None, :],
    }
    found = cast(Tensor, backbone(**packed, return_dict=True).last_hidden_state)
    unpacked = found.new_zeros((*mask.shape, found.shape[-1]))
    unpacked[texts, places] = found[at]
    return unpacked


def _first_position(config: Any) -> int:
    """Return the position of a text's first token: RoBERTa's are counted from the number of its padding on."""
    return 0 if config.model_type == "bert" else int(config.pad_token_id) + 1


def _layout(lengths: list[int]) -> tuple[list[int], list[int], int]:
    """Return each text's row and where it starts there, and the rows' width: first fit, longest first."""
    width = max(lengths)
    rows, starts = [0] * len(lengths), [0] * len(lengths)
    filled: list[int] = []
    for text in sorted(range(len(lengths)), key=lambda text: -lengths[text]):
        row = next((row for row, used in enumerate(filled) if used + lengths[text] <= width), len(filled))
        if row == len(filled):
            filled.append(0)
        rows[text], starts[text] = row, filled[row]
        filled[row] += lengths[text]
    return rows, starts, width
