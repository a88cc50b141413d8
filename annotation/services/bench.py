"""What lies before an annotator: the item on the screen, those ahead, or why there is none."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from annotation.models import Annotator, Item
from annotation.services.assigning import HELD, hold, leased_by_others
from playoff.common.clock import database_now
from playoff.common.errors import InvalidInputError

AHEAD = HELD - 1
MOST_AHEAD = 9  # a page may ask for so many, for hands that type ahead and for lost connections


@dataclass(frozen=True, slots=True)
class Held:
    """An item in the annotator's hands, as far as they may know it; `flag` and `comment` are their own."""

    query: int
    text: str
    language: str
    practice: bool
    guess: str
    flag: str
    comment: str


@dataclass(frozen=True, slots=True)
class Bench:
    """What lies before an annotator after an action.

    Attributes:
        held: the item on the screen, then those ahead.
        state: `work`, or why there is none: `waiting` (others hold what is left), `done`, `quota`, `closed`.
    """

    annotator: Annotator
    held: tuple[Held, ...]
    state: str


def bench_of(annotator: Annotator, ahead: int = AHEAD) -> Bench:
    """Lend the annotator up to `ahead` + 1 items; those held already come first.

    The caller has locked the annotator and runs in a transaction.
    """
    if not 0 <= ahead <= MOST_AHEAD:
        raise InvalidInputError(_("`ahead` must be between 0 and %(most)s.") % {"most": MOST_AHEAD})
    held = hold(annotator, now=database_now(), count=ahead + 1)
    views = tuple(
        Held(
            query=assignment.item.query_id,
            text=assignment.item.query.text,
            language=assignment.item.query.language,
            practice=assignment.item.kind == Item.Kind.PRACTICE,
            guess=assignment.guess,
            flag=assignment.flag,
            comment=assignment.comment,
        )
        for assignment in held
    )
    return Bench(annotator=annotator, held=views, state="work" if views else _why_none(annotator))


def _why_none(annotator: Annotator) -> str:
    most = annotator.most_labels
    if most is not None and annotator.labelled >= most:
        return "quota"
    return "waiting" if leased_by_others(annotator).exists() else "done"
