"""Pooling by hand, with the padding on either side."""

import numpy as np
import pytest
import torch

from recsys.training.neural.loading import load_network
from recsys.training.neural.network import pool

STATES = torch.tensor([[[1.0, 2.0], [3.0, 5.0], [8.0, 8.0]]])


@pytest.mark.parametrize(
    ("mask", "pooling", "expected"),
    [
        ([1, 1, 0], "mean", [2.0, 3.5]),
        ([0, 1, 1], "mean", [5.5, 6.5]),
        ([1, 1, 0], "last", [3.0, 5.0]),
        ([0, 1, 1], "last", [8.0, 8.0]),
        ([1, 1, 1], "last", [8.0, 8.0]),
        ([1, 0, 0], "last", [1.0, 2.0]),
        ([1, 1, 0], "cls", [1.0, 2.0]),
        ([0, 1, 1], "cls", [3.0, 5.0]),
    ],
)
def test_padding_has_no_say_on_either_side(mask, pooling, expected):
    assert pool(STATES, torch.tensor([mask]), pooling).tolist() == [expected]


@pytest.mark.parametrize("kind", ["plain_qwen", "plain_bert"])
def test_a_text_has_one_vector_with_padding_left_or_right(kind, request):
    network = load_network(str(request.getfixturevalue(kind)), device="cpu")
    texts = ["night drive", "a very much longer wish for music at night", "rock"]
    found = []
    for side in ("left", "right"):
        if kind == "plain_bert" and side == "left":
            continue  # its positions are counted from the left edge
        network.tokenizer.padding_side = side
        features = network.prepare(texts, "track")
        assert features["attention_mask"][0, -1 if side == "right" else 0] == 0
        found.append(network.vectors(features).detach().numpy())
    found += [np.concatenate([network.encode([text], "track") for text in texts])]
    for other in found[1:]:
        assert other == pytest.approx(found[0], abs=1e-5)


def test_texts_are_cut_at_the_length(plain_bert):
    network = load_network(str(plain_bert), device="cpu")
    assert network.prepare(["night drive " * 90], "query")["input_ids"].shape[1] == 64
    assert network.prepare(["night drive " * 90], "query", length=9)["input_ids"].shape[1] == 9


def test_half_precision_is_pooled_exactly():
    states = torch.full((1, 300, 1), 1.0, dtype=torch.bfloat16)
    assert float(pool(states, torch.ones(1, 300, dtype=torch.long), "mean")) == 1.0
