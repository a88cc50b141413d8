"""A folder as one zip file, streamed: the same folder makes the same bytes."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from annotation.export.dataset_folder import files_of
from annotation.export.encoders import Sink
from annotation.export.errors import ExportError

_CHUNK = 1 << 20
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment a zip file can name; a real one would make every file another."""


def zip_dataset_folder(directory: Path) -> Iterator[bytes]:
    """The bytes of a zip file with the folder in it, in chunks of about a megabyte.

    The files are stored as they are: Parquet is compressed already, and compression differs from one version of its
    library to the next.

    Raises:
        ExportError: There is no such folder (at once).
    """
    if not directory.is_dir():
        raise ExportError(f"{directory}: there is no folder here; write the data set first.")
    return _zipped(directory)


def _zipped(directory: Path) -> Iterator[bytes]:
    sink = Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for path in files_of(directory):
            entry = zipfile.ZipInfo(f"{directory.name}/{path.relative_to(directory).as_posix()}", _EPOCH)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16  # as on Unix, wherever this runs
            entry.file_size = path.stat().st_size  # above 4 GiB the entry has another form
            with path.open("rb") as source, archive.open(entry, "w") as target:
                while chunk := source.read(_CHUNK):
                    target.write(chunk)
                    yield sink.take()
    yield sink.take()
