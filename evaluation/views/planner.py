"""The researcher's planner: a plan is its address, so that it can be sent to a colleague."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from evaluation.forms import PlannerForm
from evaluation.models import Study
from evaluation.services.planner import DEFAULTS, lessons, outcome
from playoff.accounts.roles import role_required


@role_required("researcher")
@require_GET
def planner(request: HttpRequest) -> HttpResponse:
    slug = request.GET.get("study", "")
    learned = lessons(get_object_or_404(Study, slug=slug)) if slug else None
    asked = {name: request.GET[name] for name in DEFAULTS if name in request.GET}
    form = PlannerForm({**DEFAULTS, **(learned.values if learned else {}), **asked})
    found = outcome(form.cleaned_data) if form.is_valid() else None
    partial = request.headers.get("HX-Request") == "true"
    return render(
        request,
        "evaluation/_plan.html" if partial else "evaluation/planner.html",
        {"form": form, "found": found, "learned": learned, "studies": Study.objects.order_by("-created_at")},
        status=200 if found else 422,
    )
