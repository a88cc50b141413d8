"""Labels and gold over HTTP, for leads and researchers: streamed, with an ETag, the same bytes from the same state."""

from collections.abc import Iterable

from django.http import HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import parse_etags
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from annotation.models import Campaign
from annotation.services.exports import KINDS, Export, export_of
from playoff.accounts.roles import IsLeadOrResearcher


def file_response(export: Export, if_none_match: str) -> HttpResponseBase:
    """The file, streamed; or 304 where the client has these very bytes."""
    etag = export.etag
    if etag in (known := parse_etags(if_none_match)) or "*" in known:
        response: HttpResponse | StreamingHttpResponse = HttpResponseNotModified()
    else:
        response = StreamingHttpResponse(export.chunks(), content_type=export.media_type)
        response["Content-Disposition"] = f'attachment; filename="{export.name}"'
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"  # keep it, but ask first
    return response


class _AsAsked(BaseContentNegotiation):
    """The address says which file it is; refusals are JSON, whatever `Accept` says."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser:
        return next(iter(parsers))

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


class ExportLabels(APIView):
    permission_classes = (IsLeadOrResearcher,)
    content_negotiation_class = _AsAsked

    @extend_schema(
        parameters=[
            OpenApiParameter("format", str, enum=["csv", "jsonl", "parquet"], required=True),
            OpenApiParameter("kind", str, enum=list(KINDS), description="one row per label (default), or per query"),
            OpenApiParameter("version", str, description="the name of a gold version, for kind=gold"),
            OpenApiParameter("at", str, description="labels as they stood at a date or time, 2026-01-31T12:00:00Z"),
        ],
        responses={(200, "text/csv"): OpenApiTypes.BINARY, 304: None},
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """A file of the campaign's labels or of a gold version; annotators appear by pseudonym only."""
        campaign = get_object_or_404(Campaign.objects.select_related("taxonomy"), slug=slug)
        asked = request.query_params
        export = export_of(
            campaign,
            kind=asked.get("kind", "labels"),
            format_=asked.get("format", ""),
            version=asked.get("version", ""),
            at=asked.get("at", ""),
        )
        return file_response(export, request.headers.get("If-None-Match", ""))
