"""Adjudication by the lead: one case on the screen, one key a decision; and one item with its whole history."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from annotation.models import Campaign, Item
from annotation.selectors.adjudication import Filters, Place, case_of, choices, counters, next_cases, queue, summary
from annotation.selectors.history import history_of
from annotation.services.adjudication import decide, take_back
from annotation.taxonomy import COMMAND_KEYS
from annotation.taxonomy.keys import key_cap
from playoff.accounts.models import User
from playoff.accounts.roles import role_required
from playoff.common.errors import InvalidInputError


@role_required("lead")
@require_GET
def adjudicate(request: HttpRequest, slug: str) -> HttpResponse:
    campaign, filters = _campaign(slug), Filters.of(request.GET)
    context = _desk(request, campaign, filters, after=Place.read(request.GET.get("after", "")), count=2)
    return render(request, "annotation/adjudicate.html", context)


@role_required("lead")
@require_GET
def ahead(request: HttpRequest, slug: str) -> HttpResponse:
    """The case after a place, for the page to hold ahead."""
    return _ahead(request, _campaign(slug), Place.read(request.GET.get("after", "")))


@role_required("lead")
@require_POST
def record_decision(request: HttpRequest, slug: str) -> HttpResponse:
    """Save a decision. A page with scripts gets the case to hold ahead; a plain form goes on to the next case."""
    campaign, query = _campaign(slug), _query(request)
    if (category := request.POST.get("category")) is None:
        raise InvalidInputError(_("`category` is missing; choose one, or leave it empty for “cannot be decided”."))
    decide(
        campaign=campaign,
        by=cast(User, request.user),
        query=query,
        category=category,
        note=request.POST.get("note", ""),
        change="change" in request.POST,
    )
    if request.headers.get("HX-Request"):
        return _ahead(request, campaign, Place.read(request.GET.get("ahead", "")))
    if "change" in request.POST:
        return redirect("annotation:item", campaign.slug, query)
    after = Filters.of(request.GET).query_string(after=request.POST.get("after", ""))
    return redirect(f"{reverse('annotation:adjudicate', args=[campaign.slug])}?{after}")


@role_required("lead")
@require_POST
def undo_decision(request: HttpRequest, slug: str) -> HttpResponse:
    """Take back this lead's latest decision, or that of one query; the query comes back."""
    campaign = _campaign(slug)
    query = _query(request) if "query" in request.POST else None
    item = take_back(campaign=campaign, by=cast(User, request.user), query=query)
    if request.headers.get("HX-Request"):
        return _render_case(request, campaign, item)
    return redirect("annotation:item", campaign.slug, item.query_id)


@role_required("lead")
@require_GET
def adjudicated(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = _campaign(slug)
    titles = {choice.slug: choice.title for choice in _choices(campaign)}
    context = {"campaign": campaign, "tab": "adjudicate", "summary": summary(campaign), "titles": titles}
    return render(request, "annotation/adjudicated.html", context)


@role_required("lead")
@require_GET
def item(request: HttpRequest, slug: str, query: int) -> HttpResponse:
    campaign = _campaign(slug)
    found = get_object_or_404(Item.objects.select_related("query"), campaign=campaign, query=query)
    language = get_language() or "en"
    titles = {choice.slug: choice.title for choice in _choices(campaign)}
    context = {
        "campaign": campaign,
        "tab": "adjudicate",
        "item": found,
        "case": case_of(campaign, found, language),
        "choices": _choices(campaign),
        "labels": _labels(found, titles),
        "answer": titles.get(found.answer, found.answer),
        "history": history_of(found, campaign.taxonomy.taxonomy, language),
        "titles": titles,
    }
    return render(request, "annotation/item.html", context)


def _labels(item: Item, titles: dict[str, str]) -> list[dict[str, Any]]:
    """What everybody did with the item, under pseudonyms."""
    rows = item.assignments.select_related("annotator").order_by("acted_at", "pk")
    return [{"row": row, "title": titles.get(row.category, row.category)} for row in rows]


def _ahead(request: HttpRequest, campaign: Campaign, after: Place | None) -> HttpResponse:
    context = _desk(request, campaign, Filters.of(request.GET), after=after, count=1)
    return render(request, "annotation/_adjudicate_ahead.html", context)


def _render_case(request: HttpRequest, campaign: Campaign, item: Item) -> HttpResponse:
    item = Item.objects.select_related("query").get(pk=item.pk)
    context = _desk(request, campaign, Filters.of(request.GET), after=None, count=0)
    context["cases"] = [case_of(campaign, item, get_language() or "en")]
    return render(request, "annotation/_adjudicate_ahead.html", context)


def _desk(
    request: HttpRequest, campaign: Campaign, filters: Filters, *, after: Place | None, count: int
) -> dict[str, Any]:
    language = get_language() or "en"
    return {
        "campaign": campaign,
        "tab": "adjudicate",
        "filters": filters,
        "query_string": filters.query_string(),
        "after": after,
        "cases": next_cases(campaign, filters, after=after, language=language, count=count),
        "waiting": queue(campaign).count() if filters else None,
        "counters": counters(campaign, cast(User, request.user), filters),
        "choices": _choices(campaign),
        "caps": {name: key_cap(key, language) for name, key in COMMAND_KEYS.items() if len(key) == 1},
    }


def _choices(campaign: Campaign) -> Any:
    return choices(campaign.taxonomy.taxonomy, get_language() or "en")


def _campaign(slug: str) -> Campaign:
    return get_object_or_404(Campaign.objects.select_related("taxonomy"), slug=slug)


def _query(request: HttpRequest) -> int:
    try:
        return int(request.POST.get("query", ""))
    except ValueError:
        raise InvalidInputError(_("`query` must be the number of a query in this campaign.")) from None
