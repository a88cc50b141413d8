"""Trying systems: ask, look, look again while a worker is at it."""

import hashlib
from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from playoff.accounts.models import User
from playoff.accounts.roles import role_required
from playoff.common.errors import PlayoffError
from recsys.forms import TryoutForm
from recsys.models import Tryout
from recsys.selectors.systems import all_versions
from recsys.selectors.tryouts import seen, tryouts_of
from recsys.services.tryouts import ask
from recsys.views import try_box

SHOWN = 20


@role_required("researcher")
@require_http_methods(["GET", "POST"])
def tryouts(request: HttpRequest) -> HttpResponse:
    versions = all_versions()
    form, status = None, 200
    if request.method == "POST":
        form = TryoutForm(request.POST, versions=versions)
        if "look" not in request.POST:  # a look at listeners, where no script runs, only shows the page again
            status = 422
            if form.is_valid():
                try:
                    rows = _ask(_person(request), form)
                except PlayoffError as refusal:
                    form.add_error(None, str(refusal))
                    status = refusal.status
                else:
                    return redirect("recsys:tryout" if len(rows) == 1 else "recsys:tryout_pair", *rows)
    context = try_box.box(request, versions, form=form) | {
        "latest": [seen(row) for row in tryouts_of(_person(request))[:SHOWN]],
        "looking": form is not None and status == 200,
    }
    return render(request, "recsys/tryouts.html", context, status=status)


@role_required("researcher")
@require_GET
def tryout(request: HttpRequest, public_id: UUID, beside: UUID | None = None) -> HttpResponse:
    rows = [_own(request, one) for one in (public_id, beside) if one is not None]
    first = rows[0]
    initial = {
        "query": first.query,
        "listener": first.listener,
        "k": first.k,
        "version": first.version_id,
        "beside": rows[1].version_id if len(rows) > 1 else None,
    }
    sides = [seen(row) for row in rows]
    context = try_box.box(request, all_versions(), initial=initial)
    context |= {
        "sides": sides,
        "first": first,
        "pending": any(side.pending for side in sides),
        "whose": next((one for one in context["listeners"] if one.id == first.listener), None),
    }
    return render(request, "recsys/tryout.html", context)


@role_required("researcher")
@require_GET
def tryout_state(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The part that follows a try-out; while nothing has changed since `?seen=`, nothing is sent."""
    side = seen(_own(request, public_id))
    if side.pending and side.state == request.GET.get("seen"):
        return HttpResponse(status=204)
    return render(request, "recsys/_tryout.html", {"side": side})


@role_required("researcher")
@require_GET
def listeners(request: HttpRequest) -> HttpResponse:
    """The part of the form that offers listeners, for `?version=` and `?words=`."""
    form = TryoutForm(request.GET, versions=all_versions())
    words = request.GET.get("words", "")[: try_box.MOST_WORDS]
    return render(request, "recsys/_listeners.html", try_box.listeners(form.picked, words, form.whose))


def _ask(person: User, form: TryoutForm) -> list[UUID]:
    """The page's key holds for what was asked: gone back to and changed, the form asks anew."""
    given = form.cleaned_data
    versions = form.asked_versions()
    content = repr([given["query"], given["listener"], given["k"], [version.pk for version in versions]])
    rows, _new = ask(
        by=person,
        versions=versions,
        query=given["query"],
        listener=given["listener"],
        k=given["k"],
        key=f"{given['key']}:{hashlib.sha256(content.encode()).hexdigest()[:32]}",
    )
    return [row.public_id for row in rows]


def _own(request: HttpRequest, public_id: UUID) -> Tryout:
    row = tryouts_of(_person(request)).filter(public_id=public_id).first()
    if row is None:
        raise Http404
    return row


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)  # `role_required` has let them through
