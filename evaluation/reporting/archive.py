"""Files as one archive, and their list of checksums."""

import hashlib
import io
import zipfile
from collections.abc import Mapping

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first time an archive can hold; the true one would change the bytes


def manifest(files: Mapping[str, bytes]) -> str:
    """A line per file as `sha256sum --check` reads it, sorted by name."""
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))


def zipped(files: Mapping[str, bytes], folder: str) -> bytes:
    """The files in a folder of an archive, sorted, all of the same time: the same files give the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{folder}/{name}", _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return stream.getvalue()
