"""The fingerprint of a data set: what an artifact names as its data."""

import hashlib
from pathlib import Path

from recsys.data.files import OBJECTS, STEMS, feature_files, find


def dataset_files(folder: Path) -> list[Path]:
    """The files of the data set in a fixed order; other files in the folder, a README say, are no part of it."""
    objects = [path for name in OBJECTS if (path := folder / name).is_file()]
    tables = [table for stem in STEMS if (table := find(folder, stem)) is not None]
    return sorted([*objects, *tables, *feature_files(folder)], key=lambda path: path.relative_to(folder).as_posix())


def fingerprint(folder: Path) -> str:
    """Return sha256, as hexadecimal digits, over the names, lengths and bytes of the data set's files."""
    digest = hashlib.sha256()
    for path in dataset_files(folder):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
