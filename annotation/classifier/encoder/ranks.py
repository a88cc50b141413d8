"""Which of several processes this is, where `accelerate launch` or `torchrun` started them; needs neither."""

import os


def distributed() -> bool:
    """Return whether several processes train together."""
    return int(os.environ.get("WORLD_SIZE", "1")) > 1


def is_main() -> bool:
    """Return whether this is the process that writes, reports and prints."""
    return int(os.environ.get("RANK", "0")) == 0
