"""Feature arrays: one row for each line of the tracks file."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recsys.core.errors import DatasetError
from recsys.data.files import feature_files

_BLOCK = 65_536


def read_features(folder: Path, n_tracks: int) -> Mapping[str, NDArray[np.float32]]:
    """Read `features/NAME.npy`, each float32 with shape (n_tracks, dimensions) and finite throughout."""
    return {path.stem: _read(path, n_tracks) for path in feature_files(folder)}


def _read(path: Path, n_tracks: int) -> NDArray[np.float32]:
    name = f"features/{path.name}"
    try:
        # mapped first: a header that promises terabytes is refused before memory is asked for
        mapped = np.lib.format.open_memmap(path, mode="r")
    except (ValueError, OSError, EOFError) as error:
        problem = str(error).splitlines()[0].rstrip(".") if str(error) else "it is not whole"
        raise DatasetError(f"{name} cannot be read: {problem}; save it with numpy.save, without objects.") from error
    if mapped.dtype != np.float32:
        raise DatasetError(f"{name} holds {mapped.dtype}; save it as float32.")
    if mapped.ndim != 2 or mapped.shape[1] == 0:
        raise DatasetError(f"{name} has the shape {mapped.shape}; make it (tracks, dimensions).")
    if len(mapped) != n_tracks:
        raise DatasetError(f"{name} has {len(mapped)} rows for {n_tracks} tracks; write one for each line of tracks.")
    for start in range(0, n_tracks, _BLOCK):
        bad = ~np.isfinite(mapped[start : start + _BLOCK]).all(axis=1)
        if bad.any():
            row = start + int(bad.argmax())
            raise DatasetError(
                f"{name}, row {row} for line {row + 1} of tracks holds NaN or infinity; fill it or leave the track out."
            )
    return np.array(mapped)
