"""What both readings of a track give out, and how their arrays come from disk."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recsys.core.errors import ArtifactError
from recsys.recommenders.track_list import Rows, Scores


@dataclass(frozen=True, slots=True)
class Scored:
    """Tracks with their scores, best first."""

    rows: Rows
    scores: Scores

    @classmethod
    def nothing(cls) -> Self:
        return cls(np.zeros(0, np.int64), np.zeros(0))


def mapped_array(path: Path) -> NDArray[Any]:
    """Map an array of an artifact.

    Raises:
        ArtifactError: It cannot be read.
    """
    try:
        found: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ArtifactError(f"{path}: this cannot be read; train the artifact again.") from error
    return found
