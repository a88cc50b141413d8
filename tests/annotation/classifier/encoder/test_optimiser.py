import pytest
import torch

from annotation.classifier.encoder.network import Network
from annotation.classifier.encoder.optimiser import flat, groups, nested, rate_factor
from annotation.classifier.encoder.params import EncoderParams


def test_the_rate_rises_and_falls_in_straight_lines():
    params = EncoderParams(warmup=0.2)
    factors = [rate_factor(step, 10, params) for step in range(10)]
    assert factors == pytest.approx([0.5, 1.0, 1.0, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125])
    still = EncoderParams(warmup=0.0, decay="none")
    assert {rate_factor(step, 10, still) for step in range(10)} == {1.0}


def test_every_weight_is_moved_once_and_only_matrices_decay():
    encoder = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.LayerNorm(4))
    network = Network(encoder, hidden_size=4, pooling="cls", dropout=0.0, target="both")
    made = groups(network, EncoderParams())
    moved = [id(weight) for group in made for weight in group["params"]]
    assert sorted(moved) == sorted(id(weight) for weight in network.parameters())
    for group in made:
        for weight in group["params"]:
            assert (group["weight_decay"] > 0) == (weight.ndim > 1)
    rates = {id(weight): group["lr"] for group in made for weight in group["params"]}
    assert {rates[id(weight)] for weight in encoder.parameters()} == {3e-5}
    assert rates[id(network.binary.weight)] == rates[id(network.categories.bias)] == 1e-3


def test_the_state_of_adam_survives_its_names():
    weight = torch.nn.Parameter(torch.ones(3))
    optimiser = torch.optim.AdamW([weight])
    weight.sum().backward()
    optimiser.step()
    state = optimiser.state_dict()["state"]
    names = flat(state)
    assert set(names) == {"0.step", "0.exp_avg", "0.exp_avg_sq"}
    assert all(torch.equal(nested(names)[0][name], value) for name, value in state[0].items())
