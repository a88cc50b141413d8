"""The lead's pages about a campaign's queries: what is in it, a new file, the report on it, and how far it is."""

import uuid
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from annotation.intake_forms import IntakeForm
from annotation.models import Campaign, Intake
from annotation.selectors import intake as reads
from annotation.selectors.intake_report import report_words
from annotation.services import intake as services
from annotation.services.intake_reading import Bounds, begin_intake, read_intake
from annotation.uploads import MOST_BYTES, NamelessUploadHandler
from annotation.views.campaigns import campaign_of, person_of
from playoff.accounts.roles import role_required
from playoff.common.errors import InvalidInputError

PAGE_BOUNDS = Bounds(rows=200_000, seconds=40)
SHOWN = 20


@csrf_exempt  # checked in `_intake`: the file must not reach the disk under a name before we say where it goes
@role_required("lead")
@require_http_methods(["GET", "POST"])
def intake(request: HttpRequest, slug: str) -> HttpResponse:
    request.upload_handlers = [NamelessUploadHandler(request)]
    return _intake(request, slug)


@csrf_protect
def _intake(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = campaign_of(slug)
    if request.method == "GET":
        return _page(request, campaign, IntakeForm())
    form = IntakeForm(request.POST, request.FILES)
    if any(cast(NamelessUploadHandler, handler).too_large for handler in request.upload_handlers):
        form.errors.pop("file", None)
        form.add_error(
            "file",
            _(
                "A page takes files of up to %(most)s MB; let the one who runs the server import this one: "
                "python manage.py import_queries %(slug)s FILE."
            )
            % {"most": MOST_BYTES >> 20, "slug": slug},
        )
    if form.is_valid():
        try:
            found = _read(request, campaign, form)
        except InvalidInputError as error:
            form.add_error("file", str(error))
        else:
            return redirect("annotation:intake_file", slug, found.public_id)
    return _page(request, campaign, form, status=422)


def _read(request: HttpRequest, campaign: Campaign, form: IntakeForm) -> Intake:
    upload = form.cleaned_data["file"]
    begun = begin_intake(
        campaign=campaign,
        by=person_of(request),
        name=upload.name,
        size=upload.size,
        options=form.options(),
        door="page",
    )
    return read_intake(intake=begun, stream=upload.file, bounds=PAGE_BOUNDS)


def _page(request: HttpRequest, campaign: Campaign, form: IntakeForm, *, status: int = 200) -> HttpResponse:
    items = reads.work_count(campaign)
    content = reads.content(campaign) if items <= reads.COUNTED_AT_ONCE or "count" in request.GET else None
    context = {
        "campaign": campaign,
        "tab": "queries",
        "form": form,
        "items": items,
        "content": content,
        "intakes": reads.intakes_of(campaign)[:SHOWN],
        "datasets": [one for one in reads.datasets_here() if content is None or not content.has_all_of(one)],
        "most_mb": MOST_BYTES >> 20,
        "most_rows": PAGE_BOUNDS.rows,
    }
    return render(request, "annotation/intake.html", context, status=status)


@role_required("lead")
@require_GET
def intake_content(request: HttpRequest, slug: str) -> HttpResponse:
    """The counts of a large campaign, which take seconds, for the page that is there already."""
    campaign = campaign_of(slug)
    return render(request, "annotation/_intake_content.html", {"content": reads.content(campaign)})


@role_required("lead")
@require_GET
def intake_file(request: HttpRequest, slug: str, public_id: uuid.UUID) -> HttpResponse:
    campaign = campaign_of(slug)
    found = _of(campaign, public_id)
    result = found.options.get("result", {})
    context = {
        "campaign": campaign,
        "tab": "queries",
        "intake": found,
        "result": result,
        "already": found.written - result.get("items", 0),
        "share": found.written / found.kept if found.kept else 0.0,
        "percent": round(100 * found.written / found.kept, 1) if found.kept else 0,
        "asleep": found.state == Intake.State.WRITING and not reads.worker_is_awake(),
        "report": report_words(campaign, found.report, get_language() or "en"),
    }
    return render(request, "annotation/intake_file.html", context)


@role_required("lead")
@require_POST
def intake_confirm(request: HttpRequest, slug: str, public_id: uuid.UUID) -> HttpResponse:
    services.confirm(intake=_of(campaign_of(slug), public_id))
    return redirect("annotation:intake_file", slug, public_id)


@role_required("lead")
@require_POST
def intake_cancel(request: HttpRequest, slug: str, public_id: uuid.UUID) -> HttpResponse:
    services.cancel(intake=_of(campaign_of(slug), public_id))
    messages.success(request, _("The file is forgotten; nothing was added."))
    return redirect("annotation:intake", slug)


@role_required("lead")
@require_POST
def intake_dataset(request: HttpRequest, slug: str) -> HttpResponse:
    found = services.add_dataset(
        campaign=campaign_of(slug),
        by=person_of(request),
        dataset=request.POST.get("dataset", ""),
        version=request.POST.get("version", ""),
    )
    if found.state != Intake.State.DONE:
        return redirect("annotation:intake_file", slug, found.public_id)
    new = found.options.get("result", {}).get("items", 0)
    text = ngettext("%(count)s query is new.", "%(count)s queries are new.", new) % {"count": new}
    messages.success(request, text if new else _("These queries were all here already."))
    return redirect("annotation:intake", slug)


def _of(campaign: Campaign, public_id: uuid.UUID) -> Intake:
    return get_object_or_404(Intake, campaign=campaign, public_id=public_id)
