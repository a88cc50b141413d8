"""What an annotator does with an item: label, change, take back, skip, say that it is unclear, comment.

Every action is one transaction: the assignment, the item's counts, the annotator's counters and a line of history.
An action that is sent again under the same key is not done again.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.db import transaction
from django.db.models import F
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from annotation.errors import (
    AlreadyLabelledError,
    CampaignNotOpenError,
    NotAllowedError,
    NotGivenError,
    NothingToUndoError,
)
from annotation.models import Annotator, Assignment, Campaign, Item, LabelEvent
from annotation.overlap import dispute, labels_wanted
from annotation.selectors import hot_path
from annotation.services.assigning import HELD, give_back, hold, leased_by_others, stamp
from playoff.accounts.models import User
from playoff.common.clock import database_now
from playoff.common.errors import InvalidInputError
from playoff.common.turns import writing_turn

logger = logging.getLogger(__name__)
MAX_COMMENT = 1_000
MAX_SECONDS = 86_400.0
MAX_KEY = 64
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


Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def _by_annotator(
    action: Callable[Concatenate[Annotator, Arguments], Result],
) -> Callable[Concatenate[Campaign, User, Arguments], Result]:
    """Run an action in one transaction that holds the annotator's row, so that two tabs take turns."""

    @wraps(action)
    def locked(campaign: Campaign, user: User, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        with writing_turn(), transaction.atomic():
            return action(_locked_annotator(campaign, user), *args, **kwargs)

    return locked


def annotator_of(campaign: Campaign, user: User) -> Annotator:
    """The person's place in the campaign, made at their first visit unless the campaign is for invited people only.

    Raises:
        NotAllowedError: They are not invited, or were barred.
    """
    annotator = Annotator.objects.filter(campaign=campaign, user=user).first()
    if annotator is None:
        if campaign.invited_only:
            raise NotAllowedError(_("This campaign is for invited annotators; ask its lead to invite you."))
        annotator = join(campaign, user)
    if annotator.barred:
        raise NotAllowedError(_("The lead has ended your work in this campaign; your labels are kept."))
    return annotator


@transaction.atomic
def join(campaign: Campaign, user: User) -> Annotator:
    """Give a person a place and a pseudonym in the campaign; once."""
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    number = Annotator.objects.filter(campaign=campaign).count() + 1
    names = set(Annotator.objects.filter(campaign=campaign).values_list("pseudonym", flat=True))
    while f"a{number}" in names:
        number += 1
    return Annotator.objects.get_or_create(campaign=campaign, user=user, defaults={"pseudonym": f"a{number}"})[0]


@_by_annotator
def next_items(annotator: Annotator, *, ahead: int = AHEAD) -> Bench:
    """The item to label now and up to `ahead` more; held items first, so that a reload shows the same."""
    return _bench(annotator, ahead)


@_by_annotator
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
    _place_label(annotator, item, assignment, category=category, seconds=seconds, now=now)
    if comment is not None:
        assignment.comment = comment
    if flag is not None:
        assignment.flag = flag
    assignment.save()
    _remember(
        annotator, assignment, now, LabelEvent.Action.CHANGE if old else LabelEvent.Action.LABEL,
        old=old, new=category, seconds=seconds, key=key, note=comment or "",
    )  # fmt: skip
    settle(item, third_label=annotator.campaign.third_label)
    return _outcome(annotator, assignment, new=True, item=item, ahead=ahead)


@_by_annotator
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
        _count(item, leased=-1, returned=True)
    assignment.state, assignment.surplus = Assignment.State.SKIPPED, False
    assignment.lease_until, assignment.acted_at, assignment.seconds = None, now, seconds
    assignment.save()
    annotator.skipped += 1
    annotator.save(update_fields=["skipped"])
    _remember(annotator, assignment, now, LabelEvent.Action.SKIP, seconds=seconds, key=key)
    return _outcome(annotator, assignment, new=True, item=item, ahead=ahead)


@_by_annotator
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
    assignment = done.order_by("-acted_at", "-pk").first()
    if assignment is None:
        raise NothingToUndoError(_("There is nothing left to take back."))
    now = database_now()
    item = Item.objects.select_for_update().get(pk=assignment.item_id)
    old, skipped = assignment.category, assignment.state == Assignment.State.SKIPPED
    _take_back(annotator, item, assignment, now)
    _remember(annotator, assignment, now, LabelEvent.Action.UNDO, old="" if skipped else old, key=key)
    settle(item, third_label=annotator.campaign.third_label)
    return _outcome(annotator, assignment, new=True, item=item, ahead=ahead)


@_by_annotator
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
    if comment is not None and comment != assignment.comment:
        assignment.comment = comment
        _remember(annotator, assignment, now, LabelEvent.Action.COMMENT, note=comment, key=key)
        key = ""
    if flag is not None and flag != assignment.flag:
        _remember(annotator, assignment, now, LabelEvent.Action.FLAG, old=assignment.flag, new=flag, key=key)
        assignment.flag = flag
    assignment.save(update_fields=["comment", "flag"])
    settle(item, third_label=annotator.campaign.third_label)
    return _outcome(annotator, assignment, new=True, item=item, ahead=ahead)


@_by_annotator
def leave(annotator: Annotator) -> None:
    """Give back everything held; the next visit starts where this one stopped."""
    give_back_all(annotator)


def give_back_all(annotator: Annotator) -> None:
    for assignment in Assignment.objects.filter(annotator=annotator, state=Assignment.State.LEASED):
        give_back(assignment)


def _locked_annotator(campaign: Campaign, user: User) -> Annotator:
    annotator = hot_path.lock_annotator(campaign_id=campaign.pk, user_id=user.pk)
    if annotator is None or annotator.barred:
        annotator_of(campaign, user)
        annotator = hot_path.lock_annotator(campaign_id=campaign.pk, user_id=user.pk)
        assert annotator is not None
    annotator.campaign = campaign
    if annotator.campaign.status != Campaign.Status.OPEN:
        raise CampaignNotOpenError(
            _("This campaign is closed; every label is kept.")
            if annotator.campaign.status == Campaign.Status.CLOSED
            else _("This campaign has not started yet; its lead opens it.")
        )
    return annotator


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


def _place_label(
    annotator: Annotator, item: Item, assignment: Assignment, *, category: str, seconds: float | None, now: datetime
) -> None:
    """Turn the assignment into a label, and count it where there is a place for it."""
    if assignment.state != Assignment.State.LABELLED:
        lent = assignment.state == Assignment.State.LEASED
        assignment.late = not lent or (assignment.lease_until is not None and assignment.lease_until < now)
        placed = lent and not assignment.surplus
        work = item.kind == Item.Kind.WORK
        assignment.surplus = work and not placed and item.free <= 0
        if work and not assignment.surplus:
            _count(item, labelled=1, leased=-1 if placed else 0)
        _tally(annotator, item, 1, category, seconds or 0.0)
        annotator.last_label_at = now
    elif item.kind == Item.Kind.GOLD:
        annotator.gold_right += (category == item.answer) - (assignment.category == item.answer)
    annotator.save(update_fields=["labelled", "practised", "gold_seen", "gold_right", "seconds", "last_label_at"])
    assignment.state = Assignment.State.LABELLED
    assignment.category = category
    assignment.taxonomy_version = annotator.campaign.taxonomy.number
    assignment.lease_until, assignment.acted_at = None, now
    if seconds is not None:
        assignment.seconds = seconds


def _take_back(annotator: Annotator, item: Item, assignment: Assignment, now: datetime) -> None:
    """Put a label or a skip back into the annotator's hands, before all that they hold."""
    work = item.kind == Item.Kind.WORK
    if assignment.state == Assignment.State.LABELLED:
        _tally(annotator, item, -1, assignment.category, assignment.seconds or 0.0)
        if work and not assignment.surplus:
            _count(item, labelled=-1, leased=1)
    else:
        annotator.skipped -= 1
        assignment.surplus = work and item.free <= 0
        if work and not assignment.surplus:
            _count(item, leased=1)
    annotator.save(update_fields=["labelled", "practised", "gold_seen", "gold_right", "seconds", "skipped"])
    until = now + timedelta(minutes=annotator.campaign.lease_minutes)
    held = Assignment.objects.filter(annotator=annotator, state=Assignment.State.LEASED)
    for place, pk in enumerate(held.order_by("lease_until", "pk").values_list("pk", flat=True), start=1):
        held.filter(pk=pk).update(lease_until=until + timedelta(microseconds=place))
    assignment.state, assignment.lease_until = Assignment.State.LEASED, until
    assignment.category, assignment.taxonomy_version, assignment.seconds = "", None, None
    assignment.late = False
    assignment.save()


def _tally(annotator: Annotator, item: Item, by: int, category: str, seconds: float) -> None:
    if item.kind == Item.Kind.PRACTICE:
        annotator.practised += by
        return
    annotator.labelled += by
    annotator.seconds = max(0.0, annotator.seconds + by * seconds)
    if item.kind == Item.Kind.GOLD:
        annotator.gold_seen += by
        annotator.gold_right += by * (category == item.answer)


def _count(item: Item, *, labelled: int = 0, leased: int = 0, returned: bool = False) -> None:
    item.labelled += labelled
    item.leased += leased
    Item.objects.filter(pk=item.pk).update(
        labelled=F("labelled") + labelled,
        leased=F("leased") + leased,
        **({"returned": stamp()} if returned else {}),
    )


def settle(item: Item, *, third_label: bool) -> None:
    """Ask for a third label, or for a decision, where the labels say so."""
    if item.kind != Item.Kind.WORK:
        return
    votes = hot_path.votes_on(item_id=item.pk)
    counted = [category for state, category, _flag, surplus in votes if state == "labelled" and not surplus]
    wanted = labels_wanted(item.planned, counted, third_label=third_label)
    wanted = max(wanted, item.labelled + item.leased)
    unclear = any(flag == Assignment.Flag.UNCLEAR for _state, _category, flag, _surplus in votes)
    place = dispute(counted, wanted=wanted, unclear=unclear, uncertainty=item.guess_uncertainty)
    if place is not None and hasattr(item, "adjudication"):
        place = None
    if (wanted, place) != (item.wanted, item.dispute):
        changes: dict[str, Any] = {"wanted": wanted, "dispute": place}
        if wanted > item.wanted:
            changes["returned"] = stamp()
        Item.objects.filter(pk=item.pk).update(**changes)
        item.wanted, item.dispute = wanted, place


def _remember(
    annotator: Annotator, assignment: Assignment, now: datetime, action: str, *, key: str = "", **what: Any
) -> None:
    LabelEvent.objects.create(
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


def _again(annotator: Annotator, sent: LabelEvent, ahead: int) -> Outcome:
    """The answer to an action that was done before."""
    assignment = Assignment.objects.get(annotator=annotator, item=sent.item_id)
    return _outcome(annotator, assignment, new=False, ahead=ahead)


def _outcome(
    annotator: Annotator, assignment: Assignment, *, new: bool, ahead: int, item: Item | None = None
) -> Outcome:
    item = item or assignment.item
    bench = _bench(annotator, ahead)
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


def _bench(annotator: Annotator, ahead: int) -> Bench:
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
    quota = annotator.quota if annotator.quota is not None else annotator.campaign.quota
    if quota is not None and annotator.labelled >= quota:
        return "quota"
    return "waiting" if leased_by_others(annotator).exists() else "done"
