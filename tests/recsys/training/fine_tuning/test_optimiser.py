import pytest
import torch
from torch import nn

from recsys.training.fine_tuning.optimiser import Optimiser, factor, trained
from recsys.training.fine_tuning.params import FineTuningParams


def test_the_rate_rises_and_falls_in_lines():
    assert [factor(step, 10, 0.2) for step in range(10)] == pytest.approx(
        [1 / 3, 2 / 3, 1, 7 / 8, 6 / 8, 5 / 8, 4 / 8, 3 / 8, 2 / 8, 1 / 8]
    )
    assert [factor(step, 2, 0) for step in range(2)] == [1, 0.5]


def test_matrices_decay_and_biases_do_not():
    layer = nn.Linear(2, 2)
    weights = dict(layer.named_parameters())
    before = {name: weight.detach().clone() for name, weight in weights.items()}
    for weight in weights.values():
        weight.grad = torch.zeros_like(weight)
    Optimiser(weights, FineTuningParams(rate=0.1, weight_decay=0.5, warmup=0), total=5, adapters=False).step(0)
    assert weights["weight"].detach() == pytest.approx(before["weight"] * (1 - 0.1 * 0.5))
    assert torch.equal(weights["bias"], before["bias"])
    assert all(weight.grad is None for weight in weights.values())


def test_its_state_brings_another_to_the_same_steps():
    torch.manual_seed(0)
    layers = [nn.Linear(3, 2) for _ in range(2)]
    layers[1].load_state_dict(layers[0].state_dict())
    made = [Optimiser(dict(layer.named_parameters()), FineTuningParams(), total=9, adapters=True) for layer in layers]

    def move(number, step):
        for weight in layers[number].parameters():
            weight.grad = torch.full_like(weight, step + 1.0)
        made[number].step(step)

    move(0, 0)
    layers[1].load_state_dict(layers[0].state_dict())
    made[1].restore({name: value.clone() for name, value in made[0].state().items()})
    for number in (0, 1):
        move(number, 1)
    assert torch.equal(layers[0].weight, layers[1].weight)


def test_the_head_that_bert_has_for_another_task_is_not_trained():
    network = nn.Module()
    network.backbone = nn.Module()
    network.backbone.pooler, network.backbone.layer = nn.Linear(2, 2), nn.Linear(2, 2)
    assert set(trained(network)) == {"backbone.layer.weight", "backbone.layer.bias"}
