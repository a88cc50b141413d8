"""A lead's decisions: a layer of their own above the labels, each with a line of history and a way back."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from annotation.models import Adjudication, Campaign, Item, LabelEvent
from annotation.services.places import settle
from playoff.accounts.models import User
from playoff.common.clock import database_now
from playoff.common.errors import InvalidInputError, PlayoffError
from playoff.common.turns import writing_turn

logger = logging.getLogger(__name__)
MAX_NOTE = 1_000


class AlreadyDecidedError(PlayoffError):
    """Another decision stands; replacing it must be said."""

    code = "already_decided"


class NoDecisionError(PlayoffError):
    """There is no decision that could be taken back."""

    code = "no_decision"


@writing_turn()
@transaction.atomic
def decide(
    *, campaign: Campaign, by: User, query: int, category: str, note: str = "", change: bool = False
) -> tuple[Adjudication, bool]:
    """Decide a query; an empty category says that it cannot be decided, and it gets no gold. Votes stay as they are.

    The same decision again is the same decision, so a double click or a second tab does no harm. Returns the decision
    and whether it was made now.

    Raises:
        InvalidInputError: No such query or category, or a note that is too long; nothing is changed.
        AlreadyDecidedError: The query is decided otherwise, and `change` is not set.
    """
    note = _checked_note(note)
    taxonomy = campaign.taxonomy.taxonomy
    if category and category not in taxonomy.slugs:
        raise InvalidInputError(
            _("There is no category “%(category)s” in this campaign; use one of %(slugs)s.")
            % {"category": category, "slugs": ", ".join(taxonomy.slugs)}
        )
    item = _locked_item(campaign, query)
    standing = Adjudication.objects.filter(item=item).first()
    if standing is not None:
        if standing.category == category and note in ("", standing.note):
            return standing, False
        if not change:
            raise AlreadyDecidedError(_already(campaign, standing.category))
    now = database_now()
    decision, _created = Adjudication.objects.update_or_create(
        item=item,
        defaults={
            "category": category,
            "taxonomy_version": campaign.taxonomy.number,
            "note": note,
            "decided_by": by,
            "decided_at": now,
        },
    )
    _remember(item, by, LabelEvent.Action.DECIDE, at=now, old=standing, new=decision)
    Item.objects.filter(pk=item.pk).update(dispute=None)
    logger.info("adjudication.decided campaign=%s item=%s change=%s", campaign.slug, item.pk, standing is not None)
    return decision, True


@writing_turn()
@transaction.atomic
def take_back(*, campaign: Campaign, by: User, query: int | None = None) -> Item:
    """Take back a person's latest decision, or theirs of one query; what it had replaced stands again.

    Where nothing had stood before, the query goes back to the queue if its labels still ask for a decision.

    Raises:
        NoDecisionError: They have none that stands.
    """
    mine = Adjudication.objects.filter(item__campaign=campaign, decided_by=by)
    if query is not None:
        mine = mine.filter(item__query=query)
    latest = mine.order_by("-decided_at", "-pk").first()
    if latest is None:
        raise NoDecisionError(_("There is no decision of yours left to take back."))
    item = _locked_item(campaign, latest.item.query_id)
    decision = Adjudication.objects.filter(item=item, decided_by=by).first()
    if decision is None:
        raise NoDecisionError(_("There is no decision of yours left to take back."))
    _restore(item, decision, by)
    item = Item.objects.get(pk=item.pk)
    settle(item, third_label=campaign.third_label)
    return item


def _restore(item: Item, decision: Adjudication, by: User) -> None:
    """Put the decision before this one in its place, or nothing where there was none."""
    before = (
        LabelEvent.objects.filter(item=item, annotator=None, at__lt=decision.decided_at)
        .filter(action__in=[LabelEvent.Action.DECIDE, LabelEvent.Action.UNDO])
        .order_by("pk")
        .last()
    )
    now = database_now()
    if before is None or before.action == LabelEvent.Action.UNDO:
        _remember(item, by, LabelEvent.Action.UNDO, at=now, old=decision, new=None)
        decision.delete()
        return
    earlier = Adjudication(
        pk=decision.pk,
        item=item,
        category=before.new,
        taxonomy_version=before.taxonomy_version or decision.taxonomy_version,
        note=before.note,
        decided_by_id=before.actor_id,
        decided_at=before.at,
    )
    _remember(item, by, LabelEvent.Action.DECIDE, at=now, old=decision, new=earlier)
    earlier.save()


def _locked_item(campaign: Campaign, query: int) -> Item:
    item = Item.objects.select_for_update().filter(campaign=campaign, query=query).first()
    if item is None:
        raise InvalidInputError(_("Query %(query)s is not in this campaign.") % {"query": query})
    if item.kind != Item.Kind.WORK:
        raise InvalidInputError(_("This query has its answer already; only real work is decided."))
    return item


def _checked_note(note: str) -> str:
    note = note.strip()
    if len(note) > MAX_NOTE or "\x00" in note:
        raise InvalidInputError(_("A note may have up to %(most)s characters of text.") % {"most": MAX_NOTE})
    return note


def _already(campaign: Campaign, category: str) -> str:
    if not category:
        return _("Meanwhile it was said that this query cannot be decided; open the query to change that.")
    known = campaign.taxonomy.taxonomy.by_slug.get(category)
    title = known.title(get_language() or "en") if known else category
    return _("This query was decided meanwhile as “%(title)s”; open the query to change that.") % {"title": title}


def _remember(
    item: Item, by: User, action: str, *, at: datetime, old: Adjudication | None, new: Adjudication | None
) -> None:
    """A line of history. Only an UNDO without an annotator says that no decision stands; an empty DECIDE is one."""
    LabelEvent.objects.create(
        campaign_id=item.campaign_id,
        item=item,
        actor=by,
        at=at,
        action=action,
        old=old.category if old else "",
        new=new.category if new else "",
        note=new.note if new else "",
        taxonomy_version=new.taxonomy_version if new else None,
        guess=item.guess,
        guess_model=item.guess_model,
        origin=item.origin,
    )
