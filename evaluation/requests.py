"""Who asks: the participant of a page, by session, or of the HTTP interface, by token."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from evaluation.errors import ParticipantTokenError
from evaluation.models import Participant, Study
from evaluation.services.participants import participant_of_token

SESSION_KEY = "participants"


class ParticipantRequest(HttpRequest):
    """A page request of an enrolled participant."""

    participant: Participant


def remember(request: HttpRequest, participant: Participant) -> None:
    """Let this browser be the participant: one per study."""
    request.session[SESSION_KEY] = {
        **request.session.get(SESSION_KEY, {}),
        participant.study.slug: participant.public_id.hex,
    }


def forget(request: HttpRequest, study: Study) -> None:
    request.session[SESSION_KEY] = {
        slug: value for slug, value in request.session.get(SESSION_KEY, {}).items() if slug != study.slug
    }


def participants_of(request: HttpRequest) -> list[str]:
    """Public ids of the participants this browser is."""
    return list(request.session.get(SESSION_KEY, {}).values())


def participant_in(request: HttpRequest, study: Study) -> Participant | None:
    public_id = request.session.get(SESSION_KEY, {}).get(study.slug)
    return Participant.objects.filter(study=study, public_id=public_id).first() if public_id else None


def participant_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Pages of a study: `view(request, study, …)` with `request.participant`; others are sent to the entry page."""

    @wraps(view)
    def guarded(request: ParticipantRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        study = Study.objects.exclude(status=Study.Status.DRAFT).filter(slug=slug).first()
        participant = participant_in(request, study) if study else None
        if study is None or participant is None:
            return redirect("evaluation:entry", slug=slug)
        request.participant = participant
        return view(request, study, *args, **kwargs)

    return guarded


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <participant token>`."""

    def authenticate(self, request: Request) -> tuple[Participant, None] | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            return participant_of_token(token.strip()), None
        except ParticipantTokenError as error:
            raise AuthenticationFailed(str(error)) from error

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class IsParticipant(BasePermission):
    """The bearer is a participant."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.user, Participant)


class IsResearcher(BasePermission):
    """The signed-in person is a researcher."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(request.user and request.user.is_authenticated and request.user.has_role("researcher"))
