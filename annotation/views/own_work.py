"""What annotators look back on: their own labels, which they may change, and the guideline."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from annotation.models import Annotator, Assignment, Campaign, TaxonomyVersion
from annotation.selectors.board import board, revisions
from annotation.selectors.own_work import own_gold_score, own_history, own_pace
from annotation.services.annotators import annotator_of
from annotation.services.labelling import annotate, record_label
from annotation.views.labelling import campaign_of, title_of
from playoff.accounts.models import User
from playoff.accounts.roles import role_required
from playoff.common.errors import InvalidInputError

PAGE = 50


class ChangeForm(forms.Form):
    query = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    category = forms.CharField(max_length=50)
    comment = forms.CharField(required=False)
    flag = forms.CharField(max_length=10, required=False)


class FilterForm(forms.Form):
    """What of one's own work is shown; nonsense is no filter."""

    text = forms.CharField(max_length=200, required=False)
    category = forms.CharField(max_length=50, required=False)
    only = forms.CharField(max_length=10, required=False)

    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("text", "category", "only")}


@role_required("annotator")
@require_http_methods(["GET", "POST"])
def history(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = campaign_of(slug)
    annotator = annotator_of(campaign, cast(User, request.user))
    if request.method == "POST":
        return _change(request, campaign)
    chosen = FilterForm(request.GET).chosen()
    page = Paginator(own_history(annotator, **chosen), PAGE).get_page(request.GET.get("page"))
    context = {
        "campaign": campaign,
        "annotator": annotator,
        "quota": annotator.most_labels,
        "pace": own_pace(annotator),
        "gold": own_gold_score(annotator),
        "page": page,
        "rows": [_row(campaign, done) for done in page],
        "chosen": chosen,
        "filtered": any(chosen.values()),
        "halves": board(campaign.taxonomy.taxonomy, get_language() or "en"),
        "open": campaign.status == Campaign.Status.OPEN,
        "change": request.GET.get("change", ""),
    }
    return render(request, "annotation/history.html", context)


def _row(campaign: Campaign, done: Assignment) -> dict[str, Any]:
    guesses = campaign.guess != Campaign.Guess.NEVER and done.state == "labelled" and done.item.kind != "practice"
    return {
        "done": done,
        "title": title_of(campaign, done.category),
        "guess": title_of(campaign, done.item.guess) if guesses and done.item.guess else "",
        "outdated": done.taxonomy_version is not None and done.taxonomy_version < campaign.taxonomy.number,
    }


def _change(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    form = ChangeForm(request.POST)
    if not form.is_valid():
        raise InvalidInputError(_("Choose the category that the label should have."))
    given, user = form.cleaned_data, cast(User, request.user)
    outcome = record_label(campaign, user, query=given["query"], category=given["category"], change=True)
    annotate(campaign, user, query=given["query"], comment=given["comment"], flag=given["flag"])
    title = title_of(campaign, outcome.assignment.category)
    messages.success(request, _("The label is now “%(title)s”.") % {"title": title})
    return redirect(f"{reverse('annotation:label_history', args=[campaign.slug])}#q{given['query']}")


@role_required("annotator")
@require_GET
def guidelines(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = campaign_of(slug)
    annotator: Annotator = annotator_of(campaign, cast(User, request.user))
    version, language = campaign.taxonomy, get_language() or "en"
    older = TaxonomyVersion.objects.filter(slug=version.slug, number__lt=version.number).order_by("number").last()
    context = {
        "campaign": campaign,
        "annotator": annotator,
        "version": version,
        "older": older,
        "halves": board(version.taxonomy, language),
        "revisions": revisions(older.taxonomy, version.taxonomy, language) if older else (),
    }
    return render(request, "annotation/guidelines.html", context)
