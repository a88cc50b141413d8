"""The researchers' HTTP interface to systems: the same services as the pages, in JSON."""

from typing import Any, cast
from uuid import UUID, uuid4

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from playoff.accounts.models import User
from playoff.accounts.roles import IsResearcher
from recsys.models import SystemVersion, Tryout
from recsys.selectors.offline_runs import OfflineFigures
from recsys.selectors.systems import SystemRow, VersionRow, system_row, system_rows
from recsys.selectors.tryouts import SeenTryout, seen, tryouts_of
from recsys.services.tryouts import MAX_K, MAX_QUERY, ask


class Systems(APIView):
    permission_classes = (IsResearcher,)

    @extend_schema(operation_id="systems_list", responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request) -> Response:
        """Every system with its registered versions, and of each the figures of the latest offline run."""
        return Response([_system_json(row) for row in system_rows()])


class SystemDetail(APIView):
    permission_classes = (IsResearcher,)

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, slug: str) -> Response:
        """One system; its versions have the figures of every offline run, the newest first."""
        row = system_row(slug)
        if row is None:
            raise Http404
        return Response(_system_json(row, every_run=True))


class Tryouts(APIView):
    permission_classes = (IsResearcher,)

    @extend_schema_serializer(component_name="TryoutInput")
    class Input(serializers.Serializer[Any]):
        version = serializers.CharField(max_length=64, help_text="fingerprint of a system version, or its first digits")
        query = serializers.CharField(max_length=MAX_QUERY)
        listener = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
        k = serializers.IntegerField(min_value=1, max_value=MAX_K, default=20)

    @extend_schema_serializer(component_name="Tryout")
    class Output(serializers.Serializer[Any]):
        tryout = serializers.UUIDField()
        state = serializers.ChoiceField(choices=["queued", "away", "working", "done", "failed"])

    @extend_schema(
        request=Input, responses={202: Output}, parameters=[OpenApiParameter("Idempotency-Key", location="header")]
    )
    def post(self, request: Request) -> Response:
        """Ask a system version for a playlist; it is made meanwhile. The same key again asks nothing new."""
        serializer = self.Input(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        [row], _new = ask(
            by=_person(request),
            versions=[_version(given["version"])],
            query=given["query"],
            listener=given["listener"],
            k=given["k"],
            key=request.headers.get("Idempotency-Key") or uuid4().hex,
        )
        return Response({"tryout": row.public_id, "state": seen(row).state}, status=202)


class TryoutDetail(APIView):
    permission_classes = (IsResearcher,)

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, public_id: UUID) -> Response:
        """One's own try-out: its state and, once it is `done`, the tracks with the parts of their scores."""
        return Response(_tryout_json(seen(get_object_or_404(tryouts_of(_person(request)), public_id=public_id))))


def _person(request: Request) -> User:
    return cast(User, request.user)  # IsResearcher has let them through


def _version(fingerprint: str) -> SystemVersion:
    found = list(SystemVersion.objects.filter(fingerprint__startswith=fingerprint).select_related("dataset")[:2])
    if len(found) == 1 and len(fingerprint) >= 8:
        return found[0]
    said = "is the start of several system versions" if len(found) > 1 else "names no system version"
    remedy = "give a fingerprint that `systems/` shows, or 8 and more of its digits"
    raise serializers.ValidationError({"version": [f"“{fingerprint}” {said}; {remedy}."]})


def _system_json(row: SystemRow, *, every_run: bool = False) -> dict[str, Any]:
    return {
        "system": row.slug,
        "title": row.title,
        "paper": row.paper,
        "versions": [_version_json(version, every_run=every_run) for version in row.versions],
    }


def _version_json(row: VersionRow, *, every_run: bool) -> dict[str, Any]:
    version = row.version
    return {
        "fingerprint": version.fingerprint,
        "dataset": {"name": version.dataset.name, "version": version.dataset.version},
        "trained_at": row.trained_at,
        "registered_at": version.created_at,
        "code_version": version.code_version,
        "parameters": version.parameters,
        "differing": {setting.name: setting.value for setting in row.settings},
        "problem": row.problem,
        "offline_runs": [_figures_json(line) for line in (row.runs if every_run else row.runs[:1])],
    }


def _figures_json(line: OfflineFigures) -> dict[str, Any]:
    return {
        "run": line.run,
        "created_at": line.created_at,
        "dataset": line.dataset,
        "split": line.split,
        "queries": line.queries,
        **{name: {"value": figure.value, "ci": figure.ci} for name, figure in line.figures.items()},
        "ms_per_query": line.ms_per_query,
    }


def _tryout_json(side: SeenTryout) -> dict[str, Any]:
    row: Tryout = side.row
    return {
        "tryout": row.public_id,
        "state": side.state,
        "system": row.version.system,
        "version": row.version.fingerprint,
        "query": row.query,
        "listener": row.listener or None,
        "k": row.k,
        "error": side.error or None,
        "answer": row.answer if side.state == "done" else None,
    }
