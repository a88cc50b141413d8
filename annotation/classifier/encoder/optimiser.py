"""What the optimiser moves and how fast, and its state as named tensors."""

from collections.abc import Mapping

from torch import Tensor

from annotation.classifier.encoder.network import Network
from annotation.classifier.encoder.params import EncoderParams


def groups(network: Network, params: EncoderParams) -> list[dict[str, object]]:
    """Matrices decay, biases and norms do not; the heads have a learning rate of their own."""
    found: list[dict[str, object]] = []
    heads = {id(weight) for head in (network.binary, network.categories) for weight in head.parameters()}
    for in_head, rate in ((False, params.learning_rate), (True, params.head_learning_rate)):
        for matrices, decay in ((True, params.weight_decay), (False, 0.0)):
            weights = [
                weight
                for weight in network.parameters()
                if weight.requires_grad and (id(weight) in heads) == in_head and (weight.ndim > 1) == matrices
            ]
            if weights:
                found.append({"params": weights, "lr": rate, "weight_decay": decay})
    return found


def rate_factor(step: int, total: int, params: EncoderParams) -> float:
    """Return the factor on the learning rates at a step counted from 0."""
    rising = int(params.warmup * total)
    if step < rising:
        return (step + 1) / rising
    if params.decay == "none":
        return 1.0
    return (total - step) / max(1, total - rising)


def flat(state: dict[int, dict[str, Tensor]]) -> dict[str, Tensor]:
    """Return the state of an optimiser as copies on the CPU, named `index.name`, for a file without pickle."""
    return {
        f"{index}.{name}": value.detach().cpu().clone().contiguous()
        for index, values in state.items()
        for name, value in values.items()
    }


def nested(named: Mapping[str, Tensor]) -> dict[int, dict[str, Tensor]]:
    """Undo `flat`."""
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in named.items():
        index, _, name = key.partition(".")
        state.setdefault(int(index), {})[name] = value
    return state
