"""Packed rows beside padded ones: the same states, fewer tokens."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from recsys.training.neural.loading import load_network
from recsys.training.neural.packing import packed_states, packs

TEXTS = ["a very much longer wish for music at night " * 3, "rock", "", "night drive", "love", *"abcdef"]


@pytest.fixture
def plain_roberta(word_pieces, tmp_path):
    """Its positions are counted from the number of its padding on."""
    from transformers import XLMRobertaConfig, XLMRobertaModel

    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    numbers = {"pad_token_id": word_pieces.pad_token_id, "vocab_size": len(word_pieces)}
    XLMRobertaModel(XLMRobertaConfig(max_position_embeddings=70, **numbers, **sizes)).save_pretrained(tmp_path)
    word_pieces.save_pretrained(tmp_path)
    return tmp_path


def computed(network, call):
    """Return what a call returns, and how many tokens the network computed for it."""
    tokens = []
    hook = network.backbone.embeddings.register_forward_hook(lambda *given: tokens.append(given[-1].shape[:2].numel()))
    with torch.inference_mode():
        found = call()
    hook.remove()
    return found, sum(tokens)


@pytest.mark.parametrize("kind", ["plain_bert", "plain_roberta"])
def test_the_states_are_those_of_a_padded_batch(kind, request):
    network = load_network(str(request.getfixturevalue(kind)), device="cpu")
    assert packs(network.backbone)
    features = network.prepare(TEXTS, "query")
    mask = features["attention_mask"]
    packed, few = computed(network, lambda: packed_states(network.backbone, features))
    padded, all_ = computed(network, lambda: network.backbone(**features).last_hidden_state)
    assert all_ == mask.numel()
    assert mask.sum() <= few <= mask.sum() + mask.shape[1]
    assert packed[mask == 0].abs().max() == 0
    assert packed[mask == 1].numpy() == pytest.approx(padded[mask == 1].numpy(), abs=1e-5)


@pytest.mark.parametrize("pooling", ["mean", "cls", "last"])
def test_the_company_of_a_text_has_no_say(pooling, plain_bert):
    network = load_network(str(plain_bert), device="cpu")
    network.description = replace(network.description, pooling=pooling)
    alone = np.concatenate([network.encode([text], "query") for text in TEXTS])
    assert network.encode(TEXTS, "query") == pytest.approx(alone, abs=1e-5)
    others = [text.replace("o", "e") for text in TEXTS[1:]]
    assert network.encode([TEXTS[0], *others], "query")[0] == pytest.approx(alone[0], abs=1e-5)


def test_a_batch_with_little_padding_is_computed_as_it_comes(plain_bert):
    network = load_network(str(plain_bert), device="cpu")
    features = network.prepare(["night drive", "night rock", "rock"], "query")
    (found, tokens), expected = computed(network, lambda: network.served(features)), network.vectors(features)
    assert tokens == features["attention_mask"].numel()
    assert torch.equal(found, expected)


@pytest.mark.parametrize("kind", ["plain_modernbert", "plain_qwen"])
def test_networks_with_masks_of_their_own_are_left_alone(kind, request):
    network = load_network(str(request.getfixturevalue(kind)), device="cpu")
    assert not packs(network.backbone)
    features = network.prepare(TEXTS, "query")
    assert torch.equal(network.served(features), network.vectors(features))


def test_a_network_that_cannot_be_told_who_sees_whom_is_left_alone(plain_bert):
    network = load_network(str(plain_bert), device="cpu")
    network.backbone.set_attn_implementation("eager")
    assert not packs(network.backbone)
