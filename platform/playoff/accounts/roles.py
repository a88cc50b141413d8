"""Who may open a page: `@role_required("researcher")`; strangers go to the sign-in page, others get 403.

Of several roles, `@role_required("lead", "researcher")`, any one will do.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

View = Callable[..., HttpResponse]


def role_required(*roles: str) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not any(request.user.has_role(role) for role in roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


class HasRole(BasePermission):
    """The HTTP interface's side of `role_required`."""

    roles: ClassVar[tuple[str, ...]] = ()

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.user.is_authenticated and any(request.user.has_role(role) for role in self.roles)


class IsAnnotator(HasRole):
    roles = ("annotator",)


class IsLead(HasRole):
    roles = ("lead",)


class IsResearcher(HasRole):
    roles = ("researcher",)


class IsLeadOrResearcher(HasRole):
    roles = ("lead", "researcher")
