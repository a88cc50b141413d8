"""Text encoders: what each does, and finding the right one for a folder or a hub id."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from recsys.core.artifacts import read_json, write_json
from recsys.core.errors import ArtifactError, RequestError
from recsys.training.pretrained import PACKAGED, packaged_folder
from recsys.training.static_encoder import StaticEncoder, is_static

Kind = Literal["query", "track"]
_REFERENCE = "reference.json"


class TextEncoder(Protocol):
    """Turns texts into vectors whose dot product is the cosine."""

    @property
    def name(self) -> str:
        """`static`, or the hub id or folder of a model; of the base, if it was fine-tuned."""
        ...

    @property
    def fingerprint(self) -> str:
        """A sha256 that changes whenever a vector could."""
        ...

    def encode(self, texts: Sequence[str], *, kind: Kind = "query") -> NDArray[np.float32]:
        """Return vectors of length 1, shape (texts, dimensions); a text without any known piece gives zeros.

        Args:
            kind: some models put other words before a query than before what is searched.
        """
        ...


def load_encoder(id_or_path: str, *, device: str = "cpu") -> TextEncoder:
    """Load an encoder from a folder, or any model of sentence-transformers or transformers by its hub id.

    Raises:
        RequestError: It cannot be loaded.
        ArtifactError: The folder belongs to an artifact and is not whole, or its model has changed since.
    """
    path = Path(id_or_path)
    if is_static(path):
        return StaticEncoder.load(path)
    if (path / _REFERENCE).is_file():
        return _pinned(path, device=device)
    from recsys.training.sentence_encoder import SentenceEncoder  # torch, seconds and half a gigabyte

    if id_or_path == PACKAGED:
        folder = packaged_folder()
        if folder is None:
            raise RequestError(f"The encoder {PACKAGED} is in a package that is not installed; install the `ml` extra.")
        return SentenceEncoder.load(str(folder), device=device, name=PACKAGED)
    return SentenceEncoder.load(id_or_path, device=device)


def save_encoder(encoder: TextEncoder, directory: Path) -> None:
    """Write a folder from which `load_encoder` gets the encoder back: what was trained here whole, others by name."""
    directory.mkdir()
    if isinstance(encoder, StaticEncoder) or getattr(encoder, "fine_tuned", False):
        encoder.save(directory)  # type: ignore[attr-defined]
    else:
        write_json(directory, _REFERENCE, {"id": encoder.name, "fingerprint": encoder.fingerprint})


def _pinned(directory: Path, *, device: str) -> TextEncoder:
    reference = read_json(directory, _REFERENCE)
    try:
        name, fingerprint = str(reference["id"]), reference["fingerprint"]
    except (KeyError, TypeError):
        raise ArtifactError(f"{directory / _REFERENCE}: this names no encoder; train the artifact again.") from None
    encoder = load_encoder(name, device=device)
    if encoder.fingerprint != fingerprint:
        raise ArtifactError(f"The encoder {name} is not the one this artifact was trained with; train it again.")
    return encoder
