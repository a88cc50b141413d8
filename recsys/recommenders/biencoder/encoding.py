"""Texts into vectors, in steps that can be watched."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recsys.core.recommender import Progress
from recsys.training.encoder import TextEncoder

_STEP = 1024


def encoded(texts: Sequence[str], encoder: TextEncoder, progress: Progress | None) -> NDArray[np.float32]:
    """Return the vectors of some documents, shape (texts, dimensions)."""
    parts = [] if texts else [encoder.encode([], kind="track")]
    for start in range(0, len(texts), _STEP):
        parts.append(encoder.encode(texts[start : start + _STEP], kind="track"))
        if progress is not None:
            progress("track vectors", min(start + _STEP, len(texts)), len(texts))
    return np.concatenate(parts)
