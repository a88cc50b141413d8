"""The researcher's page about a running study; the numbers themselves stay behind a deliberate step."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from evaluation.day_plot import day_plot
from evaluation.models import Study
from evaluation.selectors.live import live_study
from evaluation.services.running import running_ratings
from playoff.accounts.roles import role_required

REFRESH_SECONDS = 15


@role_required("researcher")
@require_GET
def live(request: HttpRequest, slug: str) -> HttpResponse:
    """The page; for htmx only the part that changes."""
    study = get_object_or_404(Study, slug=slug)
    template = "evaluation/_live.html" if request.headers.get("HX-Request") else "evaluation/live.html"
    return render(request, template, _context(study))


@role_required("researcher")
@require_POST
def ratings(request: HttpRequest, slug: str) -> HttpResponse:
    """The running ratings. It is a POST because to look at an open study's numbers leaves a record."""
    study = get_object_or_404(Study, slug=slug)
    running = running_ratings(study=study)
    if request.headers.get("HX-Request"):
        return render(request, "evaluation/_live_ratings.html", {"study": study, "running": running})
    return render(request, "evaluation/live.html", {**_context(study), "running": running})


def _context(study: Study) -> dict[str, Any]:
    shown = live_study(study)
    days = day_plot([(day.day, day.judgments, day.participants) for day in shown.days])
    plan = [
        {"what": "participants", "progress": shown.participants},
        {"what": "judgments", "progress": shown.judgments},
    ]
    return {"study": study, "live": shown, "plan": plan, "days": days, "refresh": REFRESH_SECONDS}
