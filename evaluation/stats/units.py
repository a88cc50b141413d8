"""What counts as one: a participant, or a judgment where nobody knows who made it."""

from typing import Literal

Unit = Literal["participant", "judgment"]
NOBODY_KNOWN = "The judgments do not say who made them, so there is no test by participant."


def named(method: str, unit: Unit) -> str:
    """A method's name, which says "participant", as it is where each judgment stands for one."""
    return method if unit == "participant" else method.replace("participant", "judgment")
