"""A large batch through a network in small parts, with the gradient of the whole."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import torch
from torch import Tensor

Part = TypeVar("Part")


def backward(
    embed: Callable[[int, Part], Tensor], parts: Sequence[Part], loss_of: Callable[[Tensor], Tensor], *, whole: bool
) -> float:
    """Add the gradient of the loss of a batch to the weights, and return the loss.

    The loss depends on all vectors of a batch at once, and the activations behind all of them would have to be kept for
    its gradient. So the parts go through the network twice: once without activations, for the vectors and the loss's
    gradient with respect to each of them, and then one by one with activations, where that gradient is passed on. No
    more than one part's activations exist at a time.

    Args:
        embed: returns the vectors of part number i; called twice for a part it must drop out the same.
        parts: the batch, in the order of the vectors that `loss_of` expects.
        loss_of: from all vectors, shape (texts, dimensions), to the loss.
        whole: keep all activations and pass once.

    References:
        L. Gao, Y. Zhang, J. Han, J. Callan, "Scaling deep contrastive learning batch size under memory limited setup",
        RepL4NLP 2021, section 3.2.
    """
    if whole:
        loss = loss_of(torch.cat([embed(number, part) for number, part in enumerate(parts)]))
        loss.backward()  # type: ignore[no-untyped-call]
        return float(loss.detach())
    with torch.no_grad():
        found = [embed(number, part) for number, part in enumerate(parts)]
    vectors = torch.cat(found).requires_grad_()
    loss = loss_of(vectors)
    loss.backward()  # type: ignore[no-untyped-call]
    assert vectors.grad is not None
    gradients = torch.split(vectors.grad, [len(each) for each in found])
    for number, (part, gradient) in enumerate(zip(parts, gradients, strict=True)):
        torch.autograd.backward(embed(number, part), gradient)
    return float(loss.detach())
