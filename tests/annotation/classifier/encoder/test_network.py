"""Pooling, and which loss teaches the encoder."""

import pytest
import torch

from annotation.classifier.encoder.labels import class_weights, weighted_sum
from annotation.classifier.encoder.network import Network, ServedLogits, pool


class Echo(torch.nn.Module):
    """An encoder of one matrix."""

    def __init__(self):
        super().__init__()
        self.table = torch.nn.Embedding(10, 4)

    def forward(self, input_ids, attention_mask):
        return type("Output", (), {"last_hidden_state": self.table(input_ids)})()


IDS = torch.tensor([[1, 2, 3], [4, 5, 0]])
MASK = torch.tensor([[1, 1, 1], [1, 1, 0]])


def test_the_mean_leaves_padding_out():
    states = torch.tensor([[[1.0], [3.0], [100.0]]])
    assert pool(states, torch.tensor([[1, 1, 0]]), "mean").tolist() == [[2.0]]
    assert pool(states, torch.tensor([[1, 1, 0]]), "cls").tolist() == [[1.0]]


@pytest.mark.parametrize(
    ("target", "taught"), [("binary", (True, False)), ("categories", (False, True)), ("both", (True, True))]
)
def test_the_target_alone_teaches_the_encoder(target, taught):
    for head, expected in zip((0, 1), taught, strict=True):
        torch.manual_seed(0)
        network = Network(Echo(), hidden_size=4, pooling="mean", dropout=0.0, target=target)
        network(IDS, MASK)[head].square().sum().backward()
        assert (network.encoder.table.weight.grad is not None) == expected
        assert (network.binary, network.categories)[head].weight.grad.abs().sum() > 0


def test_the_last_column_is_the_log_odds_of_personalised():
    network = Network(Echo(), hidden_size=4, pooling="mean", dropout=0.5, target="both").eval()
    binary, categories = network(IDS, MASK)
    served = ServedLogits(network)(IDS, MASK)
    assert served.shape == (2, 20)
    assert torch.equal(served[:, :19], categories)
    odds = torch.softmax(binary, dim=1)
    assert torch.allclose(served[:, 19], torch.log(odds[:, 1] / odds[:, 0]), atol=1e-5)


def test_class_weights_are_frequencies_to_a_power():
    import numpy as np

    labels = np.array([0, 0, 0, 1])
    assert class_weights(labels, 3, 0.0).tolist() == [1, 1, 0]
    whole = class_weights(labels, 3, 1.0)
    assert whole[1] / whole[0] == pytest.approx(3)
    assert whole[torch.from_numpy(labels)].mean() == pytest.approx(1)
    half = class_weights(labels, 3, 0.5)
    assert half[1] / half[0] == pytest.approx(3**0.5)


def test_the_loss_is_the_library_s_when_weighted():
    torch.manual_seed(0)
    logits, labels, weights = torch.randn(6, 3), torch.tensor([0, 1, 2, 2, 1, 0]), torch.tensor([1.0, 2.0, 0.5])
    expected = torch.nn.functional.cross_entropy(logits, labels, weight=weights)
    ours = weighted_sum(logits, labels, weights, torch.ones(6)) / weights[labels].sum()
    assert ours.item() == pytest.approx(expected.item())
    kept = torch.tensor([1.0, 1, 1, 0, 0, 0])
    assert weighted_sum(logits, labels, weights, kept).item() == pytest.approx(
        weighted_sum(logits[:3], labels[:3], weights, torch.ones(3)).item()
    )
