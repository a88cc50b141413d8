"""The lead's pages about taxonomies, and about the one that a campaign labels by."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from annotation.forms import TaxonomyForm
from annotation.models import TaxonomyVersion
from annotation.selectors.taxonomies import (
    category_views,
    changes_since,
    outdated_labels,
    outdated_rows,
    taxonomy_rows,
    version_before,
)
from annotation.services.taxonomies import add_taxonomy, shipped_taxonomy
from annotation.services.taxonomy_moves import move_to_taxonomy, send_round_again
from annotation.views.campaigns import campaign_of, person_of
from playoff.accounts.roles import role_required
from playoff.common.errors import PlayoffError


@role_required("lead")
@require_http_methods(["GET", "POST"])
def taxonomies(request: HttpRequest) -> HttpResponse:
    shipped_taxonomy()
    form = TaxonomyForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            version = add_taxonomy(document=form.cleaned_data["file"].to_document(), by=person_of(request))
        except PlayoffError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("%(taxonomy)s is in.") % {"taxonomy": version})
            return redirect("annotation:taxonomy", slug=version.slug, number=version.number)
    context = {"rows": taxonomy_rows(get_language() or "en"), "form": form}
    return render(request, "annotation/taxonomies.html", context, status=422 if form.errors else 200)


@role_required("lead")
@require_GET
def taxonomy(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    version = get_object_or_404(TaxonomyVersion, slug=slug, number=number)
    language = get_language() or "en"
    before = version_before(version)
    context = {
        "version": version,
        "versions": TaxonomyVersion.objects.filter(slug=slug).defer("document").order_by("-number"),
        "title": version.taxonomy.title(language),
        "categories": category_views(version.taxonomy, language),
        "before": before,
        "changes": changes_since(before, version),
    }
    return render(request, "annotation/taxonomy.html", context)


@role_required("lead")
@require_GET
def taxonomy_download(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    version = get_object_or_404(TaxonomyVersion, slug=slug, number=number)
    text = json.dumps(version.taxonomy.to_document(), ensure_ascii=False, indent=2) + "\n"
    headers = {"Content-Disposition": f'attachment; filename="{version.slug}-{version.number}.json"'}
    return HttpResponse(text, content_type="application/json; charset=utf-8", headers=headers)


@role_required("lead")
@require_GET
def campaign_taxonomy(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = campaign_of(slug)
    language = get_language() or "en"
    newer = list(
        TaxonomyVersion.objects.filter(slug=campaign.taxonomy.slug, number__gt=campaign.taxonomy.number).order_by(
            "-number"
        )
    )
    shown = request.GET.get("category", "")
    context = {
        "campaign": campaign,
        "tab": "settings",
        "newer": [(version, changes_since(campaign.taxonomy, version)) for version in newer],
        "outdated": outdated_rows(campaign, language),
        "shown": shown,
        "labels": outdated_labels(campaign, shown) if shown else [],
    }
    return render(request, "annotation/campaign_taxonomy.html", context)


@role_required("lead")
@require_POST
def campaign_taxonomy_move(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    campaign = campaign_of(slug)
    version = get_object_or_404(TaxonomyVersion, slug=campaign.taxonomy.slug, number=number)
    move = move_to_taxonomy(campaign=campaign, version=version)
    messages.success(request, _("People label by %(taxonomy)s from now on.") % {"taxonomy": version})
    if move.removed:
        text = ngettext(
            "%(count)s question is out, because its answer is no category any more.",
            "%(count)s questions are out, because their answers are no categories any more.",
            move.removed,
        )
        messages.warning(request, text % {"count": move.removed})
    return redirect("annotation:campaign_taxonomy", slug=slug)


@role_required("lead")
@require_POST
def campaign_taxonomy_again(request: HttpRequest, slug: str) -> HttpResponse:
    count = send_round_again(
        campaign=campaign_of(slug), categories=request.POST.getlist("categories"), by=person_of(request)
    )
    text = ngettext("%(count)s label goes round again.", "%(count)s labels go round again.", count)
    messages.success(request, text % {"count": count})
    return redirect("annotation:campaign_taxonomy", slug=slug)
