"""Participants by number, for a file that is given away."""

from collections.abc import Sequence
from dataclasses import replace

from evaluation.stats.judgments import Judgment


def numbers_of(judgments: Sequence[Judgment]) -> dict[str, str]:
    """Name to p01, p02, …, in the order of the names, with zeros before; nobody stays nobody."""
    names = sorted({judgment.participant for judgment in judgments} - {""})
    digits = len(str(len(names)))
    return {"": ""} | {name: f"p{at:0{digits}d}" for at, name in enumerate(names, start=1)}


def renumbered(judgments: Sequence[Judgment]) -> list[Judgment]:
    """The same judgments with a number for each participant.

    An analysis draws by name, so its resamples differ before and after, and with them the last digits of what is
    resampled.
    """
    number = numbers_of(judgments)
    return [replace(judgment, participant=number[judgment.participant]) for judgment in judgments]
