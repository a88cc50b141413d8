"""The classifier in use, as other apps see it. Imports neither Django nor a learning library."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ClassifierVersion:
    """A promoted classifier.

    Attributes:
        run: the number of the run that trained it.
        fingerprint: of its recipe; equal fingerprints answer alike.
        path: its folder, absolute; `load_classifier` reads it.
    """

    run: int
    name: str
    fingerprint: str
    path: Path
