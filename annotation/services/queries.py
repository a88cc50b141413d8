"""What every query gets when it enters the database."""

from collections.abc import Sequence

from annotation.classifier.families import joined
from annotation.intake.duplicates import family


def family_of(text: str) -> str:
    """The family of a text: near-duplicates share it, so that splits and intervals keep them together."""
    return family(text)


def families_of(texts: Sequence[str], groups: Sequence[str]) -> list[str]:
    """The families of texts that belong together: the members of a group and their near-duplicates share one.

    It is the smallest `family_of` among them; an empty group joins nothing.
    """
    return joined([family_of(text) for text in texts], groups)
