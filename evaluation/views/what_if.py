"""What would come out if …: a page that recomputes a study while one looks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from evaluation.models import Study
from evaluation.services.what_if import what_if as recompute
from evaluation.what_if_page import what_if_page
from playoff.accounts.roles import role_required


@role_required("researcher")
@require_GET
def what_if(request: HttpRequest, slug: str) -> HttpResponse:
    """The page; for htmx only the results, with the shortest address that asks for them."""
    study = get_object_or_404(Study, slug=slug)
    partial = bool(request.headers.get("HX-Request"))
    result = recompute(study=study, query=request.GET)
    template = "evaluation/_what_if.html" if partial else "evaluation/what_if.html"
    response = render(request, template, {"study": study, **what_if_page(result)})
    if partial:
        query = result.asked.query_string()
        here = f"{request.path}?{query}" if query else request.path
        shown = request.headers.get("HX-Current-URL", "")
        response["HX-Push-Url"] = "false" if shown.endswith(here) else here  # no second step back to the same place
    return response
