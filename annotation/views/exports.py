"""Downloads of the lead: labels, gold, differences, a folder for the `datasets` library."""

from collections.abc import Iterator
from typing import cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from annotation.export.writing import FORMATS
from annotation.export_api import file_response
from annotation.models import Campaign
from annotation.services.datasets import DATASETS, dataset_name, dataset_zip
from annotation.services.exports import change_chunks, export_of, ready_version
from playoff.accounts.roles import role_required


@role_required("lead")
@require_GET
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """`?format=csv|jsonl|parquet|datasets[&kind=gold&version=NAME][&at=DATE]`."""
    campaign = get_object_or_404(Campaign.objects.select_related("taxonomy"), slug=slug)
    asked = request.GET
    if asked.get("format") == DATASETS:
        version = ready_version(campaign, asked.get("version", ""))
        return _attachment(dataset_zip(version), "application/zip", f"{dataset_name(version)}.zip")
    found = export_of(
        campaign,
        kind=asked.get("kind", "labels"),
        format_=asked.get("format", ""),
        version=asked.get("version", ""),
        at=asked.get("at", ""),
    )
    return cast(HttpResponse, file_response(found, request.headers.get("If-None-Match", "")))


@role_required("lead")
@require_GET
def export_difference(request: HttpRequest, slug: str) -> HttpResponse:
    """`?old=NAME&new=NAME&format=csv|jsonl|parquet`."""
    campaign = get_object_or_404(Campaign, slug=slug)
    old, new = (ready_version(campaign, request.GET.get(name, "")) for name in ("old", "new"))
    format_ = request.GET.get("format", "csv")
    chunks = change_chunks(old, new, format_)
    name = f"{campaign.slug}-{old.name}-to-{new.name}{FORMATS[format_].suffix}"
    return _attachment(chunks, FORMATS[format_].media_type, name)


def _attachment(chunks: Iterator[bytes], media_type: str, name: str) -> HttpResponse:
    response = StreamingHttpResponse(chunks, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return cast(HttpResponse, response)  # what guards the views' roles knows whole answers only
