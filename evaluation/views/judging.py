"""The participant's pages: consent, query, waiting, judging, the next query."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evaluation.blind import BlindTrial, blind
from evaluation.errors import QueryRefusedError, QueryRepeatedError, StudyNotOpenError, TrialInFlightError
from evaluation.forms import EntryForm, JudgmentForm, QueryForm, ReasonForm
from evaluation.models import Judgment, Participant, Study, Trial
from evaluation.requests import (
    ParticipantRequest,
    forget,
    participant_in,
    participant_required,
    participants_of,
    remember,
)
from evaluation.selectors.listeners import listener_choices
from evaluation.selectors.studies import open_listed_studies, study_face
from evaluation.services.judgments import add_reason, record_judgment
from evaluation.services.participants import enrol, enrol_guest
from evaluation.services.trials import submit_query

EXAMPLES = {
    "en": [
        "for a night drive through the city",
        "calm piano for reading",
        "summer hits I will like",
        "songs like The Beatles",
    ],
    "ru": [
        "для ночной поездки по городу",
        "спокойное фортепиано для чтения",
        "летние хиты, которые мне понравятся",
        "песни ко Дню Победы",
    ],
}


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html", {"open_studies": open_listed_studies()})


@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, slug: str) -> HttpResponse:
    study = get_object_or_404(Study.objects.exclude(status=Study.Status.DRAFT), slug=slug)
    participant = participant_in(request, study)
    form = EntryForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            remember(request, _enrolled(study, form))
            return redirect("evaluation:ask", slug=slug)
        status = 422
    context = {
        "study": study_face(study),
        "form": form,
        "participant": participant,
        "listener_choices": listener_choices(study),
        "closed": study.status == Study.Status.CLOSED,
    }
    return render(request, "evaluation/entry.html", context, status=status)


def _enrolled(study: Study, form: EntryForm) -> Participant:
    consent, language = form.cleaned_data["consent"], _interface_language()
    if borrowed := form.cleaned_data["listener_choice"]:
        return enrol_guest(study=study, listener=borrowed, language=language, consent=consent)
    return enrol(study=study, platform_id=form.cleaned_data["platform_id"], language=language, consent=consent)


@require_POST
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    forget(request, get_object_or_404(Study, slug=slug))
    return redirect("evaluation:entry", slug=slug)


@participant_required
@require_http_methods(["GET", "POST"])
def ask(request: ParticipantRequest, study: Study) -> HttpResponse:
    in_flight = request.participant.trials.in_flight().first()
    if in_flight is not None:
        return redirect("evaluation:trial", trial_id=in_flight.public_id)
    if request.method == "GET":
        return _ask_page(request, study, QueryForm(initial={"query": request.GET.get("query", "")[:500]}))
    form = QueryForm(request.POST)
    if not form.is_valid():
        return _ask_page(request, study, form, status=422)
    try:
        trial, _new = submit_query(
            participant=request.participant,
            query=form.cleaned_data["query"],
            idempotency_key=form.cleaned_data["idempotency_key"],
        )
    except TrialInFlightError as error:  # the other tab was faster: go where it went
        return redirect("evaluation:trial", trial_id=error.trial_id)
    except (QueryRefusedError, QueryRepeatedError, StudyNotOpenError) as error:
        form.add_error("query", str(error))
        return _ask_page(request, study, form, status=error.status)
    return redirect("evaluation:trial", trial_id=trial.public_id)


def _ask_page(request: ParticipantRequest, study: Study, form: QueryForm, *, status: int = 200) -> HttpResponse:
    judgments = Judgment.objects.filter(trial__participant=request.participant)
    last = judgments.select_related("trial").order_by("-pk").first() if "saved" in request.GET else None
    context = {
        "study": study_face(study),
        "form": form,
        "judged": judgments.count(),
        "last": {"choice": last.choice, "trial_id": last.trial.public_id, "reason": last.reason} if last else None,
        "examples": EXAMPLES[_interface_language()],
        "closed": study.status == Study.Status.CLOSED,
    }
    return render(request, "evaluation/ask.html", context, status=status)


@require_GET
def trial(request: HttpRequest, trial_id: UUID) -> HttpResponse:
    return _trial_page(request, _own_trial(request, trial_id), "evaluation/trial.html")


@require_GET
def trial_state(request: HttpRequest, trial_id: UUID) -> HttpResponse:
    return _trial_page(request, _own_trial(request, trial_id), "evaluation/_trial.html")


@require_POST
def judge(request: HttpRequest, trial_id: UUID) -> HttpResponse:
    trial = _own_trial(request, trial_id)
    form = JudgmentForm(request.POST)
    if not form.is_valid():
        return _trial_page(request, trial, "evaluation/trial.html", form=form, status=422)
    record_judgment(trial=trial, choice=form.cleaned_data["choice"])
    response = redirect("evaluation:ask", slug=trial.study.slug)
    response["Location"] += "?saved"
    return response


@require_POST
def reason(request: HttpRequest, trial_id: UUID) -> HttpResponse:
    trial = _own_trial(request, trial_id)
    form = ReasonForm(request.POST)
    if form.is_valid() and form.cleaned_data["reason"]:
        add_reason(trial=trial, reason=form.cleaned_data["reason"])
        messages.success(request, _("Thank you, your reason is saved."))
    return redirect("evaluation:ask", slug=trial.study.slug)


def _own_trial(request: HttpRequest, trial_id: UUID) -> Trial:
    mine = participants_of(request)
    trial = (
        Trial.objects.select_related("study", "participant")
        .filter(public_id=trial_id, participant__public_id__in=mine)
        .first()
    )
    if trial is None:
        raise Http404
    return trial


def _trial_page(
    request: HttpRequest, trial: Trial, template: str, *, form: JudgmentForm | None = None, status: int = 200
) -> HttpResponse:
    seen: BlindTrial = blind(trial)
    query_form = QueryForm(initial={"query": trial.query})
    context = {"trial": seen, "study": study_face(trial.study), "form": form, "query_form": query_form}
    return render(request, template, context, status=status)


def _interface_language() -> str:
    return "ru" if (get_language() or "").startswith("ru") else "en"
