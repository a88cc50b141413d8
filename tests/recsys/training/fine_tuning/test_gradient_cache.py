"""The gradient of a batch in parts is the gradient of the batch, and no more than a part is in memory."""

import pytest
import torch
from torch import nn

from recsys.training.fine_tuning.gradient_cache import backward
from recsys.training.fine_tuning.loss import info_nce

TEXTS = torch.randn(12, 5, generator=torch.Generator().manual_seed(0))
NOTHING = torch.zeros(4, 8, dtype=torch.bool)


def network():
    torch.manual_seed(1)
    return nn.Sequential(nn.Linear(5, 9), nn.Dropout(0.3), nn.Tanh(), nn.Linear(9, 4)).double()


def gradients(*, parts, whole, sizes=None):
    net = network()

    def embed(number, part):
        if sizes is not None:
            sizes.append((len(part), torch.is_grad_enabled()))
        torch.manual_seed(number)
        return nn.functional.normalize(net(part.double()), dim=-1)

    loss = backward(embed, parts, lambda v: info_nce(v[:4], v[4:], NOTHING, 0.05), whole=whole)
    return loss, torch.cat([weight.grad.flatten() for weight in net.parameters()])


@pytest.mark.parametrize("size", [1, 3, 5, 12])
def test_is_the_gradient_of_the_whole(size):
    parts = list(TEXTS.split(size))
    loss, expected = gradients(parts=parts, whole=True)
    cached_loss, cached = gradients(parts=parts, whole=False)
    assert cached_loss == pytest.approx(loss, abs=1e-12)
    assert cached.numpy() == pytest.approx(expected.numpy(), abs=1e-5)
    assert expected.abs().max() > 1e-2


def test_only_one_part_at_a_time_keeps_its_activations():
    sizes = []
    gradients(parts=list(TEXTS.split(3)), whole=False, sizes=sizes)
    assert sizes == [(3, False)] * 4 + [(3, True)] * 4
