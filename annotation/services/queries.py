"""What every query gets when it enters the database."""

from annotation.intake.duplicates import family


def family_of(text: str) -> str:
    """The family of a text: near-duplicates share it, so that splits and intervals keep them together."""
    return family(text)
