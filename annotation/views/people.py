"""The lead's page about the people of a campaign."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from annotation.forms import AddPeopleForm, PersonForm
from annotation.models import Annotator
from annotation.selectors.people import MOST_PEOPLE, candidates, people_rows
from annotation.services import campaigns as services
from annotation.views.campaigns import campaign_of, first_error
from playoff.accounts.roles import role_required


@role_required("lead")
@require_GET
def people(request: HttpRequest, slug: str) -> HttpResponse:
    return _people(request, slug, AddPeopleForm(candidates(campaign_of(slug))))


def _people(request: HttpRequest, slug: str, form: AddPeopleForm, *, status: int = 200) -> HttpResponse:
    campaign = campaign_of(slug)
    everybody = Annotator.objects.filter(campaign=campaign).select_related("user").order_by("barred", "pk")
    page = Paginator(everybody, MOST_PEOPLE).get_page(request.GET.get("page"))
    context = {
        "campaign": campaign,
        "tab": "people",
        "page": page,
        "people": people_rows(campaign, list(page.object_list)),
        "form": form,
    }
    return render(request, "annotation/people.html", context, status=status)


@role_required("lead")
@require_POST
def people_add(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = campaign_of(slug)
    form = AddPeopleForm(candidates(campaign), request.POST)
    if not form.is_valid():
        return _people(request, slug, form, status=422)
    count = services.invite_all(campaign=campaign, **form.cleaned_data)
    text = ngettext("%(count)s person can label now.", "%(count)s people can label now.", count)
    messages.success(request, text % {"count": count})
    return redirect("annotation:people", slug=slug)


@role_required("lead")
@require_POST
def person_change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    annotator = _annotator(slug, pk)
    form = PersonForm(request.POST)
    if form.is_valid():
        services.change_person(annotator=annotator, **form.cleaned_data)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, first_error(form))
    return redirect("annotation:people", slug=slug)


@role_required("lead")
@require_POST
def person_bar(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    services.bar(annotator=_annotator(slug, pk))
    messages.success(request, _("Their work here has ended; their labels are kept."))
    return redirect("annotation:people", slug=slug)


@role_required("lead")
@require_POST
def person_let_back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    services.let_back(annotator=_annotator(slug, pk))
    messages.success(request, _("They can label here again."))
    return redirect("annotation:people", slug=slug)


def _annotator(slug: str, pk: int) -> Annotator:
    return get_object_or_404(Annotator, campaign__slug=slug, pk=pk)
