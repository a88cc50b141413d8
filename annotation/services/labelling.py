"""What an annotator does with an item: label, change, take back, skip, say that it is unclear, comment.

Every action is one transaction: the assignment, the item's counts, the annotator's counters and a line of history.
An action that is sent again under the same key is not done again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from annotation.errors import AlreadyLabelledError, NotGivenError, NothingToUndoError
from annotation.models import Annotator, Assignment, Campaign, Item, LabelEvent
from annotation.selectors import hot_path
from annotation.services import hot_writes
from annotation.services.annotators import by_annotator, give_back_all
from annotation.services.bench import AHEAD, Bench, bench_of
from annotation.services.places import count, settle, take_back, take_place
from playoff.common.clock import database_now
from playoff.common.errors import InvalidInputError

MAX_COMMENT = 1_000
MAX_SECONDS = 86_400.0
MAX_KEY = 64


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an action.

    Attributes:
        new: whether it was done now; an action sent again is not.
        answer: of a practice item, the right category and why; empty otherwise.
        guess: the classifier's view, where the campaign shows it after the choice.
    """

    assignment: Assignment
    new: bool
    bench: Bench
    answer: str = ""
    why: str = ""
    guess: str = ""


@by_annotator
def next_items(annotator: Annotator, *, ahead: int = AHEAD) -> Bench:
    """The item to label now and up to `ahead` more; held items first, so that a reload shows the same."""
    return bench_of(annotator, ahead)


@by_annotator
def record_label(
    annotator: Annotator,
    *,
    query: int,
    category: str,
    seconds: float | None = None,
    comment: str | None = None,
    flag: str | None = None,
    change: bool = False,
    key: str = "",
    ahead: int = AHEAD,
) -> Outcome:
    """Record the annotator's category for a query they were given.

    The same category again is the same label. Another one is refused unless `change` says that it is meant.

    Args:
        seconds: active time on the query.
        comment, flag: as `annotate` takes them.
        key: the client's name of this action.
        ahead: as `next_items` takes it.

    Raises:
        InvalidInputError: No such category, or a value out of bounds; nothing is changed.
        CampaignNotOpenError, NotGivenError, AlreadyLabelledError: As they say.
    """
    seconds, comment, flag = _checked(seconds, comment, flag, key)
    taxonomy = annotator.campaign.taxonomy.taxonomy
    if category not in taxonomy.slugs:
        raise InvalidInputError(
            _("There is no category “%(category)s” in this campaign; use one of %(slugs)s.")
            % {"category": category, "slugs": ", ".join(taxonomy.slugs)}
        )
    if sent := _sent_before(annotator, key):
        return _again(annotator, sent, ahead)
    item, assignment = _given(annotator, query)
    if assignment.state == Assignment.State.LABELLED:
        if assignment.category == category:
            return _outcome(annotator, assignment, new=False, ahead=ahead)
        if not change:
            raise AlreadyLabelledError(
                _("You have labelled this query “%(title)s” already; go back to it to change that.")
                % {"title": taxonomy.category(assignment.category).title(get_language() or "en")}
            )
    now = database_now()
    old = assignment.category
    take_place(annotator, item, assignment, category=category, seconds=seconds, now=now)
    flag_before, comment_before = assignment.flag, assignment.comment
    assignment.comment = comment_before if comment is None else comment
    assignment.flag = flag_before if flag is None else flag
    hot_writes.update(assignment)
    action = LabelEvent.Action.CHANGE if old else LabelEvent.Action.LABEL
    _remember(annotator, assignment, now, action, old=old, new=category, seconds=seconds, key=key)
    _remember_notes(annotator, assignment, now, flag_before, comment_before)
    settle(item, third_label=annotator.campaign.third_label)
    return _outcome(annotator, assignment, new=True, item=item, ahead=ahead)


@by_annotator
def skip(
    annotator: Annotator, *, query: int, seconds: float | None = None, key: str = "", ahead: int = AHEAD
) -> Outcome:
    """Leave a query to somebody else."""
    seconds, _comment, _flag = _checked(seconds, None, None, key)
    if sent := _sent_before(annotator, key):
        return _again(annotator, sent, ahead)
    item, assignment = _given(annotator, query)
    if assignment.state == Assignment.State.LABELLED:
        raise AlreadyLabelledError(_("You have labelled this query; take the label back before you skip it."))
    if assignment.state == Assignment.State.SKIPPED:
        return _outcome(annotator, assignment, new=False, ahead=ahead)
    now = database_now()
    if assignment.state == Assignment.State.LEASED and not assignment.surplus and item.kind == Item.Kind.WORK:
        count(item, leased=-1, returned=True)
    assignment.state, assignment.surplus = Assignment.State.SKIPPED, False
    assignment.lease_until, assignment.acted_at, assignment.seconds = None, now, seconds
    hot_writes.update(assignment)
    annotator.skipped += 1
    hot_writes.update(annotator, "skipped")
    _remember(annotator, assignment, now, LabelEvent.Action.SKIP, seconds=seconds, key=key)
    return _outcome(annotator, assignment, new=True, item=item, ahead=ahead)


