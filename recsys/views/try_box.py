"""The try-it box: the form and whom it offers to listen as, as several pages show it."""

from typing import Any

from django.http import HttpRequest

from recsys.forms import TryoutForm
from recsys.models import SystemVersion
from recsys.selectors.tryouts import find_listeners

OFFERED = 40
MOST_WORDS = 200


def box(
    request: HttpRequest,
    versions: list[SystemVersion],
    *,
    form: TryoutForm | None = None,
    initial: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The context of `recsys/_try_form.html`; `?version=` and `?query=` are filled in."""
    if form is None:
        asked = {name: request.GET[name][:500] for name in ("version", "query") if name in request.GET}
        form = TryoutForm(versions=versions, initial={**asked, **(initial or {})})
    return {"form": form, **listeners(form.picked, _words(request), form.whose)}


def listeners(version: SystemVersion | None, words: str, chosen: str) -> dict[str, Any]:
    """The context of `recsys/_listeners.html`."""
    found = find_listeners(version, words, OFFERED + 1, chosen=chosen) if version else []
    return {"listeners": found[:OFFERED], "more": len(found) > OFFERED, "words": words, "chosen": chosen}


def _words(request: HttpRequest) -> str:
    return (request.POST.get("words") or request.GET.get("words") or "")[:MOST_WORDS]
