"""What AdamW moves and how fast, and its state as named tensors."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from recsys.training.fine_tuning.params import FineTuningParams

RATE, ADAPTER_RATE = 2e-5, 1e-4


def trained(network: nn.Module) -> dict[str, nn.Parameter]:
    """Return the weights that training moves, by name, after freezing the head that has no say in a vector."""
    for name, weight in network.named_parameters():
        if ".pooler." in f".{name}":
            weight.requires_grad_(False)
    return {name: weight for name, weight in network.named_parameters() if weight.requires_grad}


class Optimiser:
    """AdamW with a rising and falling rate and short gradients; matrices decay, biases and norms do not.

    Args:
        weights: what is moved, by name.
        total: steps in all.
        adapters: whether the weights are adapters, which take larger steps.
    """

    def __init__(
        self, weights: Mapping[str, nn.Parameter], params: FineTuningParams, *, total: int, adapters: bool
    ) -> None:
        self._weights = weights
        self._params = params
        self._total = total
        rate = params.rate or (ADAPTER_RATE if adapters else RATE)
        groups = [
            {"params": [w for w in weights.values() if (w.ndim > 1) == matrices], "weight_decay": decay}
            for matrices, decay in ((True, params.weight_decay), (False, 0.0))
        ]
        self._adam = torch.optim.AdamW([group for group in groups if group["params"]], lr=rate)
        self._names: dict[Tensor, str] = {weight: name for name, weight in weights.items()}
        self._rate = rate

    def step(self, number: int) -> None:
        """Move the weights, in step `number` counted from 0, and forget the gradients."""
        torch.nn.utils.clip_grad_norm_(list(self._weights.values()), 1.0)
        for group in self._adam.param_groups:
            group["lr"] = self._rate * factor(number, self._total, self._params.warmup)
        self._adam.step()
        self._adam.zero_grad()

    def state(self) -> dict[str, Tensor]:
        return {
            f"{kind}/{self._names[weight]}": value
            for weight, values in self._adam.state.items()
            for kind, value in values.items()
        }

    def restore(self, state: Mapping[str, Tensor]) -> None:
        by_weight: dict[str, dict[str, Any]] = {}
        for key, value in state.items():
            kind, _, name = key.partition("/")
            weight = self._weights[name]
            by_weight.setdefault(name, {})[kind] = value if kind == "step" else value.to(weight.device)
        for name, values in by_weight.items():
            self._adam.state[self._weights[name]] = values


def factor(number: int, total: int, warmup: float) -> float:
    """Return the share of the rate in a step: up in a line over the warm-up, then down in a line to 0."""
    rising = int(warmup * total)
    if number < rising:
        return (number + 1) / (rising + 1)
    return (total - number) / max(1, total - rising)