@by_annotator
def undo(annotator: Annotator, *, query: int | None = None, key: str = "", ahead: int = AHEAD) -> Outcome:
    """Take back a label or a skip, the latest unless a query is named; the item is in the annotator's hands again.

    The label leaves the counts, and stays in the history.

    Raises:
        NothingToUndoError: There is none.
    """
    _checked(None, None, None, key)
    if sent := _sent_before(annotator, key):
        return _again(annotator, sent, ahead)
    done = Assignment.objects.filter(
        annotator=annotator, state__in=[Assignment.State.LABELLED, Assignment.State.SKIPPED]
    )
    if query is not None:
        done = done.filter(item__query=query)
    latest = done.order_by("-acted_at", "-pk").values_list("item__query", flat=True).first()
    if latest is None:
        raise NothingToUndoError(_("There is nothing left to take back."))
    now = database_now()
    item, assignment = _given(annotator, latest)
    old, skipped = assignment.category, assignment.state == Assignment.State.SKIPPED
    take_back(annotator, item, assignment, now)
    _remember(annotator, assignment, now, LabelEvent.Action.UNDO, old="" if skipped else old, key=key)
    settle(item, third_label=annotator.campaign.third_label)
    return _outcome(annotator, assignment, new=True, item=item, ahead=ahead)


@by_annotator
def annotate(
    annotator: Annotator,
    *,
    query: int,
    comment: str | None = None,
    flag: str | None = None,
    key: str = "",
    ahead: int = AHEAD,
) -> Outcome:
    """Comment on a query, or say that it is unclear: it then goes to adjudication. With or without a label."""
    _seconds, comment, flag = _checked(None, comment, flag, key)
    if sent := _sent_before(annotator, key):
        return _again(annotator, sent, ahead)
    item, assignment = _given(annotator, query)
    now = database_now()
    flag_before, comment_before = assignment.flag, assignment.comment
    assignment.comment = comment_before if comment is None else comment
    assignment.flag = flag_before if flag is None else flag
    _remember_notes(annotator, assignment, now, flag_before, comment_before, key=key)
    hot_writes.update(assignment, "comment", "flag")
    settle(item, third_label=annotator.campaign.third_label)
    return _outcome(annotator, assignment, new=True, item=item, ahead=ahead)


@by_annotator
def leave(annotator: Annotator) -> None:
    """Give back everything held; the next visit starts where this one stopped."""
    give_back_all(annotator)


def _checked(
    seconds: float | None, comment: str | None, flag: str | None, key: str
) -> tuple[float | None, str | None, str | None]:
    if seconds is not None and not 0 <= seconds <= MAX_SECONDS:
        raise InvalidInputError(_("`seconds` must be between 0 and %(most)s.") % {"most": int(MAX_SECONDS)})
    if comment is not None:
        comment = comment.strip()
        if len(comment) > MAX_COMMENT or "\x00" in comment:
            raise InvalidInputError(_("A comment may have up to %(most)s characters of text.") % {"most": MAX_COMMENT})
    if flag is not None and flag not in Assignment.Flag.values:
        raise InvalidInputError(_("The flag must be `unclear` or empty."))
    if len(key) > MAX_KEY or "\x00" in key:
        raise InvalidInputError(_("An Idempotency-Key may have up to %(most)s characters.") % {"most": MAX_KEY})
    return seconds, comment, flag


def _sent_before(annotator: Annotator, key: str) -> LabelEvent | None:
    return LabelEvent.objects.filter(annotator=annotator, key=key).first() if key else None


def _given(annotator: Annotator, query: int) -> tuple[Item, Assignment]:
    given = hot_path.lock_given(annotator_id=annotator.pk, campaign_id=annotator.campaign_id, query_id=query)
    if given is None:
        raise NotGivenError(_("This query was not given to you; ask for the next one."))
    return given


def _remember(
    annotator: Annotator, assignment: Assignment, now: datetime, action: str, *, key: str = "", **what: Any
) -> None:
    event = LabelEvent(
        campaign_id=annotator.campaign_id,
        item_id=assignment.item_id,
        annotator=annotator,
        actor_id=annotator.user_id,
        at=now,
        action=action,
        taxonomy_version=annotator.campaign.taxonomy.number,
        guess=assignment.guess,
        guess_model=assignment.guess_model,
        origin=assignment.origin,
        late=assignment.late,
        key=key,
        **what,
    )
    hot_writes.insert(event)


def _remember_notes(
    annotator: Annotator, assignment: Assignment, now: datetime, flag: str, comment: str, *, key: str = ""
) -> None:
    """Lines of history for a flag and a comment that are not as they were."""
    if assignment.comment != comment:
        note = assignment.comment
        _remember(annotator, assignment, now, LabelEvent.Action.COMMENT, note=note, key=key)
        key = ""
    if assignment.flag != flag:
        _remember(annotator, assignment, now, LabelEvent.Action.FLAG, old=flag, new=assignment.flag, key=key)


def _again(annotator: Annotator, sent: LabelEvent, ahead: int) -> Outcome:
    """The answer to an action that was done before."""
    assignment = Assignment.objects.get(annotator=annotator, item=sent.item_id)
    return _outcome(annotator, assignment, new=False, ahead=ahead)


def _outcome(
    annotator: Annotator, assignment: Assignment, *, new: bool, ahead: int, item: Item | None = None
) -> Outcome:
    item = item or assignment.item
    bench = bench_of(annotator, ahead)
    practice = item.kind == Item.Kind.PRACTICE and assignment.state == Assignment.State.LABELLED
    chosen = assignment.state == Assignment.State.LABELLED
    shows = annotator.campaign.guess != Campaign.Guess.NEVER and item.kind != Item.Kind.PRACTICE
    return Outcome(
        assignment=assignment,
        new=new,
        bench=bench,
        answer=item.answer if practice else "",
        why=item.why if practice else "",
        guess=item.guess if chosen and shows else "",
    )
