"""Errors of the HTTP interface as `application/problem+json` (RFC 9457)."""

from typing import Any

from django.http import Http404
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from playoff.common.errors import PlayoffError


def problem(*, status: int, code: str, detail: str, **extra: Any) -> Response:
    """A problem document: `type`, `title`, `status`, `detail`, and what helps to mend it."""
    body = {"type": "about:blank", "title": code, "status": status, "detail": detail, **extra}
    return Response(body, status=status, content_type="application/problem+json")


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer every refusal in the same form; anything unforeseen is left to Django's 500."""
    if isinstance(error, PlayoffError):
        return problem(status=error.status, code=error.code, detail=str(error))
    if isinstance(error, ValidationError):
        return problem(status=400, code="invalid", detail=_first_sentence(error.detail), errors=error.detail)
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, Http404):
        detail, code = "There is nothing at this address.", "not_found"
    else:
        assert isinstance(error, APIException)
        detail, code = str(error.detail), error.default_code
    answer = problem(status=response.status_code, code=code, detail=detail)
    for header in ("WWW-Authenticate", "Retry-After", "Allow"):
        if header in response.headers:
            answer.headers[header] = response.headers[header]
    return answer


def _first_sentence(detail: Any, field: str = "") -> str:
    if isinstance(detail, dict):
        name, inner = next(iter(detail.items()))
        return _first_sentence(inner, "" if name == "non_field_errors" else str(name))
    if isinstance(detail, list):
        return _first_sentence(detail[0], field)
    return f"`{field}`: {detail}" if field else str(detail)
