"""A classifier as other apps see it. Imports neither Django nor a learning library."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ClassifierVersion:
    """A finished run's classifier.

    Attributes:
        run: the number of the run that trained it.
        fingerprint: of its recipe; equal fingerprints answer alike.
        path: its folder, absolute; `load_classifier` reads it.
    """

    run: int
    name: str
    fingerprint: str
    path: Path


@dataclass(frozen=True, slots=True)
class ClassifierFigure:
    """A value with its 95 % interval, by drawing the families of the test with replacement."""

    value: float
    ci: tuple[float, float]


@dataclass(frozen=True, slots=True)
class ClassifierQuality:
    """How often a classifier is right on queries that it had not seen.

    Attributes:
        queries: in its test.
        families: of near-duplicates and translations among them; they are what is drawn.
        binary_accuracy, binary_macro_f1: of personalised or not, which alpha of at least 0.5 says.
        category_accuracy, category_macro_f1: of the category.
    """

    queries: int
    families: int
    binary_accuracy: ClassifierFigure
    binary_macro_f1: ClassifierFigure
    category_accuracy: ClassifierFigure
    category_macro_f1: ClassifierFigure
