"""What every page shares: errors in one sentence, and no shared cache for pages that belong to one person."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from playoff.common.errors import PlayoffError

GetResponse = Callable[[HttpRequest], HttpResponse]


class PlayoffErrorMiddleware:
    """Turn a `PlayoffError` raised by a page into its status and sentence."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, PlayoffError):
            return None
        template = "_problem.html" if request.headers.get("HX-Request") else "409.html"
        return render(request, template, {"sentence": str(error)}, status=error.status)


class PrivatePagesMiddleware:
    """Forbid shared caches unless a view said otherwise."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response
