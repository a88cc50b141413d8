"""The annotators' HTTP interface: the same services as the pages, in JSON."""

from dataclasses import asdict
from typing import Any, cast

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.models import Campaign
from annotation.services import labelling
from annotation.services.labelling import Bench, Outcome
from playoff.accounts.models import User
from playoff.accounts.roles import IsAnnotator


def seconds_field() -> serializers.FloatField:
    return serializers.FloatField(required=False, allow_null=True, min_value=0, max_value=labelling.MAX_SECONDS)


def bench_json(bench: Bench) -> dict[str, Any]:
    """The item on the screen, those ahead, and how far the annotator is. Nothing tells a gold question from another."""
    first, *ahead = [asdict(held) for held in bench.held] or [{"query": None}]
    annotator = bench.annotator
    quota = annotator.quota if annotator.quota is not None else annotator.campaign.quota
    return {
        **first,
        "ahead": ahead,
        "state": bench.state,
        "progress": {
            "labelled": annotator.labelled,
            "quota": quota,
            "practice_left": max(0, annotator.campaign.practice - annotator.practised),
        },
    }


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    assignment = outcome.assignment
    return {
        "query": assignment.item.query_id,
        "category": assignment.category,
        "state": assignment.state,
        "late": assignment.late,
        "answer": outcome.answer,
        "why": outcome.why,
        "guess": outcome.guess,
        "next": bench_json(outcome.bench),
    }


class AnnotatorView(APIView):
    """Every address of a campaign: annotators only, and only their own work."""

    permission_classes = (IsAnnotator,)

    def campaign(self, slug: str) -> Campaign:
        return get_object_or_404(Campaign, slug=slug)

    def person(self, request: Request) -> User:
        return cast(User, request.user)  # IsAnnotator has let them through

    def parsed(self, serializer_class: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
        serializer = serializer_class(data=request.data)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def key(self, request: Request) -> str:
        return request.headers.get("Idempotency-Key", "")


class NextQuery(AnnotatorView):
    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, slug: str) -> Response:
        """The query to label now, and those held ahead; the same ones until they are labelled, skipped or lapsed."""
        return Response(bench_json(labelling.next_items(self.campaign(slug), self.person(request))))


class Labels(AnnotatorView):
    @extend_schema_serializer(component_name="LabelInput")
    class Input(serializers.Serializer[Any]):
        query = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
        category = serializers.CharField(max_length=50)
        seconds = seconds_field()
        comment = serializers.CharField(required=False, allow_blank=True)
        flag = serializers.CharField(required=False, allow_blank=True)
        change = serializers.BooleanField(required=False, default=False)

    @extend_schema(request=Input, responses={201: OpenApiTypes.OBJECT, 200: OpenApiTypes.OBJECT})
    def post(self, request: Request, slug: str) -> Response:
        """Label a query and get the next: 201; the same again 200; another category 409 unless `change` is set."""
        given = self.parsed(self.Input, request)
        outcome = labelling.record_label(self.campaign(slug), self.person(request), key=self.key(request), **given)
        return Response(outcome_json(outcome), status=201 if outcome.new else 200)


class Skips(AnnotatorView):
    @extend_schema_serializer(component_name="SkipInput")
    class Input(serializers.Serializer[Any]):
        query = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
        seconds = seconds_field()

    @extend_schema(request=Input, responses={200: OpenApiTypes.OBJECT})
    def post(self, request: Request, slug: str) -> Response:
        """Leave a query to somebody else."""
        given = self.parsed(self.Input, request)
        return Response(
            outcome_json(labelling.skip(self.campaign(slug), self.person(request), key=self.key(request), **given))
        )


class Undo(AnnotatorView):
    @extend_schema_serializer(component_name="UndoInput")
    class Input(serializers.Serializer[Any]):
        query = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**63 - 1)

    @extend_schema(request=Input, responses={200: OpenApiTypes.OBJECT})
    def post(self, request: Request, slug: str) -> Response:
        """Take back the latest label or skip, or that of a query; it stays in the history."""
        given = self.parsed(self.Input, request)
        return Response(
            outcome_json(labelling.undo(self.campaign(slug), self.person(request), key=self.key(request), **given))
        )


class Notes(AnnotatorView):
    @extend_schema_serializer(component_name="NoteInput")
    class Input(serializers.Serializer[Any]):
        query = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
        comment = serializers.CharField(required=False, allow_blank=True)
        flag = serializers.CharField(required=False, allow_blank=True)

    @extend_schema(request=Input, responses={200: OpenApiTypes.OBJECT})
    def post(self, request: Request, slug: str) -> Response:
        """Comment on a query, or flag it as `unclear`, with or without a label."""
        given = self.parsed(self.Input, request)
        outcome = labelling.annotate(self.campaign(slug), self.person(request), key=self.key(request), **given)
        return Response(outcome_json(outcome))


class Leave(AnnotatorView):
    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, slug: str) -> Response:
        """Give back everything held."""
        labelling.leave(self.campaign(slug), self.person(request))
        return Response(status=204)
