"""Two studies beside each other."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evaluation.comparison_page import comparison_page
from evaluation.models import Study
from evaluation.services.comparisons import compare as compare_studies
from playoff.accounts.roles import role_required


@role_required("researcher")
@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """The comparison of studies `a` and `b`; with one or none chosen, the choice alone."""
    a, b = (request.GET.get(name, "").strip() for name in ("a", "b"))
    context: dict[str, Any] = {
        "studies": list(Study.objects.order_by("title", "slug")),
        "fields": [{"name": "a", "chosen": a}, {"name": "b", "chosen": b}],
    }
    if a and b:
        context |= comparison_page(compare_studies(first=a, second=b))
    context["study"] = next((study for study in context["studies"] if study.slug == a), None)
    return render(request, "evaluation/compare.html", context)
