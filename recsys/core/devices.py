"""Where heavy arithmetic runs."""

from recsys.core.errors import RequestError

DEVICES = ("cpu", "cuda")


def check_device(device: str) -> str:
    """Return `device` if this machine has it.

    Raises:
        RequestError: The device is unknown, or `cuda` on a machine without one.
    """
    if device not in DEVICES:
        raise RequestError(f"`device` must be one of {', '.join(DEVICES)}, got {device!r}.")
    if device == "cuda":
        try:
            import torch  # only who asks for a GPU pays for this import
        except ImportError:
            raise RequestError("`device` cuda needs PyTorch, which is not installed; use cpu.") from None
        if not torch.cuda.is_available():
            raise RequestError("`device` cuda was asked for, but PyTorch sees no CUDA device here; use cpu.")
    return device
