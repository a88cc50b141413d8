"""The lead's page about the questions with an answer: practice and gold."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from annotation.forms import PracticeForm, RowsForm, SettledForm
from annotation.models import Campaign, Item
from annotation.selectors.answered import practice_language, question_rows, questions
from annotation.services import answered as services
from annotation.views.campaigns import campaign_of, first_error
from playoff.accounts.roles import role_required

PAGE = 50


@role_required("lead")
@require_GET
def answered(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = campaign_of(slug)
    return _answered(request, campaign, RowsForm(campaign.taxonomy.taxonomy))


def _answered(request: HttpRequest, campaign: Campaign, rows_form: RowsForm, *, status: int = 200) -> HttpResponse:
    taxonomy = campaign.taxonomy.taxonomy
    page = Paginator(questions(campaign), PAGE).get_page(request.GET.get("page"))
    context = {
        "campaign": campaign,
        "tab": "answered",
        "page": page,
        "questions": question_rows(campaign, list(page.object_list), get_language() or "en"),
        "practice_form": PracticeForm(taxonomy, initial={"language": practice_language(campaign)}),
        "settled_form": SettledForm(),
        "rows_form": rows_form,
    }
    return render(request, "annotation/answered.html", context, status=status)


@role_required("lead")
@require_POST
def answered_practice(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = campaign_of(slug)
    form = PracticeForm(campaign.taxonomy.taxonomy, request.POST)
    if form.is_valid():
        return _added(request, slug, services.make_practice(campaign=campaign, **form.cleaned_data))
    return _refused(request, slug, form)


@role_required("lead")
@require_POST
def answered_settled(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = campaign_of(slug)
    form = SettledForm(request.POST)
    if form.is_valid():
        return _added(request, slug, services.add_settled(campaign=campaign, **form.cleaned_data))
    return _refused(request, slug, form)


@role_required("lead")
@require_POST
def answered_rows(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = campaign_of(slug)
    form = RowsForm(campaign.taxonomy.taxonomy, request.POST)
    if form.is_valid():
        return _added(request, slug, services.add_rows(campaign=campaign, **form.cleaned_data))
    return _answered(request, campaign, form, status=422)


@role_required("lead")
@require_POST
def answered_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    campaign = campaign_of(slug)
    services.remove_answered(campaign=campaign, item=get_object_or_404(Item, campaign=campaign, pk=pk))
    messages.success(request, _("The question is out."))
    return redirect("annotation:answered", slug=slug)


def _added(request: HttpRequest, slug: str, count: int) -> HttpResponse:
    text = ngettext("%(count)s question is new.", "%(count)s questions are new.", count) % {"count": count}
    messages.success(request, text if count else _("These questions were all here already."))
    return redirect("annotation:answered", slug=slug)


def _refused(request: HttpRequest, slug: str, form: PracticeForm | SettledForm) -> HttpResponse:
    messages.error(request, first_error(form))
    return redirect("annotation:answered", slug=slug)
