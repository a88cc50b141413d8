"""Pages about offline evaluations that were kept, for researchers."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from playoff.accounts.roles import role_required
from recsys.models import OfflineRun, SystemVersion
from recsys.offline_page import breakdowns, paired_tests, warnings_of
from recsys.selectors.offline_runs import figures_of_run, offline_runs


@role_required("researcher")
@require_GET
def runs(request: HttpRequest) -> HttpResponse:
    return render(request, "recsys/offline_runs.html", {"runs": offline_runs()})


@role_required("researcher")
@require_GET
def run(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(OfflineRun, pk=pk)
    lines = figures_of_run(run)
    registered = SystemVersion.objects.filter(fingerprint__in=[line.fingerprint for line in lines])
    context = {
        "run": run,
        "lines": lines,
        "figures": list(dict.fromkeys(name for line in lines for name in line.figures)),
        "tests": paired_tests(run.result),
        "breakdown": breakdowns(run.result, [line.system for line in lines]),
        "warnings": warnings_of(run.result),
        "registered": {version.fingerprint: version for version in registered},
    }
    return render(request, "recsys/offline_run.html", context)


@role_required("researcher")
@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(OfflineRun, pk=pk)
    format_ = request.GET.get("format", "json")
    if format_ == "json":
        body, content_type = json.dumps(run.result, ensure_ascii=False, indent=1), "application/json"
    elif format_ == "html":
        body, content_type = _as_html(run), "text/html; charset=utf-8"
    else:
        raise Http404
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="offline-run-{run.pk}.{format_}"'
    return response


def _as_html(run: OfflineRun) -> str:
    from recsys.offline.page.document import offline_page  # numpy and scipy come in here
    from recsys.services.offline import page_styles

    language = "ru" if (get_language() or "").startswith("ru") else "en"
    return offline_page(run.result, language=language, styles=page_styles())
