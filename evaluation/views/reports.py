"""The researcher's report page and its downloads."""

import json
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from evaluation.models import Study
from evaluation.services.exports import FORMATS, export_judgments
from evaluation.services.reports import (
    StudyReport,
    breakdown_csv,
    report_archive,
    report_latex,
    report_pdf,
    standalone_html,
    study_report,
)
from playoff.accounts.roles import role_required

ARCHIVES: dict[str, tuple[Callable[[StudyReport], bytes], str, str]] = {
    "pdf": (report_pdf, "application/pdf", "report.pdf"),
    "latex": (report_latex, "application/zip", "tables.zip"),
    "zip": (report_archive, "application/zip", "report.zip"),
}
"""What is made of a report by its format: how, its type, its name."""


@role_required("researcher")
@require_GET
def report(request: HttpRequest, slug: str) -> HttpResponse:
    study = get_object_or_404(Study, slug=slug)
    address = reverse("evaluation:report_download", args=[slug])
    labels = {
        "html": _("Report, one HTML file"),
        "pdf": _("Report, PDF"),
        "zip": _("Everything, one archive"),
        "latex": _("Tables for LaTeX"),
        "json": _("Report, JSON"),
        "csv": _("Judgments, CSV"),
        "jsonl": _("Judgments, JSON lines"),
        "parquet": _("Judgments, Parquet"),
    }
    shown = study_report(study=study)
    if shown.analysis["breakdown"]:
        labels["breakdown"] = _("By kind of query, CSV")
    downloads = [{"label": label, "url": f"{address}?format={name}"} for name, label in labels.items()]
    return render(request, "evaluation/report.html", {**shown.context(), "downloads": downloads})


@role_required("researcher")
@require_GET
def download(request: HttpRequest, slug: str) -> HttpResponse:
    study = get_object_or_404(Study, slug=slug)
    format_ = request.GET.get("format", "html")
    body: str | bytes
    if format_ == "html":
        body, content_type, name = standalone_html(study_report(study=study)), "text/html; charset=utf-8", "report.html"
    elif format_ == "json":
        body = json.dumps(study_report(study=study).as_json(), ensure_ascii=False, indent=2)
        content_type, name = "application/json", "report.json"
    elif format_ in ARCHIVES:
        make, content_type, name = ARCHIVES[format_]
        body = make(study_report(study=study))
    elif format_ == "breakdown" and (table := breakdown_csv(study_report(study=study))):
        body, content_type, name = table, "text/csv; charset=utf-8", "breakdown.csv"
    elif format_ in FORMATS:
        body, content_type = export_judgments(study=study, format_=format_), FORMATS[format_]
        name = f"judgments.{format_}"
    else:
        raise Http404
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{slug}-{name}"'
    return response
