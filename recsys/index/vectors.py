"""Row vectors on disk: written in chunks, mapped when read, known again by a spot check."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recsys.core.errors import ArtifactError

Vectors = NDArray[np.float32]
Chunk = Callable[[slice], Vectors]
Progress = Callable[[int, int], None]

STEP = 1024
_NOTED = 16 * STEP  # rows between two notes of how far it has come
_SPOTS = 256


def fill(
    count: int, chunk: Chunk, *, path: Path | None, made_for: str = "", progress: Progress | None = None
) -> Vectors:
    """Make `count` rows chunk by chunk; on disk no more than a chunk is in memory.

    Args:
        chunk: makes the rows of a slice, float32, finite, shape (rows, dimensions).
        path: `.npy` file to write; None keeps all in memory. What is there already of the same `made_for` is not made
            again: an interrupted encoding goes on.
        made_for: names everything that decides the rows.

    Raises:
        ArtifactError: A chunk holds NaN or infinity.
    """
    first = _checked(chunk(slice(0, min(STEP, count))), 0)
    shape = (count, first.shape[1])
    done, rows = _resumed(path, shape, made_for) if path is not None else (0, np.empty(shape, np.float32))
    if not done:
        done = len(first)
        rows[:done] = first
    while True:
        if path is not None and (done >= count or done % _NOTED == 0):
            _note(path, rows, done, made_for)
        if progress is not None:
            progress(done, count)
        if done >= count:
            return rows
        part = slice(done, min(done + STEP, count))
        rows[part] = _checked(chunk(part), done)
        done = part.stop


def put(vectors: Vectors, path: Path) -> None:
    """Write vectors as `.npy`: a mapped file as it is, by a link where it was written here, not read; others anew."""
    source = getattr(vectors, "filename", None)
    if isinstance(vectors, np.memmap) and source is not None and _whole(vectors, Path(source)):
        vectors.flush()
        if vectors.mode == "r" or not _linked(source, path):  # two artifacts share no file
            shutil.copyfile(source, path)
        return
    np.save(path, np.asarray(vectors), allow_pickle=False)


def mapped(path: Path, count: int) -> Vectors:
    """Map the vectors of an artifact.

    Raises:
        ArtifactError: The file is missing, cut, or holds no `count` rows of float32.
    """
    try:
        vectors = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ArtifactError(f"{path}: this cannot be read; train the artifact again.") from error
    if vectors.dtype != np.float32 or vectors.ndim != 2 or len(vectors) != count or not vectors.shape[1]:
        raise ArtifactError(f"{path}: one float32 row per track is wanted; train the artifact again.")
    return vectors  # type: ignore[no-any-return]


def spot_hash(vectors: Vectors) -> str:
    """Return a sha256 over the shape and 256 rows spread over all: other vectors, or other rows, have another.

    An artifact's manifest covers every byte; this tells in a moment whether two files belong together.
    """
    spots = np.unique(np.linspace(0, len(vectors) - 1, num=min(_SPOTS, len(vectors)), dtype=np.int64))
    digest = hashlib.sha256(repr(vectors.shape).encode())
    digest.update(np.ascontiguousarray(vectors[spots]).tobytes())
    return digest.hexdigest()


def _checked(rows: Vectors, start: int) -> Vectors:
    bad = ~np.isfinite(rows).all(axis=1)
    if bad.any():
        row = start + int(bad.argmax())
        raise ArtifactError(f"The encoder gave NaN or infinity for the track in row {row}; bring another encoder.")
    return rows


def _resumed(path: Path, shape: tuple[int, int], made_for: str) -> tuple[int, Vectors]:
    """Return how many rows are done, and the file, made anew if it is not that of `made_for`."""
    try:
        note = json.loads(_beside(path).read_bytes())
        if note["made_for"] == made_for and tuple(note["shape"]) == shape:
            return int(note["done"]), np.lib.format.open_memmap(path, mode="r+")
    except (OSError, ValueError, KeyError, TypeError):
        pass  # there is nothing that could be taken up again
    _beside(path).unlink(missing_ok=True)
    path.unlink(missing_ok=True)  # a finished artifact may hold a link to it
    return 0, np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)


def _note(path: Path, rows: Vectors, done: int, made_for: str) -> None:
    if isinstance(rows, np.memmap):
        rows.flush()
    draft = path.with_suffix(".note.draft")
    draft.write_text(json.dumps({"made_for": made_for, "shape": rows.shape, "done": done}))
    draft.replace(_beside(path))


def _beside(path: Path) -> Path:
    return path.with_suffix(".note.json")


def _linked(source: str, path: Path) -> bool:
    try:
        os.link(source, path)
    except OSError:  # another file system
        return False
    return True


def _whole(vectors: np.memmap, source: Path) -> bool:
    """Whether the mapping is a whole `.npy` file that is still there: header and rows, no slice."""
    size = source.stat().st_size if source.is_file() else 0
    return vectors.offset + vectors.nbytes == size and vectors.flags.c_contiguous
