"""Gold versions for the lead: the list, the form, one version, the difference of two."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from annotation.models import Campaign, GoldVersion
from annotation.selectors.gold import difference_between, next_name, state_of, versions_of
from annotation.services.exports import ready_version
from annotation.services.gold import METHODS, make_gold
from playoff.accounts.models import User
from playoff.accounts.roles import role_required
from playoff.common.errors import PlayoffError

MOST_CHANGES = 200


@role_required("lead")
@require_http_methods(["GET", "POST"])
def gold(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = _campaign(slug)
    given = request.POST if request.method == "POST" else None
    error = ""
    if given is not None:
        try:
            version = make_gold(
                campaign=campaign,
                name=given.get("name", "").strip(),
                by=cast(User, request.user),
                method=given.get("method", ""),
                minimum=_share(given.get("minimum", "")),
            )
        except PlayoffError as refusal:
            error, status = str(refusal), refusal.status
        else:
            if state_of(version) == "ready":
                messages.success(request, _("The version “%(name)s” is made.") % {"name": version.name})
            return redirect("annotation:gold_version", slug, version.name)
    context = _page(campaign) | {
        "versions": [_row(version) for version in versions_of(campaign)],
        "methods": _choices(),
        "given": given or {"name": next_name(campaign), "method": METHODS[0], "minimum": "0"},
        "error": error,
        "formats": _formats(),
    }
    return render(request, "annotation/gold.html", context, status=status if error else 200)


@role_required("lead")
@require_GET
def gold_version(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    campaign = _campaign(slug)
    version = get_object_or_404(versions_of(campaign), name=name)
    others = [other for other in versions_of(campaign).exclude(pk=version.pk) if state_of(other) == "ready"]
    pairs = [sorted((version, other), key=lambda each: each.pk) for other in others]
    context = _page(campaign) | {"row": _row(version), "version": version, "pairs": pairs, "formats": _formats()}
    return render(request, "annotation/gold_version.html", context | _figures(version))


@role_required("lead")
@require_GET
def gold_difference(request: HttpRequest, slug: str) -> HttpResponse:
    """`?old=NAME&new=NAME`."""
    campaign = _campaign(slug)
    old, new = (ready_version(campaign, request.GET.get(name, "")) for name in ("old", "new"))
    found = difference_between(old, new, most=MOST_CHANGES)
    context = _page(campaign) | {
        "old": old, "new": new, "found": found, "kinds": found.counts.as_json()["kinds"],
        "moves": found.counts.as_json()["moves"],
        "titles": _titles(old) | _titles(new), "formats": _formats(),
    }  # fmt: skip
    return render(request, "annotation/gold_difference.html", context)


def _page(campaign: Campaign) -> dict[str, Any]:
    return {"campaign": campaign, "tab": "gold"}


def _row(version: GoldVersion) -> dict[str, Any]:
    alpha = version.summary.get("agreement", {}).get("krippendorff_alpha", {})
    return {
        "version": version,
        "state": state_of(version),
        "method": _methods().get(version.method, version.method),
        "sources": version.summary.get("sources", {}),
        "splits": version.summary.get("splits", {}),
        "left_out": sum(version.summary.get("left_out", {}).values()),
        "alpha": alpha.get("value"),
    }


def _figures(version: GoldVersion) -> dict[str, Any]:
    """What the page of one version shows, in the reader's words."""
    summary, titles = version.summary, _titles(version)
    reasons = {
        "undecidable": _("a lead found that they cannot be decided"),
        "unlabelled": _("they have no label that counts"),
        "tie": _("two categories or more are equally probable"),
        "improbable": _("their category is less probable than the least probability"),
    }
    categories = sorted(summary.get("categories", {}).items(), key=lambda pair: (-pair[1], pair[0]))
    return {
        "categories": [{"title": titles.get(slug, slug), "rows": rows} for slug, rows in categories],
        "left_out": [
            {"why": reasons.get(why, why), "number": number, "queries": summary["left_out_queries"].get(why, [])}
            for why, number in summary.get("left_out", {}).items()
        ],
        "agreement": [
            {"name": name, **summary["agreement"][key]}
            for key, name in _measures().items()
            if key in summary.get("agreement", {})
        ],
    }


def _measures() -> dict[str, str]:
    return {
        "observed": _("Observed agreement"),
        "fleiss_kappa": _("Fleiss’ kappa"),
        "krippendorff_alpha": _("Krippendorff’s alpha"),
        "gwet_ac1": _("Gwet’s AC1"),
    }


def _methods() -> dict[str, str]:
    return {"majority": _("Majority"), "dawid-skene": "Dawid–Skene", "mace": "MACE"}


def _choices() -> list[dict[str, str]]:
    hints = {
        "majority": _("Every label weighs the same. The least to explain; ties are left out."),
        "dawid-skene": _(
            "Learns which categories each annotator confuses, and weighs labels by that. "
            "Best with many labels per person."
        ),
        "mace": _("Learns who guesses at times, and trusts them less. Robust with few labels per person."),
    }
    return [{"slug": slug, "title": title, "hint": hints[slug]} for slug, title in _methods().items()]


def _formats() -> tuple[tuple[str, str], ...]:
    return (("csv", "CSV"), ("jsonl", _("JSON lines")), ("parquet", "Parquet"))


def _titles(version: GoldVersion) -> dict[str, str]:
    language = get_language() or "en"
    return {category.slug: category.title(language) for category in version.taxonomy.taxonomy.categories}


def _share(text: str) -> float:
    """The number of a form, in either notation; anything else is left for the service to refuse."""
    try:
        return float(text.replace(",", ".") or 0)
    except ValueError:
        return float("nan")


def _campaign(slug: str) -> Campaign:
    return get_object_or_404(Campaign.objects.select_related("taxonomy"), slug=slug)
