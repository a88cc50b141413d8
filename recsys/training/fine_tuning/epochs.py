"""What each epoch learns from, the same after an interruption."""

import numpy as np

from recsys.core.seeding import stream
from recsys.training.fine_tuning.examples import Examples, ExampleSource, Rows
from recsys.training.fine_tuning.params import FineTuningParams


def mining_epoch(epoch: int, params: FineTuningParams) -> int:
    """Return the epoch in which the hard negatives of an epoch were mined; without any, the epoch itself."""
    return epoch - epoch % params.mine_every if params.negatives else epoch


def draw(source: ExampleSource, params: FineTuningParams, *, seed: int, epoch: int) -> tuple[Examples, Rows]:
    """Return the pairs of an epoch as they were drawn, and the order in which they are learned from.

    Hard negatives belong to pairs, so that the epochs between two minings go over the same pairs in another order.
    """
    mined = mining_epoch(epoch, params)
    examples = source.draw(stream(seed, "fine-tuning", "epoch", mined))
    if mined == epoch:
        return examples, np.arange(len(examples), dtype=np.int64)
    return examples, stream(seed, "fine-tuning", "order", epoch).permutation(len(examples))
