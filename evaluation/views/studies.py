"""The researcher's pages about studies."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from evaluation.models import Study
from evaluation.selectors.studies import failures, study_rows, system_rows, trial_states
from evaluation.services import studies as services
from playoff.accounts.roles import role_required


@role_required("researcher")
@require_GET
def studies(request: HttpRequest) -> HttpResponse:
    return render(request, "evaluation/studies.html", {"studies": study_rows()})


@role_required("researcher")
@require_GET
def study(request: HttpRequest, slug: str) -> HttpResponse:
    study = get_object_or_404(Study, slug=slug)
    context = {
        "study": study,
        "participant_url": request.build_absolute_uri(reverse("evaluation:entry", args=[slug])),
        "systems": system_rows(study),
        "states": [{"state": state, "count": count} for state, count in trial_states(study).items()],
        "failures": failures(study),
    }
    return render(request, "evaluation/study.html", context)


@role_required("researcher")
@require_POST
def open_study(request: HttpRequest, slug: str) -> HttpResponse:
    services.open_study(study=get_object_or_404(Study, slug=slug))
    messages.success(request, _("The study is open."))
    return redirect("evaluation:study", slug=slug)


@role_required("researcher")
@require_POST
def close_study(request: HttpRequest, slug: str) -> HttpResponse:
    services.close_study(study=get_object_or_404(Study, slug=slug))
    messages.success(request, _("The study is closed."))
    return redirect("evaluation:study", slug=slug)
