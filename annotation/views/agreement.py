"""Agreement for the lead: the figures, the confusion matrix, the queries behind one of its cells, downloads."""

import json
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from annotation import agreement_page as page
from annotation.agreement_tables import TABLES, table
from annotation.agreement_words import worded
from annotation.models import Campaign
from annotation.selectors.agreement import cases_of, categories_of, confusion_between, items_behind_cell, names_of
from annotation.services.agreement import recompute, report_file, standing
from playoff.accounts.roles import role_required
from playoff.common.errors import InvalidInputError

PAGE = 25


@role_required("lead")
@require_GET
def agreement(request: HttpRequest, slug: str) -> HttpResponse:
    """`?between=A&between=B` shows the matrix from one annotator to another."""
    campaign = _campaign(slug)
    found = standing(campaign)
    context = {"campaign": campaign, "tab": "agreement", "found": found}
    if found.kept is not None and found.kept["report"]["votes"]:
        titles, names = _titles(campaign), names_of(campaign)
        halves = _halves(campaign)
        report = worded(found.kept["report"], halves | titles | names)
        context |= _figures(report, titles, halves, names) | {"outdated": found.kept["outdated"]}
        context |= _matrix(campaign, found.kept, _between(request), titles, names)
    return render(request, "annotation/agreement.html", context)


@role_required("lead")
@require_GET
def agreement_state(request: HttpRequest, slug: str) -> HttpResponse:
    """The line that says how far a computation is; asked for again and again while it runs."""
    campaign = _campaign(slug)
    found = standing(campaign)
    response = render(request, "annotation/_agreement_state.html", {"campaign": campaign, "found": found})
    if not found.busy and found.job != "failed":
        response["HX-Refresh"] = "true"
    return response


@role_required("lead")
@require_POST
def agreement_recompute(request: HttpRequest, slug: str) -> HttpResponse:
    found = recompute(_campaign(slug))
    if found.current:
        messages.success(request, _("The figures are up to date."))
    return redirect("annotation:agreement", slug)


@role_required("lead")
@require_GET
def agreement_download(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """`report.json`, or one of the tables as CSV."""
    campaign = _campaign(slug)
    stem, _dot, suffix = name.partition(".")
    if name != "report.json" and not (suffix == "csv" and stem in TABLES):
        raise Http404
    kept = standing(campaign).kept
    if kept is None:
        raise InvalidInputError(_("The agreement of this campaign has not been computed yet; compute it first."))
    if name == "report.json":
        text, kind = json.dumps(report_file(kept), ensure_ascii=False, indent=1) + "\n", "application/json"
    else:
        text, kind = table(stem, kept), "text/csv; charset=utf-8"
    response = HttpResponse(text, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{campaign.slug}-agreement-{name}"'
    return response


@role_required("lead")
@require_GET
def confusion_cell(request: HttpRequest, slug: str, row: str, column: str) -> HttpResponse:
    """The queries behind a cell; `?between=A&between=B` for a cell of the matrix from one annotator to another."""
    campaign = _campaign(slug)
    titles, names, between = _titles(campaign), names_of(campaign), _between(request)
    if row not in titles or column not in titles:
        raise Http404
    behind = Paginator(items_behind_cell(campaign, row, column, between=between), PAGE)
    items = behind.get_page(request.GET.get("page"))
    context = {
        "campaign": campaign,
        "tab": "agreement",
        "page": items,
        "cases": cases_of(list(items), titles, names),
        "row": row,
        "column": column,
        "row_title": titles[row],
        "column_title": titles[column],
        "between": _people(between, names),
        "query": _query(between),
    }
    return render(request, "annotation/confusion_cell.html", context)


def _figures(
    report: dict[str, Any], titles: dict[str, str], halves: dict[str, str], names: dict[str, str]
) -> dict[str, Any]:
    pairs, people = page.pair_rows(report, names), page.person_rows(report, names, titles)
    sections = [_section(_("All categories"), report, titles)]
    if report["binary"] is not None:
        sections.append(_section(_("Personalised or not"), report["binary"], halves))
    return {
        "report": report,
        "sections": sections,
        "pairs": pairs[: page.SHOWN_PAIRS],
        "more_pairs": pairs[page.SHOWN_PAIRS :],
        "people": people[: page.MOST_PEOPLE],
        "people_left_out": len(people[page.MOST_PEOPLE :]),
        "everybody": sorted((row.who for row in people), key=str),
        "methods": [(_measures()[kind], methods) for kind, methods in page.methods_of(report).items() if methods],
        "downloads": ["report.json", *(f"{name}.csv" for name in TABLES)],
    }


def _section(title: str, section: dict[str, Any], titles: dict[str, str]) -> dict[str, Any]:
    measures = _measures()
    return {
        "title": title,
        "figures": [(measures[name], section[name]) for name in page.MEASURES],
        "categories": page.category_rows(section, titles),
    }


def _matrix(
    campaign: Campaign,
    kept: dict[str, Any],
    between: tuple[str, str] | None,
    titles: dict[str, str],
    names: dict[str, str],
) -> dict[str, Any]:
    everybody = kept["counted"]["confusion"]
    confusion = everybody if between is None else confusion_between(campaign, between, everybody["categories"])
    rows = [] if confusion is None else page.matrix_rows(confusion, titles)
    return {
        "matrix": rows,
        "confused": page.most_confused(rows, directed=between is not None),
        "between": _people(between, names),
        "query": _query(between),
        "counted": kept["counted"]["votes"],
    }


def _between(request: HttpRequest) -> tuple[str, str] | None:
    """The two annotators of an address; none, or a form left as it was, is everybody."""
    given = [name for name in request.GET.getlist("between") if name]
    if len(given) == 1:
        given = given[0].split(",")
    if not given:
        return None
    if len(given) != 2 or given[0] == given[1]:
        raise InvalidInputError(_("`between` must name two different annotators, by their pseudonyms."))
    return given[0], given[1]


def _query(between: tuple[str, str] | None) -> str:
    return "" if between is None else urlencode([("between", name) for name in between])


def _people(between: tuple[str, str] | None, names: dict[str, str]) -> list[page.Named]:
    return [page.Named(name, names.get(name, "")) for name in between or ()]


def _titles(campaign: Campaign) -> dict[str, str]:
    language = get_language() or "en"
    return {slug: category.title(language) for slug, category in categories_of(campaign).items()}


def _halves(campaign: Campaign) -> dict[str, str]:
    language = get_language() or "en"
    taxonomy = campaign.taxonomy.taxonomy
    if not taxonomy.is_split:
        return {}
    halves = {"personalised": True, "not-personalised": False}
    return {slug: taxonomy.half_title(half, language) or slug for slug, half in halves.items()}


def _measures() -> dict[str, str]:
    return {
        "observed": _("Observed agreement"),
        "fleiss_kappa": _("Fleiss’ kappa"),
        "krippendorff_alpha": _("Krippendorff’s alpha"),
        "gwet_ac1": _("Gwet’s AC1"),
        "alpha": _("Alpha of a category"),
        "positive_agreement": _("Positive agreement"),
        "prevalence": _("Prevalence"),
        "cohen_kappa": _("Cohen’s kappa"),
        "agreement": _("Agreement with the rest"),
        "kappa": _("Kappa against the rest"),
        "bias": _("Leaning"),
        "drift": _("Change over time"),
    }


def _campaign(slug: str) -> Campaign:
    return get_object_or_404(Campaign.objects.select_related("taxonomy"), slug=slug)
