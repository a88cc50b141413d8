"""What a lead does next with a draft."""

from dataclasses import dataclass

from annotation.models import Campaign
from annotation.selectors.progress import Progress


@dataclass(frozen=True, slots=True)
class Step:
    """A step towards opening: `queries`, `people`, `questions`, `open`.

    Attributes:
        done: whether it is done.
        now: whether it is the one to do now.
        count: queries, people or questions there are.
        optional: whether the campaign can open without it.
    """

    name: str
    done: bool
    now: bool
    count: int
    optional: bool


def steps_of(campaign: Campaign, progress: Progress) -> list[Step]:
    """The steps of a draft in their order; none once the campaign has opened. No query."""
    if campaign.status != Campaign.Status.DRAFT:
        return []
    questions = progress.gold + progress.practice
    found = [
        ("queries", progress.items > 0, progress.items, False),
        ("people", progress.people > 0, progress.people, not campaign.invited_only),
        ("questions", questions > 0, questions, True),
        ("open", False, 0, False),
    ]
    current = next(name for name, done, _, optional in found if not done and not optional)
    return [Step(name, done, name == current, count, optional) for name, done, count, optional in found]
