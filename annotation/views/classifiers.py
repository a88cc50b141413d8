"""Pages about query-type classifiers, for researchers and leads: all runs, one of them, several side by side."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from annotation import classifier_page as page
from annotation.classifier_forms import ClassifierForm
from annotation.models import ClassifierRun
from annotation.selectors.classifier_comparison import compared
from annotation.selectors.classifiers import (
    ACTIVE,
    Live,
    all_runs,
    live,
    lives,
    newest_promotion,
    promotion_before,
    promotions,
)
from annotation.services import classifier_runs as services
from annotation.services.classifier_promotion import promote, roll_back
from annotation.views.campaigns import person_of
from playoff.accounts.roles import role_required
from playoff.common.errors import InvalidInputError, PlayoffError

PRESETS = ("tfidf", "rumodernbert", "ruroberta", "rubert", "sbert", "minilm")
SHOWN = 50
MOST_COMPARED = 6
MOST_CARD = 100_000
PICTURE_POLICY = "default-src 'none'; sandbox"
"""A picture is looked at: it loads nothing, and no script in it would run."""

for_researchers = role_required("lead", "researcher")


@for_researchers
@require_http_methods(["GET", "POST"])
def classifiers(request: HttpRequest) -> HttpResponse:
    form = ClassifierForm(request.POST or None, initial={"gold": request.GET.get("gold")})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                run = services.queue_run(
                    gold=given["gold"], spec=given["spec"], by=person_of(request), name=given["name"]
                )
            except PlayoffError as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                return redirect("annotation:classifier", run.pk)
    runs = list(all_runs()[:SHOWN])
    context = _in_use() | {
        "rows": [_row(run, how) for run, how in zip(runs, lives(runs), strict=True)],
        "form": form,
        "can_train": form.fields["gold"].queryset.exists(),  # type: ignore[attr-defined]  # a choice among models
        "finished": sum(run.state == ClassifierRun.State.FINISHED for run in runs),
        "presets": PRESETS,
    }
    return render(request, "annotation/classifiers.html", context, status=status)


@for_researchers
@require_GET
def classifier(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(pk)
    context = _in_use() | _row(run) | {
        "figures": page.figure_rows(run),
        "categories": page.category_rows(run),
        "languages": page.language_rows(run),
        "parameters": page.parameters_of(run),
        "pictures": [name for name in page.PICTURES if _picture(run, name)],
        "outlook": page.curve_words(run),
        "card": _card(run),
        "history": promotions()[:SHOWN],
    }  # fmt: skip
    return render(request, "annotation/classifier.html", context)


@for_researchers
@require_GET
def classifier_state(request: HttpRequest, pk: int) -> HttpResponse:
    """The part that follows a run. Once it is over the whole page is another, and is asked for."""
    run = _run(pk)
    response = render(request, "annotation/_classifier_state.html", _row(run))
    if run.state not in ACTIVE:
        response["HX-Refresh"] = "true"
    return response


@for_researchers
@require_GET
def classifier_picture(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    path = _picture(_run(pk), name) if name in page.PICTURES else None
    if path is None:
        raise Http404
    response = HttpResponse(path.read_bytes(), content_type="image/svg+xml")
    response["Content-Security-Policy"] = PICTURE_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    return response


@for_researchers
@require_GET
def classifier_compare(request: HttpRequest) -> HttpResponse:
    """`?run=1&run=2`: the first is what the others are compared with."""
    runs = _chosen(request.GET.getlist("run"))
    rows = [_row(run) for run in runs]
    figures = [page.figure_rows(run) for run in runs]
    pairs = [compared(runs[0], other) for other in runs[1:]]
    context = {
        "rows": rows,
        "figures": list(zip(*figures, strict=True)),
        "parameters": page.differing_parameters(runs),
        "pairs": [
            {"found": pair, "differences": page.difference_words(pair), "why": page.why_words(pair)} for pair in pairs
        ],
    }
    return render(request, "annotation/classifier_compare.html", context)


@for_researchers
@require_POST
def classifier_stop(request: HttpRequest, pk: int) -> HttpResponse:
    services.stop_run(run=_run(pk))
    return redirect("annotation:classifier", pk)


@for_researchers
@require_POST
def classifier_resume(request: HttpRequest, pk: int) -> HttpResponse:
    services.resume_run(run=_run(pk))
    return redirect("annotation:classifier", pk)


@for_researchers
@require_POST
def classifier_delete(request: HttpRequest, pk: int) -> HttpResponse:
    services.delete_run(run=_run(pk))
    messages.success(request, _("The run is deleted."))
    return redirect("annotation:classifiers")


@for_researchers
@require_POST
def classifier_promote(request: HttpRequest, pk: int) -> HttpResponse:
    promotion = promote(run=_run(pk), by=person_of(request))
    messages.success(request, _("“%(name)s” is in use from now on.") % {"name": promotion.run.name})
    return redirect("annotation:classifier", pk)


@for_researchers
@require_POST
def classifier_roll_back(request: HttpRequest) -> HttpResponse:
    expected = request.POST.get("expected", "")
    promotion = roll_back(expected=int(expected) if expected.isdecimal() else 0, by=person_of(request))
    messages.success(request, _("“%(name)s” is in use again.") % {"name": promotion.run.name})
    return redirect("annotation:classifier", promotion.run_id)


def _run(pk: int) -> ClassifierRun:
    return get_object_or_404(all_runs(), pk=pk)


def _row(run: ClassifierRun, how: Live | None = None) -> dict[str, Any]:
    """A run as every page shows it, and how far it is."""
    return {
        "run": run,
        "live": how or live(run),
        "badge": page.BADGES.get(run.state, ""),
        "source": page.source_words(run),
        "alpha": page.alpha_words(run),
        "queries": sum(run.split.values()),
    }


def _in_use() -> dict[str, Any]:
    newest = newest_promotion()
    return {"in_use": newest, "before": None if newest is None else promotion_before(newest)}


def _chosen(numbers: list[str]) -> list[ClassifierRun]:
    wanted = list(dict.fromkeys(int(number) for number in numbers if number.isdecimal()))
    finished: QuerySet[ClassifierRun] = all_runs().filter(state=ClassifierRun.State.FINISHED)
    found = {run.pk: run for run in finished.filter(pk__in=wanted[: MOST_COMPARED + 1])}
    runs = [found[number] for number in wanted if number in found]
    if not 2 <= len(runs) <= MOST_COMPARED or len(wanted) > MOST_COMPARED:
        raise InvalidInputError(
            _("Choose 2 to %(most)s finished runs to compare, got %(count)s.")
            % {"most": MOST_COMPARED, "count": len(runs) if len(wanted) <= MOST_COMPARED else len(wanted)}
        )
    return runs


def _picture(run: ClassifierRun, name: str) -> Any:
    """The picture's path, None where the run has none."""
    path = run.directory / f"{name}.svg"
    return path if run.state == ClassifierRun.State.FINISHED and path.is_file() and not path.is_symlink() else None


def _card(run: ClassifierRun) -> str:
    path = run.directory / "CARD.md"
    if run.state != ClassifierRun.State.FINISHED or not path.is_file():
        return ""
    return path.read_text(encoding="utf-8", errors="replace")[:MOST_CARD]
