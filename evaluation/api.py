"""The HTTP interface: the same services as the pages, in JSON."""

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from evaluation.blind import BlindTrial, blind
from evaluation.models import Judgment, Participant, Study, Trial
from evaluation.requests import IsParticipant, IsResearcher, TokenAuthentication
from evaluation.services.exports import FORMATS, export_judgments
from evaluation.services.judgments import MAX_REASON, record_judgment
from evaluation.services.participants import enrol, participant_token
from evaluation.services.reports import study_report
from evaluation.services.trials import MAX_QUERY, submit_query
from playoff.common.errors import InvalidInputError

LANGUAGES = [code for code, _ in settings.LANGUAGES]


class Participants(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema_serializer(component_name="EnrolmentInput")
    class Input(serializers.Serializer[Any]):
        platform_id = serializers.CharField(max_length=200)
        language = serializers.ChoiceField(choices=LANGUAGES, default="en")
        consent = serializers.BooleanField()

    @extend_schema_serializer(component_name="Enrolment")
    class Output(serializers.Serializer[Any]):
        participant = serializers.UUIDField()
        token = serializers.CharField()

    @extend_schema(request=Input, responses={201: Output})
    def post(self, request: Request, slug: str) -> Response:
        """Enrol with consent; the token then goes in `Authorization: Bearer`."""
        study = _visible_study(slug)
        given = _parsed(self.Input, request)
        with translation.override(given["language"]):
            participant = enrol(
                study=study, platform_id=given["platform_id"], language=given["language"], consent=given["consent"]
            )
        return Response({"participant": participant.public_id, "token": participant_token(participant)}, status=201)


class Trials(APIView):
    authentication_classes = (TokenAuthentication,)
    permission_classes = (IsParticipant,)

    @extend_schema_serializer(component_name="QueryInput")
    class Input(serializers.Serializer[Any]):
        query = serializers.CharField(max_length=MAX_QUERY)

    @extend_schema_serializer(component_name="Query")
    class Output(serializers.Serializer[Any]):
        trial = serializers.UUIDField()
        state = serializers.ChoiceField(choices=Trial.State.choices)

    @extend_schema(
        request=Input,
        responses={202: Output},
        parameters=[OpenApiParameter("Idempotency-Key", location="header", required=True)],
    )
    def post(self, request: Request, slug: str) -> Response:
        """Ask for music; the playlists are made meanwhile."""
        participant = _participant(request)
        if participant.study.slug != slug:
            _visible_study(slug)
            raise serializers.ValidationError({"study": "This token belongs to another study."})
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            raise InvalidInputError("The header `Idempotency-Key` is missing; send a new random value with each query.")
        given = _parsed(self.Input, request)
        trial, _new = submit_query(participant=participant, query=given["query"], idempotency_key=key)
        return Response({"trial": trial.public_id, "state": blind(trial).state}, status=202)


class TrialDetail(APIView):
    authentication_classes = (TokenAuthentication,)
    permission_classes = (IsParticipant,)

    @extend_schema_serializer(component_name="Trial")
    class Output(serializers.Serializer[Any]):
        trial = serializers.UUIDField()
        state = serializers.ChoiceField(choices=Trial.State.choices)
        playlists = serializers.DictField(required=False, child=serializers.ListField(child=serializers.DictField()))

    @extend_schema(responses=Output)
    def get(self, request: Request, trial_id: UUID) -> Response:
        """The state of one's own trial, and both playlists together once they are on show."""
        return Response(_blind_json(blind(_own_trial(request, trial_id))))


class Judgments(APIView):
    authentication_classes = (TokenAuthentication,)
    permission_classes = (IsParticipant,)

    @extend_schema_serializer(component_name="JudgmentInput")
    class Input(serializers.Serializer[Any]):
        choice = serializers.ChoiceField(choices=Judgment.Choice.choices)
        reason = serializers.CharField(required=False, allow_blank=True, max_length=MAX_REASON, default="")

    @extend_schema_serializer(component_name="Judgment")
    class Output(serializers.Serializer[Any]):
        trial = serializers.UUIDField()
        choice = serializers.ChoiceField(choices=Judgment.Choice.choices)

    @extend_schema(request=Input, responses={200: Output, 201: Output})
    def post(self, request: Request, trial_id: UUID) -> Response:
        """Judge one's own trial: 201; the same again 200; another choice 409."""
        trial = _own_trial(request, trial_id)
        given = _parsed(self.Input, request)
        judgment, new = record_judgment(trial=trial, choice=given["choice"], reason=given["reason"])
        return Response({"trial": trial.public_id, "choice": judgment.choice}, status=201 if new else 200)


class StudyJudgments(APIView):
    permission_classes = (IsResearcher,)

    @extend_schema(
        parameters=[OpenApiParameter("format", enum=list(FORMATS), default="csv")], responses={200: OpenApiTypes.BINARY}
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        """Every judgment of the study, pseudonymous: csv (the judgments file of `analyze`), jsonl or parquet."""
        study = get_object_or_404(Study, slug=slug)
        format_ = request.query_params.get("format", "csv")
        if format_ not in FORMATS:
            raise InvalidInputError(f"`format` must be one of {', '.join(FORMATS)}, got {format_!r}.")
        response = HttpResponse(export_judgments(study=study, format_=format_), content_type=FORMATS[format_])
        response["Content-Disposition"] = f'attachment; filename="{study.slug}-judgments.{format_}"'
        return response


class StudyReport(APIView):
    permission_classes = (IsResearcher,)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, slug: str) -> Response:
        """The study's report as `analyze` would give it for its judgments file."""
        return Response(study_report(study=get_object_or_404(Study, slug=slug)).analysis)


def _parsed(serializer_class: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def _visible_study(slug: str) -> Study:
    return get_object_or_404(Study.objects.exclude(status=Study.Status.DRAFT), slug=slug)


def _participant(request: Request) -> Participant:
    return cast(Participant, request.user)  # IsParticipant has let it through


def _own_trial(request: Request, trial_id: UUID) -> Trial:
    return get_object_or_404(Trial.objects.of(_participant(request)).select_related("study"), public_id=trial_id)


def _blind_json(seen: BlindTrial) -> dict[str, Any]:
    body: dict[str, Any] = {"trial": seen.id, "state": seen.state}
    if seen.a:
        body["playlists"] = {
            side: [
                {
                    "position": track.position,
                    "title": track.title,
                    "artists": list(track.artist_list),
                    **({"year": track.year} if track.year is not None else {}),
                    **({"preview_url": track.preview_url} if track.preview_url else {}),
                }
                for track in tracks
            ]
            for side, tracks in (("a", seen.a), ("b", seen.b))
        }
    return body
