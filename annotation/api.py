"""The annotators' HTTP interface: the same services as the pages, in JSON."""

from dataclasses import asdict
from typing import Any, cast

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.models import Campaign
from annotation.services import labelling
from annotation.services.bench import AHEAD, Bench
from annotation.services.labelling import Outcome
from playoff.accounts.models import User
from playoff.accounts.roles import IsAnnotator


def seconds_field() -> serializers.FloatField:
    return serializers.FloatField(required=False, allow_null=True, min_value=0, max_value=labelling.MAX_SECONDS)


def visit_name(slug: str) -> str:
    """Where the session keeps the latest visit: a page that is reloaded says goodbye after the new one has come."""
    return f"label-visit-{slug}"


_CAMPAIGNS = Campaign.objects.select_related("taxonomy").defer("taxonomy__document", "instructions")


def bench_json(bench: Bench) -> dict[str, Any]:
    """The item on the screen, those ahead, and how far the annotator is. Nothing tells a gold question from another."""
    first, *ahead = [asdict(held) for held in bench.held] or [{"query": None}]
    annotator = bench.annotator
    return {
        **first,
        "ahead": ahead,
        "state": bench.state,
        "progress": {
            "labelled": annotator.labelled,
            "quota": annotator.most_labels,
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
        "flag": assignment.flag,
        "comment": assignment.comment,
        "answer": outcome.answer,
        "why": outcome.why,
        "guess": outcome.guess,
        "next": bench_json(outcome.bench),
    }


class AnnotatorView(APIView):
    """Every address of a campaign: annotators only, and only their own work.

    With `?ahead=9` an answer brings up to nine queries after the next one, in place of two.
    """

    permission_classes = (IsAnnotator,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what a page kept for another person: two people may share a browser."""
        super().initial(request, *args, **kwargs)
        meant = request.headers.get("X-Annotator", "")
        if meant and meant != str(request.user.pk):
            raise NotAuthenticated(_("Somebody else is signed in now; sign in again to save your answers."))

    def campaign(self, slug: str) -> Campaign:
        return get_object_or_404(_CAMPAIGNS, slug=slug)

    def person(self, request: Request) -> User:
        return cast(User, request.user)  # IsAnnotator has let them through

    def parsed(self, serializer_class: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
        serializer = serializer_class(data=request.data)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def whose(self, request: Request, slug: str) -> tuple[Campaign, User]:
        return self.campaign(slug), self.person(request)

    def how(self, request: Request) -> dict[str, Any]:
        return {"key": request.headers.get("Idempotency-Key", ""), "ahead": self.ahead(request)}

    def ahead(self, request: Request) -> int:
        asked = request.query_params.get("ahead", str(AHEAD))
        if not (asked.isascii() and asked.isdigit() and len(asked) < 4):
            raise ValidationError({"ahead": [_("A whole number is needed.")]})
        return int(asked)


class NextQuery(AnnotatorView):
    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, slug: str) -> Response:
        """The query to label now, and those held ahead; the same ones until they are labelled, skipped or lapsed."""
        campaign, ahead = self.campaign(slug), self.ahead(request)
        return Response(bench_json(labelling.next_items(campaign, self.person(request), ahead=ahead)))


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
        outcome = labelling.record_label(*self.whose(request, slug), **self.how(request), **given)
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
        return Response(outcome_json(labelling.skip(*self.whose(request, slug), **self.how(request), **given)))


class Undo(AnnotatorView):
    @extend_schema_serializer(component_name="UndoInput")
    class Input(serializers.Serializer[Any]):
        query = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**63 - 1)

    @extend_schema(request=Input, responses={200: OpenApiTypes.OBJECT})
    def post(self, request: Request, slug: str) -> Response:
        """Take back the latest label or skip, or that of a query; it stays in the history."""
        given = self.parsed(self.Input, request)
        return Response(outcome_json(labelling.undo(*self.whose(request, slug), **self.how(request), **given)))


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
        outcome = labelling.annotate(*self.whose(request, slug), **self.how(request), **given)
        return Response(outcome_json(outcome))


class Leave(AnnotatorView):
    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, slug: str) -> Response:
        """Give back everything held; with `?visit=`, only if no page was opened since that one."""
        visit = request.query_params.get("visit")
        if visit is None or request.session.get(visit_name(slug)) == visit:
            labelling.leave(*self.whose(request, slug))
        return Response(status=204)
