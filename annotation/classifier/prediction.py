"""What every query-type classifier answers, whatever it is made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

Progress = Callable[[str, int, int], None]
"""Called with the step, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class QueryType:
    """A classifier's view of one query.

    Attributes:
        category: slug of the most probable of the 19 categories.
        probabilities: one probability per category slug; they sum to 1.
        alpha: P(personalised | query) in [0, 1], calibrated; eq. 3 of "Learning When to Personalize".
    """

    category: str
    probabilities: dict[str, float]
    alpha: float


class QueryClassifier(Protocol):
    """Tells the type of queries. Any text gets a finite answer: empty, endless, in any language.

    Attributes:
        kind: its name in the registry.
    """

    @property
    def kind(self) -> str: ...

    def classify(self, texts: Sequence[str]) -> list[QueryType]:
        """Return one answer per text; a text is answered alike alone and among others."""

    def save(self, directory: Path) -> None:
        """Write a whole artifact; the same one there already is left alone, anything else is a `ClassifierError`."""
