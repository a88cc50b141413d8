"""Where training runs: one CPU, one GPU, or several processes started by `accelerate launch`."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState

from annotation.classifier.encoder.ranks import distributed
from annotation.classifier.errors import ClassifierError


def accelerator(device: str, precision: str) -> Accelerator:
    """Return the link to this process's device and to the other processes, if there are any.

    Args:
        device: `cpu` or `cuda`.
        precision: `auto`, `fp32`, `fp16` or `bf16`; a CPU always computes in fp32.

    Raises:
        ClassifierError: There is no such device, or it cannot compute in that precision.
    """
    if device == "cuda" and not torch.cuda.is_available():
        raise ClassifierError("`device` cuda was asked for, but PyTorch sees no CUDA device here; use cpu.")
    # one process may train twice, on other devices or in another precision
    AcceleratorState._reset_state(reset_partial_state=not distributed())
    return Accelerator(cpu=device == "cpu", mixed_precision=_mixed(device, precision))


@contextmanager
def remedies() -> Iterator[None]:
    """Say what helps when a GPU's memory is full.

    Raises:
        ClassifierError: It is.
    """
    try:
        yield
    except torch.OutOfMemoryError as error:
        raise ClassifierError(
            "The GPU has too little memory for this encoder; raise `accumulation` (2, 4, 8: the same result in smaller "
            "parts), or lower `batch_size` or `max_length`."
        ) from error


def _mixed(device: str, precision: str) -> str:
    if device == "cpu" or precision == "fp32":
        return "no"
    if precision == "auto":
        return "bf16" if torch.cuda.is_bf16_supported() else "fp16"
    if precision == "bf16" and not torch.cuda.is_bf16_supported():
        raise ClassifierError("`precision` bf16 was asked for, but this GPU cannot compute in it; use fp16.")
    return precision
