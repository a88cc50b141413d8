"""The lead's pages about campaigns: all of them, a new one, how far one is, its settings."""

import json
from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from annotation.daily_plot import daily_plot
from annotation.forms import CampaignForm
from annotation.models import Campaign
from annotation.selectors.classifiers import newest_classifier
from annotation.selectors.pace import forecast_of, labels_per_day
from annotation.selectors.people import recent_work
from annotation.selectors.progress import campaign_rows, progress
from annotation.selectors.steps import steps_of
from annotation.services import campaigns as services
from annotation.services.taxonomies import shipped_taxonomy
from annotation.slugs import LETTERS
from playoff.accounts.models import User
from playoff.accounts.roles import role_required

PAGE = 20


def campaign_of(slug: str) -> Campaign:
    """The campaign of an address, with its taxonomy's row but not its document."""
    return get_object_or_404(Campaign.objects.select_related("taxonomy").defer("taxonomy__document"), slug=slug)


def person_of(request: HttpRequest) -> User:
    """Who asks; `role_required` has let them through."""
    return cast(User, request.user)


def first_error(form: BaseForm) -> str:
    """The first thing that is wrong, for a form whose page does not show it beside the field."""
    return str(next(iter(form.errors.values()))[0])


@role_required("lead")
@require_GET
def campaigns(request: HttpRequest) -> HttpResponse:
    everything = Campaign.objects.select_related("taxonomy").defer("taxonomy__document", "instructions")
    page = Paginator(everything, PAGE).get_page(request.GET.get("page"))
    return render(request, "annotation/campaigns.html", {"page": page, "rows": campaign_rows(page.object_list)})


@role_required("lead")
@require_http_methods(["GET", "POST"])
def campaign_new(request: HttpRequest) -> HttpResponse:
    form = CampaignForm(request.POST or None, initial={"taxonomy": shipped_taxonomy().pk})
    if request.method == "POST" and form.is_valid():
        campaign = services.create_campaign(by=person_of(request), **form.cleaned_data)
        messages.success(request, _("The campaign is a draft. Add queries next."))
        return redirect("annotation:campaign", slug=campaign.slug)
    context = {"form": form, "letters": json.dumps(LETTERS, ensure_ascii=False)}
    return render(request, "annotation/campaign_new.html", context, status=422 if form.errors else 200)


@role_required("lead")
@require_http_methods(["GET", "POST"])
def campaign_settings(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = campaign_of(slug)
    form = CampaignForm(request.POST or None, instance=campaign_of(slug))
    if request.method == "POST" and form.is_valid():
        campaign = services.change_campaign(campaign=campaign, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("annotation:campaign_settings", slug=campaign.slug)
    context = {"campaign": campaign, "form": form, "tab": "settings"}
    return render(request, "annotation/campaign_settings.html", context, status=422 if form.errors else 200)


@role_required("lead")
@require_GET
def campaign(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = campaign_of(slug)
    counts = progress(campaign)
    days = labels_per_day(campaign)
    context = {
        "campaign": campaign,
        "tab": "overview",
        "progress": counts,
        "plot": daily_plot(days),
        "forecast": forecast_of(campaign, days, counts.to_come),
        "recent": recent_work(campaign),
        "steps": steps_of(campaign, counts),
        "fixed_overlap": campaign.overlap + 1,
        "classifier": newest_classifier(campaign, counts.labels),
    }
    return render(request, "annotation/campaign.html", context)


@role_required("lead")
@require_POST
def campaign_open(request: HttpRequest, slug: str) -> HttpResponse:
    services.open_campaign(campaign=campaign_of(slug))
    messages.success(request, _("The campaign is open; annotators can label."))
    return redirect("annotation:campaign", slug=slug)


@role_required("lead")
@require_POST
def campaign_close(request: HttpRequest, slug: str) -> HttpResponse:
    services.close_campaign(campaign=campaign_of(slug))
    messages.success(request, _("The campaign is closed; every label is kept."))
    return redirect("annotation:campaign", slug=slug)
