"""The annotator's page: one query, all categories. It works as a plain form, and by keyboard where scripts run."""

import uuid
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from annotation.api import bench_json, visit_name
from annotation.errors import AlreadyLabelledError, CampaignNotOpenError, NotGivenError, NothingToUndoError
from annotation.models import Annotator, Assignment, Campaign
from annotation.selectors.board import board, key_caps
from annotation.selectors.own_work import own_campaigns, own_pace, practice_answer, recent_work
from annotation.services import labelling
from annotation.services.bench import MOST_AHEAD, Bench
from annotation.taxonomy import COMMAND_KEYS
from annotation.taxonomy.keys import keyboard_code
from playoff.accounts.models import User
from playoff.accounts.roles import role_required
from playoff.common.errors import InvalidInputError


class ActionForm(forms.Form):
    """One action of the page without scripts: a category, or one of the others."""

    query = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    category = forms.CharField(max_length=50, required=False)
    action = forms.ChoiceField(choices=[(each, each) for each in ("skip", "undo", "note")], required=False)
    comment = forms.CharField(required=False)
    flag = forms.CharField(max_length=10, required=False)
    key = forms.CharField(max_length=labelling.MAX_KEY, required=False)


@role_required("annotator")
@require_GET
def label_home(request: HttpRequest) -> HttpResponse:
    opened, closed = own_campaigns(cast(User, request.user))
    return render(request, "annotation/label_home.html", {"opened": opened, "closed": closed})


@role_required("annotator")
@require_http_methods(["GET", "POST"])
def label(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = campaign_of(slug)
    user = cast(User, request.user)
    if request.method == "POST":
        return _act(request, campaign, user)
    try:
        bench = labelling.next_items(campaign, user, ahead=MOST_AHEAD)
    except CampaignNotOpenError as error:
        return render(request, "annotation/label_closed.html", {"campaign": campaign, "sentence": str(error)})
    return render(request, "annotation/label.html", _page(request, campaign, bench))


def campaign_of(slug: str) -> Campaign:
    """The campaign; a draft is not there."""
    campaign = get_object_or_404(Campaign.objects.select_related("taxonomy"), slug=slug)
    if campaign.status == Campaign.Status.DRAFT:
        raise Http404
    return campaign


def _act(request: HttpRequest, campaign: Campaign, user: User) -> HttpResponse:
    form = ActionForm(request.POST)
    if not form.is_valid():
        raise InvalidInputError(_("This answer cannot be read; go back to the page and choose again."))
    address = reverse("annotation:label", args=[campaign.slug])
    try:
        outcome = _done(campaign, user, form.cleaned_data)
    except (AlreadyLabelledError, CampaignNotOpenError, NotGivenError, NothingToUndoError) as error:
        messages.error(request, str(error))
        return redirect(address)
    return redirect(f"{address}?practised={outcome.assignment.item.query_id}" if outcome.answer else address)


def _done(campaign: Campaign, user: User, given: dict[str, Any]) -> labelling.Outcome:
    action, query, key = given["action"], given["query"], given["key"]
    if action == "undo":
        return labelling.undo(campaign, user, key=key)
    if query is None:
        raise InvalidInputError(_("This answer names no query; go back to the page and choose again."))
    if action == "skip":
        return labelling.skip(campaign, user, query=query, key=key)
    notes = {"comment": given["comment"], "flag": given["flag"]}
    if action == "note":
        return labelling.annotate(campaign, user, query=query, key=key, **notes)
    return labelling.record_label(campaign, user, query=query, category=given["category"], key=key, **notes)


def _page(request: HttpRequest, campaign: Campaign, bench: Bench) -> dict[str, Any]:
    annotator, language = bench.annotator, get_language() or "en"
    taxonomy = campaign.taxonomy.taxonomy
    recent, pace = recent_work(annotator), own_pace(annotator)
    known = [done.taxonomy_version for done in recent if done.taxonomy_version is not None]
    shown = bench_json(bench)
    return {
        "campaign": campaign,
        "bench": bench,
        "item": bench.held[0] if bench.held else None,
        "guess": title_of(campaign, bench.held[0].guess) if bench.held else "",
        "progress": shown["progress"],
        "halves": board(taxonomy, language),
        "commands": COMMAND_KEYS,
        "pace": pace,
        "last": recent[-1] if recent else None,
        "last_title": title_of(campaign, recent[-1].category) if recent else "",
        "practised": _practised(request, annotator),
        "revised": bool(known) and known[-1] < campaign.taxonomy.number,
        "key": uuid.uuid4().hex,
        "start": {
            "slug": campaign.slug,
            "user": annotator.user_id,
            "taxonomy": taxonomy.slug,
            "api": reverse("annotation_api:api_next", args=[campaign.slug]).removesuffix("next/"),
            "visit": _visit(request, campaign),
            "bench": shown,
            "recent": [_recent_json(done) for done in recent],
            "today": pace.today,
            "categories": [
                {"slug": each.slug, "title": each.title(language), "code": each.code or ""}
                for each in taxonomy.categories
            ],
            "commands": {
                name: keyboard_code(key) if len(key) == 1 and key.isalnum() else key
                for name, key in COMMAND_KEYS.items()
            },
            "caps": key_caps(language),
        },
    }


def _visit(request: HttpRequest, campaign: Campaign) -> str:
    """Name this visit, so that a page which was left late does not give back what the next one holds."""
    visit = uuid.uuid4().hex
    request.session[visit_name(campaign.slug)] = visit
    return visit


def _recent_json(done: Assignment) -> dict[str, Any]:
    return {
        "query": done.item.query_id,
        "text": done.item.query.text,
        "language": done.item.query.language,
        "practice": done.item.kind == "practice",
        "category": done.category,
        "state": done.state,
        "seconds": done.seconds,
        "flag": done.flag,
        "comment": done.comment,
    }


def _practised(request: HttpRequest, annotator: Annotator) -> dict[str, Any] | None:
    """Where scripts do not run, the answer to the practice query just labelled."""
    query = request.GET.get("practised", "")
    done = practice_answer(annotator, int(query)) if query.isascii() and query.isdigit() and len(query) < 19 else None
    if done is None:
        return None
    campaign = annotator.campaign
    return {
        "text": done.item.query.text,
        "right": done.category == done.item.answer,
        "chosen": title_of(campaign, done.category),
        "answer": title_of(campaign, done.item.answer),
        "why": done.item.why,
    }


def title_of(campaign: Campaign, slug: str) -> str:
    """The category's name in the language of the page; a category that a version dropped goes by its slug."""
    category = campaign.taxonomy.taxonomy.by_slug.get(slug)
    return category.title(get_language() or "en") if category else slug
